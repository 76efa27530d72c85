// The processes that are measured: each is started for a scenario, logs to a file, and is ended with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const webhookSecret = 'whsec_bench';
export const host = '127.0.0.1';

export interface Running {
  readonly port: number;
  readonly pid: number;
  /** All that it has logged so far. */
  log(): Promise<string>;
  /** Ends it as an operator would, and rejects when that did not end it well. */
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;
const portLine = /"port":(\d+).*"msg":"server\.listening"|"msg":"server\.listening","port":(\d+)/;

const pathOf = (file: string): string => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** A folder of its own in the system's temporary one. */
export const temporaryFolder = async (): Promise<{ readonly path: string; remove(): Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};

const untilListening = async (child: ChildProcess, log: () => Promise<string>): Promise<number> => {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline && child.exitCode === null) {
    const [, first, second] = portLine.exec(await log()) ?? [];
    if (first ?? second) return Number(first ?? second);
    await sleep(5);
  }
  throw new Error(`it did not start:\n${await log()}`);
};

/**
 * Starts a TypeScript file of this repository with nothing but this environment, its output going to a file, as that of
 * a service in production does.
 */
export const start = async (
  file: string,
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): Promise<Running> => {
  const folder = await temporaryFolder();
  const logFile = join(folder.path, 'log');
  const output = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...nodeOptions, pathOf(file)], {
    env: { PATH: process.env.PATH, HOST: host, PORT: '0', STRIPE_WEBHOOK_SECRET: webhookSecret, ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const exit = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const log = () => readFile(logFile, 'utf8');
  const port = await untilListening(child, log);
  return {
    port,
    pid: child.pid ?? 0,
    log,
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exit;
      process.removeListener('exit', kill);
      const text = await log();
      await folder.remove();
      if (code !== 0) throw new Error(`${file} ended with ${code}:\n${text.slice(-2000)}`);
    },
  };
};

export const startService = (
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): Promise<Running> => start('src/main.ts', env, nodeOptions);
