// Keeps live streams open and counts what comes on them, without making sense of it: a reader that parses would cost more
// than the service that is measured.
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { host } from '../processes.ts';

export interface Streams {
  /** Of all streams together. */
  bytes(): number;
  /**
   * Resolves when each of them has had this text since the call, or with `reset` when one was told to read everything
   * again, as after a pause of the machine. Rejects when one is cut off, or hears nothing of it for too long.
   */
  allHave(text: string): Promise<'told' | 'reset'>;
  close(): void;
}

const tooLongMs = 60_000;

const answerTo = (asked: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    asked.on('response', resolve);
    asked.on('error', reject);
    asked.end();
  });

/** A text may come in two pieces: what came before is kept as far as it may be its beginning. */
const createFinder = (text: string) => {
  let before: Buffer = Buffer.alloc(0);
  return (chunk: Buffer): boolean => {
    const seam = Buffer.concat([before, chunk.subarray(0, text.length)]);
    before = Buffer.concat([before, chunk.subarray(-text.length)]).subarray(-text.length);
    return seam.includes(text) || chunk.includes(text);
  };
};

/** Gives `full` when the service does not let in so many. */
export const openStreams = async (port: number, count: number, path: string): Promise<Streams | 'full'> => {
  const requests = Array.from({ length: count }, () => request({ host, port, path, agent: false }));
  const close = (): void => {
    for (const each of requests) each.destroy();
  };
  const answers = await Promise.all(requests.map(answerTo));
  if (answers.some(({ statusCode }) => statusCode !== 200)) {
    close();
    return 'full';
  }
  let bytes = 0;
  let hear = (_at: number, _chunk: Buffer): void => undefined;
  for (const [at, answer] of answers.entries())
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      hear(at, chunk);
    });
  return {
    bytes: () => bytes,
    allHave(text) {
      const lacking = new Map(answers.map((_, at) => [at, createFinder(text)] as const));
      return new Promise((resolve, reject) => {
        const fail = () => reject(new Error(`${lacking.size} streams have not heard of ${text}`));
        const timer = setTimeout(fail, tooLongMs);
        const end = (how: 'told' | 'reset'): void => {
          clearTimeout(timer);
          resolve(how);
        };
        for (const answer of answers) answer.once('close', fail);
        hear = (at, chunk) => {
          if (chunk.includes('event: reset')) end('reset');
          if (lacking.get(at)?.(chunk)) lacking.delete(at);
          if (lacking.size === 0) end('told');
        };
      });
    },
    close,
  };
};
