// A subcommand that can be run: its arguments are read by Node's own parser, and what is wrong with them is told by us.
import { parseArgs } from 'node:util';
import { didYouMean } from '../domain/rules/nearest.ts';
import type { CommandSpec, OptionSpec, OptionSpecs, Values } from './command-spec.ts';
import { WrongUsage } from './failures.ts';
import { renderHelp } from './help.ts';
import type { ExitCode, Io } from './io.ts';

export interface Command {
  readonly help: string;
  readonly examples: readonly string[];
  /** Rejects with `CommandFailed` or `WrongUsage`. */
  run(argv: readonly string[], io: Io): Promise<ExitCode>;
}

const helpOption = { type: 'boolean', short: 'h', about: 'Show this text.' } as const;

interface Given {
  readonly name: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

const optionNames = (options: OptionSpecs): readonly string[] => Object.keys(options).map((name) => `--${name}`);

/** What is wrong with one option, or null. */
const problemOf = ({ name, value, inlineValue }: Given, options: OptionSpecs): string | null => {
  const option: OptionSpec | undefined = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!option) return `there is no option --${name}${didYouMean(`--${name}`, optionNames(options))}`;
  if (option.type === 'boolean') return value === undefined ? null : `--${name} takes no value`;
  const isMissing = !value || (value.startsWith('--') && inlineValue !== true);
  if (isMissing) return `--${name} needs a value: --${name} ${option.value ?? 'VALUE'}`;
  const [issue] = option.schema?.safeParse(value).error?.issues ?? [];
  return issue ? `--${name}: ${issue.message}` : null;
};

type Positional = Pick<CommandSpec<OptionSpecs>, 'args' | 'count'>;

const countProblem = (args: readonly string[], { args: names, count: [least, most] }: Positional): string | null => {
  if (args.length < least) return `${names} is missing`;
  return args.length > most ? `"${args[most]}" is one argument too many` : null;
};

/** Whether the values are of the types that the options declare. */
const areValues = <O extends OptionSpecs>(values: object, options: O): values is Values<O> =>
  Object.entries(values).every(([name, value]) => {
    const option = options[name];
    return option?.multiple ? Array.isArray(value) : typeof value === option?.type;
  });

const helpName = 'help';

export const defineCommand = <O extends OptionSpecs>(spec: CommandSpec<O>): Command => {
  const options: OptionSpecs = { ...spec.options, [helpName]: helpOption };
  const help = renderHelp(spec, options);
  return {
    help,
    examples: spec.examples,
    async run(argv, io) {
      const { values, positionals, tokens } = parseArgs({
        args: [...argv],
        options,
        allowPositionals: true,
        strict: false,
        tokens: true,
      });
      if (values[helpName] === true) {
        io.print(help);
        return 0;
      }
      const given = tokens.filter((token) => token.kind === 'option');
      const problems = [...given.map((token) => problemOf(token, options)), countProblem(positionals, spec)];
      const problem = problems.find((found) => found !== null);
      if (problem !== undefined) throw new WrongUsage(problem);
      const plain = { ...values };
      if (!areValues(plain, spec.options)) throw new Error('an option was not checked');
      return spec.run(plain, positionals, io);
    },
  };
};
