// What a server allows its connections: how many, how long they may take, and how an end is made of what was refused.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '../lib/log.ts';

/** All in milliseconds. */
export const timeouts = {
  /** For the headers of a request, from the connection's beginning or the request's first byte. */
  headersTimeout: 10_000,
  /** For a whole request. */
  requestTimeout: 60_000,
  /** Longer than load balancers keep an idle connection (Google's: 600 s), so that they close it, and not we in the middle of their request. */
  keepAliveTimeout: 620_000,
  connectionsCheckingInterval: 1000,
  /** Without a byte in either direction, as when a client does not read. Live streams say something every 15 s. */
  silenceTimeout: 300_000,
} as const;

/** How long the other side has to read why it was refused. */
const lingerMs = 1000;
export const mostConnections = 10_000;
const tellFullEveryMs = 60_000;

/** Descriptors that are kept for status pages, the store, log and source files; deliveries come on top. */
const reserved = 128;

/**
 * How many connections to take, so that deliveries and the store can still open theirs.
 * @param maxOpenFiles what the process may have open at once
 * @param deliveries how many run at once; each may take a connection, and a further one while its name is looked up
 */
export const connectionLimit = (maxOpenFiles: number, deliveries: number): number =>
  Math.max(16, Math.min(mostConnections, Math.floor(maxOpenFiles / 2), maxOpenFiles - reserved - 2 * deliveries));

/** So many people look at once; each takes a connection for as long as they do. */
export const mostStreams = 500;

/** How many live streams to take, so that as many connections are left for everything else. */
export const streamLimit = (maxConnections: number): number => Math.min(mostStreams, Math.floor(maxConnections / 2));

/** Sends the last words, and destroys the connection: a client that does not close its side would keep the descriptor. */
export const endAndDestroy = (socket: Duplex, lastWords: string): void => {
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
  socket.end(lastWords);
};

/** Holds the server to its number of connections. When it is full, those that are idle make room. */
export const limitConnections = (server: Server, max: number, log: Log | undefined): void => {
  let refused = 0;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    log?.warn({ max_connections: max, refused }, 'server.connections_full');
    refused = 0;
  };
  server.maxConnections = max;
  server.on('drop', () => {
    server.closeIdleConnections();
    refused += 1;
    if (timer !== undefined) return;
    tell();
    timer = setTimeout(() => {
      timer = undefined;
      if (refused > 0) tell();
    }, tellFullEveryMs).unref();
  });
};

/** Connections that have not sent a byte yet, as browsers open them ahead of need: nobody waits for an answer there. */
export const createSilentConnections = (server: Server) => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    destroy(): void {
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    },
  };
};
