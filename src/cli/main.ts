// The process of the command: gives a subcommand what it may use, and ends with its exit code.
import type { Io } from './io.ts';
import { runCli } from './run.ts';

const { stdout, stderr, env } = process;
const stopping = new AbortController();
let shownProgress = '';

// A reader of only the first lines, such as `head`, closes the pipe.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
// A reader who has gone changes nothing of how the command ends.
stderr.on('error', () => undefined);

const io: Io = {
  env,
  loadEnvFile: (path) => process.loadEnvFile(path),
  print: (text) => void stdout.write(`${text}\n`),
  complain: (text) => void stderr.write(`${text}\n`),
  showProgress: (text) => {
    if (!stderr.isTTY || text === shownProgress) return;
    stderr.write(`\r\u001b[K${text}`);
    shownProgress = text;
  },
  isTerminal: stdout.isTTY === true,
  hasColors: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
  width: stdout.columns || 80,
  now: Date.now,
  // Only a command that waits to be stopped listens; every other one ends at once.
  get stopped() {
    process.once('SIGINT', () => stopping.abort());
    process.once('SIGTERM', () => stopping.abort());
    return stopping.signal;
  },
};

process.exitCode = await runCli(process.argv.slice(2), io);
