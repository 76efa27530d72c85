// A real PgBouncer before the server of the tests, with its defaults but for the pooling mode. It comes with the Debian
// package `pgbouncer`; where that is not installed, what needs it is skipped.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { databasePassword, freePort, giveToServer, serverOwner, userName } from './postgres.ts';

export interface PgBouncer {
  /** The URL of the database for one of the server's users, by way of it. */
  urlOf(user: string): string;
  stop(): Promise<void>;
}

/** It knows its users from the beginning. */
const maxUsers = 1000;

const program = '/usr/sbin/pgbouncer';

export const hasPgBouncer = ((): boolean => {
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  }
})();

const untilReady = (process: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    const said: string[] = [];
    if (process.stderr) {
      createInterface(process.stderr).on('line', (line) => {
        if (said.length < 100) said.push(line);
        if (line.includes('process up')) resolve();
      });
    }
    process.once('error', reject);
    process.once('close', () => reject(new Error(`PgBouncer did not start:\n${said.join('\n')}`)));
  });

export const startPgBouncer = async (serverPort: number, mode: 'session' | 'transaction'): Promise<PgBouncer> => {
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
  const port = await freePort();
  const users = Array.from({ length: maxUsers }, (_, index) => `"${userName(index + 1)}" "${databasePassword}"`);
  await writeFile(join(folder, 'users.txt'), users.join('\n'));
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${join(folder, 'users.txt')}
pool_mode = ${mode}
`,
  );
  // It refuses to run as root.
  await giveToServer(folder);
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], {
    ...serverOwner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const onExit = () => void child.kill('SIGKILL');
  process.once('exit', onExit);
  await untilReady(child);
  return {
    urlOf: (user) => `postgres://${user}:${databasePassword}@127.0.0.1:${port}/postgres`,
    async stop() {
      process.removeListener('exit', onExit);
      if (child.exitCode === null && child.signalCode === null) {
        const closed = once(child, 'close');
        child.kill('SIGKILL');
        await closed;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
};
