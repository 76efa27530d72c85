// The processes that are measured: each is started for a scenario, logs to a file, and is ended with it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const webhookSecret = 'whsec_bench';
export const host = '127.0.0.1';

export interface Running {
  readonly port: number;
  readonly pid: number;
  /** The processor time that it has taken so far, in milliseconds. */
  cpuMs(): number;
  /** The size of its log. */
  logBytes(): number;
  /** Ends it as an operator would, and rejects when that did not end it well. */
  stop(): Promise<void>;
}

const startTimeoutMs = 60_000;
const portLine = /"port":(\d+).*"msg":"server\.listening"|"msg":"server\.listening","port":(\d+)/;

const root = fileURLToPath(new URL('..', import.meta.url));

/** The kernel counts in hundredths of a second. */
const tickMs = 10;

/** In user and in kernel mode, of all threads. */
const readCpuMs = (pid: number): number => {
  const [, afterName = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = afterName.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
};

/** A folder of its own in the system's temporary one. */
export const temporaryFolder = async (): Promise<{ readonly path: string; remove(): Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'bench-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
};

/** As much of a log as is looked at: of a million requests it is longer than any text may be. */
const maxLogBytes = 16_384;

/** The first, or the last, of what it has logged so far. */
const readLog = async (file: string, from: 'start' | 'end'): Promise<string> => {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(maxLogBytes),
      position: from === 'start' ? 0 : Math.max(0, size - maxLogBytes),
    });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
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
 * Starts a TypeScript file of this repository, or of another checkout at `from`, with nothing but this environment. Its
 * output goes to a file, as that of a service in production does.
 */
export const start = async (
  file: string,
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
  from: string = root,
  args: readonly string[] = [],
): Promise<Running> => {
  const folder = await temporaryFolder();
  const logFile = join(folder.path, 'log');
  const output = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...nodeOptions, resolve(from, file), ...args], {
    env: { PATH: process.env.PATH, HOST: host, PORT: '0', STRIPE_WEBHOOK_SECRET: webhookSecret, ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const exit = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const port = await untilListening(child, () => readLog(logFile, 'start'));
  return {
    port,
    pid: child.pid ?? 0,
    logBytes: () => statSync(logFile).size,
    cpuMs: () => readCpuMs(child.pid ?? 0),
    async stop() {
      child.kill('SIGTERM');
      const [code] = await exit;
      process.removeListener('exit', kill);
      const text = await readLog(logFile, 'end');
      await folder.remove();
      if (code !== 0) throw new Error(`${file} ended with ${code}:\n${text}`);
    },
  };
};

/** The options of Node that the service of a checkout is started with by `npm start`. */
const nodeOptionsOf = (folder: string): readonly string[] => {
  const { scripts }: { scripts: { start: string } } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return scripts.start.match(/(?<= )--\S+/g) ?? [];
};

/** An older checkout too is started as its own people start it. */
export const startService = (
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
  from: string = root,
): Promise<Running> => start('src/main.ts', env, [...nodeOptionsOf(from), ...nodeOptions], from);

/** With the cache of compiled modules. */
export const launchService = (env: Readonly<Record<string, string>>): Promise<Running> =>
  start('bin/vendor-signals.js', env, nodeOptionsOf(root), root, ['start']);
