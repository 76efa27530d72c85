// The real process, started as `npm start` starts it, and observed through its log lines.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, onTestFinished } from 'vitest';
import type { LogLine } from './log.ts';

const program = fileURLToPath(new URL('../../bin/vendor-signals.js', import.meta.url));

export interface ServiceProcess {
  readonly child: ChildProcess;
  /** The first line with this message, however long ago it came. Rejects when the process ends without it. */
  line(msg: string): Promise<LogLine>;
  /** All lines until now. */
  said(): string;
  /** Where it listens. */
  url(): Promise<string>;
  readonly exit: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

export interface ProcessLimits {
  readonly maxOpenFiles?: number;
  /** No file grows above this, as on a disk that is full. */
  readonly maxFileKib?: number;
}

const commandWith = ({ maxOpenFiles, maxFileKib }: ProcessLimits): readonly [string, ...string[]] => {
  const limits = [
    ...(maxOpenFiles === undefined ? [] : [`ulimit -n ${maxOpenFiles}`]),
    // A shell counts in blocks of 512 bytes, and the signal would end the process.
    ...(maxFileKib === undefined ? [] : ["trap '' XFSZ", `ulimit -f ${2 * maxFileKib}`]),
  ];
  return limits.length === 0
    ? [process.execPath, program, 'start']
    : ['sh', '-c', [...limits, 'exec "$0" "$@"'].join('; '), process.execPath, program, 'start'];
};

const launch = (env: Readonly<Record<string, string>>, cwd?: string, limits: ProcessLimits = {}): ServiceProcess => {
  const [command, ...args] = commandWith(limits);
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (text) => {
    stdout += `${text}\n`;
    if (text.startsWith('{')) lines.push(JSON.parse(text));
    for (const look of waiting) look();
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const exit = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });

  const line = (msg: string) =>
    new Promise<LogLine>((resolve, reject) => {
      const look = () => {
        const found = lines.find((each) => each.msg === msg);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void exit.then(() => reject(new Error(`it ended without "${msg}":\n${stdout}${stderr}`)));
    });
  return {
    child,
    line,
    said: () => stdout,
    url: async () => `http://127.0.0.1:${(await line('server.listening')).port}`,
    exit,
  };
};

const end = async ({ child, exit }: ServiceProcess): Promise<void> => {
  child.kill('SIGKILL');
  await exit;
};

/** Starts the service with nothing but this environment. It is killed after the test if it still runs. */
export const startProcess = (...how: Parameters<typeof launch>): ServiceProcess => {
  const service = launch(...how);
  onTestFinished(() => end(service));
  return service;
};

/** As `startProcess`, for several tests, none of which changes what another sees: it is started by the first that asks. */
export const shareProcess = (...how: Parameters<typeof launch>): (() => ServiceProcess) => {
  let service: ServiceProcess | undefined;
  afterAll(() => service && end(service));
  return () => {
    service ??= launch(...how);
    return service;
  };
};
