// Real servers on the loopback, for what only a real socket does. Each is closed after its test.
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { afterEach } from 'vitest';

const closings = new Set<() => Promise<void>>();
afterEach(async () => {
  for (const close of closings) await close();
  closings.clear();
});

/** The port on which a server listens. */
export const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
};

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return portOf(server);
};

/** Starts an HTTP server and gives its origin. */
export const startHttpServer = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  const port = await listen(server);
  closings.add(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${port}`;
};

/** A port of the loopback on which nobody listens. */
export const closedPort = async (): Promise<number> => {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
};
