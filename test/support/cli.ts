// The command, run in this process with streams and an environment of its own, and as a process of its own.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Io } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/run.ts';
import { emptyFolder, type ScriptEnd } from './script.ts';

export interface CliOptions extends Partial<Omit<Io, 'env' | 'print' | 'complain' | 'loadEnvFile' | 'showProgress'>> {
  readonly env?: Readonly<Record<string, string>>;
}

export interface CliEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly progress: readonly string[];
}

/** Runs a command line in this process. What is wrong with the command itself is thrown. */
export const runCommand = async (argv: readonly string[], { env = {}, ...more }: CliOptions = {}): Promise<CliEnd> => {
  let stdout = '';
  let stderr = '';
  const progress: string[] = [];
  const code = await runCli(argv, {
    env: { ...env },
    loadEnvFile: () => undefined,
    print: (text) => {
      stdout += `${text}\n`;
    },
    complain: (text) => {
      stderr += `${text}\n`;
    },
    showProgress: (text) => void progress.push(text),
    isTerminal: false,
    hasColors: false,
    width: 200,
    now: Date.now,
    stopped: new AbortController().signal,
    ...more,
  });
  return { code, stdout, stderr, progress };
};

const launcher = fileURLToPath(new URL('../../bin/vendor-signals.js', import.meta.url));

/** Starts the command as a process of its own, in a folder that is empty but for what `fill` puts there. */
export const spawnCommand = async (
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  fill: (folder: string) => Promise<unknown> = async () => undefined,
) => {
  const cwd = await emptyFolder();
  await fill(cwd);
  return spawn(process.execPath, [launcher, ...argv], { cwd, env: { PATH: process.env.PATH, ...env } });
};

export const runProcess = async (
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ScriptEnd> => {
  const child = await spawnCommand(argv, env);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
};
