// A way to a database that can go silent, as behind a firewall that forgot its connections, or become slow.
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { portOf } from './http-server.ts';

export interface DatabaseProxy {
  /** The database's address through it. */
  readonly url: string;
  /** Nothing is refused and nothing comes any more on the connections of now; later ones work. */
  silence(): void;
  /** Each piece of data takes so long from now on, in either direction. */
  delayBy(ms: number): void;
}

export const startDatabaseProxy = async (databaseUrl: string): Promise<DatabaseProxy> => {
  const pairs = new Set<readonly [Socket, Socket]>();
  let delayMs = 0;

  /** What comes is passed on in its order, for each piece waits behind the one before. */
  const pass = (from: Socket, to: Socket): void => {
    let last = Promise.resolve();
    from.on('data', (data) => {
      const waited = delayMs === 0 ? Promise.resolve() : new Promise((resume) => setTimeout(resume, delayMs));
      last = last.then(() => waited).then(() => void (to.writable && to.write(data)));
    });
    from.on('end', () => void last.then(() => to.end()));
  };

  const proxy = createServer((client) => {
    const server = connect(Number(new URL(databaseUrl).port), '127.0.0.1');
    const pair = [client, server] as const;
    pairs.add(pair);
    pass(client, server);
    pass(server, client);
    for (const socket of pair)
      socket
        .on('error', () => undefined)
        .on('close', () => {
          pairs.delete(pair);
          for (const other of pair) if (!client.isPaused()) other.destroy();
        });
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    proxy.close();
  });
  return {
    url: Object.assign(new URL(databaseUrl), { port: String(portOf(proxy)) }).href,
    delayBy(ms) {
      delayMs = ms;
    },
    silence() {
      for (const [client, server] of pairs) {
        client.removeAllListeners('data');
        client.pause();
        // The database has noticed; were it silent too, it would keep the lock for another minute (`idle_session_timeout`).
        server.destroy();
      }
      pairs.clear();
    },
  };
};
