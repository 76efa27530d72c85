// Sends prepared requests over keep-alive connections and reads the answers. HTTP/1.1 as far as our own servers speak
// it: a status line, and a body with a Content-Length. fetch would cost more than the servers that are measured.
import { connect, type Socket } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** From the moment at which the request was to be sent, to the end of its answer. */
  readonly latencyMs: number;
}

export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** Null: each connection sends its next request as soon as the last one is answered. */
  readonly ratePerSecond: number | null;
}

const endOfHead = Buffer.from('\r\n\r\n');

interface Parsed {
  readonly status: number;
  readonly body: string;
  readonly rest: Buffer;
}

/** The first answer in what has arrived, or undefined while it is not there as a whole. */
const parseAnswer = (bytes: Buffer): Parsed | undefined => {
  const headEnd = bytes.indexOf(endOfHead);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = /content-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without Content-Length: ${head}`);
  const bodyEnd = headEnd + endOfHead.length + Number(length);
  if (bytes.length < bodyEnd) return undefined;
  return {
    status: Number(head.slice(9, 12)),
    body: bytes.toString('utf8', headEnd + endOfHead.length, bodyEnd),
    rest: bytes.subarray(bodyEnd),
  };
};

const open = (host: string, port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });

/**
 * Sends every request once and gives each answer to `onAnswer`, with the number of its request.
 * Resolves with the seconds from the first request to the last answer; rejects when a connection breaks.
 */
export const sendAll = async (
  requests: readonly Buffer[],
  { host, port, connections, ratePerSecond }: LoadOptions,
  onAnswer: (at: number, answer: Answer) => void,
): Promise<number> => {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(host, port)));
  const startedMs = performance.now();
  let next = 0;
  let answered = 0;

  const dueMs = (at: number): number =>
    ratePerSecond === null ? performance.now() : startedMs + (at * 1000) / ratePerSecond;

  await new Promise<void>((resolve, reject) => {
    const idle: (() => void)[] = [];
    for (const socket of sockets) {
      let at = -1;
      let sentMs = 0;
      let bytes: Buffer = Buffer.alloc(0);
      const send = (): void => {
        const request = requests[next];
        if (!request) return;
        at = next++;
        sentMs = dueMs(at);
        socket.write(request);
      };
      const goOn = (): void => {
        if (ratePerSecond === null) send();
        else idle.push(send);
      };
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`a connection was closed after ${answered} answers`)));
      socket.on('data', (data) => {
        bytes = bytes.length === 0 ? data : Buffer.concat([bytes, data]);
        const parsed = parseAnswer(bytes);
        if (!parsed) return;
        bytes = parsed.rest;
        onAnswer(at, { status: parsed.status, body: parsed.body, latencyMs: performance.now() - sentMs });
        answered += 1;
        if (answered === requests.length) resolve();
        else goOn();
      });
      goOn();
    }
    if (ratePerSecond === null) return;
    // Timers tick once a millisecond, which is longer than what is measured; this process has a core for itself.
    const pace = (): void => {
      while (next < requests.length && idle.length > 0 && dueMs(next) <= performance.now()) idle.shift()?.();
      if (next < requests.length) setImmediate(pace);
    };
    pace();
  });

  const seconds = (performance.now() - startedMs) / 1000;
  for (const socket of sockets) {
    socket.removeAllListeners('close');
    socket.destroy();
  }
  return seconds;
};
