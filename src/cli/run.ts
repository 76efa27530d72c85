// From the arguments of the process to a subcommand, and from what it threw to an exit code.
import packageJson from '../../package.json' with { type: 'json' };
import { didYouMean } from '../domain/rules/nearest.ts';
import { type CommandEntry, ownCommands, serviceCommands } from './commands.ts';
import { CommandFailed, WrongUsage } from './failures.ts';
import { twoColumns } from './help.ts';
import type { ExitCode, Io } from './io.ts';

const all = [...ownCommands, ...serviceCommands];
const rowsOf = (entries: readonly CommandEntry[]) => entries.map(({ name, about }) => [name, about] as const);

const overview = (): string => {
  const rows = twoColumns(rowsOf(all));
  return [
    'Usage: vendor-signals COMMAND [options]',
    '',
    'Makes alerts out of the signals of vendors, and tells people.',
    '',
    'Commands:',
    ...rows.slice(0, ownCommands.length),
    '',
    'Against a running service (--url or VENDOR_SIGNALS_URL, with API_TOKEN):',
    ...rows.slice(ownCommands.length),
    '',
    'vendor-signals COMMAND --help tells more, with an example. --version prints the version.',
    'Exit codes: 0 done, 1 no or failed, 2 wrong usage.',
  ].join('\n');
};

const runCommand = async (name: string, rest: readonly string[], io: Io): Promise<ExitCode> => {
  const entry = all.find((each) => each.name === name);
  const names = all.map((each) => each.name);
  if (!entry) throw new WrongUsage(`there is no command ${JSON.stringify(name)}${didYouMean(name, names)}`);
  const command = await entry.load();
  return command.run(rest, io);
};

const explainFailure = (error: unknown, name: string | undefined, io: Io): ExitCode => {
  if (error instanceof CommandFailed) {
    io.complain(error.message);
    return 1;
  }
  if (!(error instanceof WrongUsage)) throw error;
  const known = all.some((each) => each.name === name);
  io.complain(`${error.message}\nvendor-signals ${known ? `${name} ` : ''}--help tells how to use it.`);
  return 2;
};

/** Runs a command line. Rejects only with what is a fault of ours. */
export const runCli = async (argv: readonly string[], io: Io): Promise<ExitCode> => {
  const [name, ...rest] = argv;
  const [asked] = rest;
  try {
    if (name === '--version') io.print(packageJson.version);
    else if (name === 'help' && asked !== undefined) return await runCommand(asked, ['--help'], io);
    else if (name === undefined || ['help', '--help', '-h'].includes(name)) io.print(overview());
    else return await runCommand(name, rest, io);
    return 0;
  } catch (error) {
    return explainFailure(error, name, io);
  } finally {
    io.showProgress('');
  }
};
