// This thread's side of the thread that lists. It is started with the first question, and again should it have died.
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../../lib/errors.ts';
import type { EventStore } from '../event-store.ts';
import { defaultMaxScan } from '../listing-bounds.ts';
import type { Listing } from './listing.ts';
import type { Answer } from './listing-worker.ts';

/** After a commit, the log is looked at this much later: several commits share a look. */
const checkpointDelayMs = 200;

export interface FileListing
  extends Pick<EventStore, 'listEvents' | 'listAlerts' | 'listDeliveries' | 'changes' | 'size' | 'close'> {
  /** Says that something was committed, which will have to be brought from the log into the file. */
  checkpoint(): void;
}

export interface Listings {
  open(path: string, maxScan?: number): FileListing;
  close(): Promise<void>;
}

/** A listing looks at so many rows at most that it takes a fraction of a second; a disk that hangs takes for ever. */
const defaultAnswerWithinMs = 10_000;

/** After this a thread that does not end is stopped. */
const endTimeoutMs = 5000;

/** By itself, after what it was asked: a thread that is stopped in the middle of a listing can take the process with it. */
const end = async (worker: Worker): Promise<void> => {
  // What it dies of is told to those who asked it.
  const exit = once(worker, 'exit').catch(() => undefined);
  worker.ref();
  worker.postMessage('end');
  const timer = setTimeout(() => void worker.terminate(), endTimeoutMs);
  await exit;
  clearTimeout(timer);
};

const unavailable = (detail: string): StoreUnavailable =>
  new StoreUnavailable('store_unavailable', `the store's file cannot be listed now: ${detail}`);

export const createListings = (answerWithinMs: number = defaultAnswerWithinMs): Listings => {
  let worker: Worker | undefined;
  const waiting = new Set<(reason: Error) => void>();

  const fail = (detail: string): void => {
    worker = undefined;
    for (const reject of waiting) reject(unavailable(detail));
    waiting.clear();
  };

  const start = (): Worker => {
    // What this process was started with, such as code to evaluate, is not for the thread.
    const started = new Worker(new URL('./listing-worker.ts', import.meta.url), { execArgv: [] });
    // The port of each question waits for its answer; the thread itself keeps no process alive.
    started.unref();
    started.on('error', (error) => fail(error.message));
    started.on('exit', () => {
      if (worker === started) fail('the thread that lists has ended');
    });
    return started;
  };

  const ask = <Name extends keyof Listing>(
    path: string,
    maxScan: number,
    name: Name,
    args: Parameters<Listing[Name]>,
  ): Promise<ReturnType<Listing[Name]>> =>
    new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      const giveUp = (): void => {
        port1.close();
        waiting.delete(reject);
        reject(unavailable(`there was no answer within ${answerWithinMs} ms`));
      };
      const timer = setTimeout(giveUp, answerWithinMs).unref();
      waiting.add(reject);
      port1.once('message', (answer: Answer<ReturnType<Listing[Name]>>) => {
        clearTimeout(timer);
        waiting.delete(reject);
        if ('error' in answer)
          reject(answer.errcode === undefined ? new Error(answer.error) : unavailable(answer.error));
        else resolve(answer.result);
      });
      worker ??= start();
      worker.postMessage({ path, maxScan, name, args, port: port2 }, [port2]);
    });

  return {
    open(path, maxScan = defaultMaxScan) {
      let isClosed = false;
      let looking: NodeJS.Timeout | undefined;

      const askOpen = <Name extends keyof Listing>(name: Name, ...args: Parameters<Listing[Name]>) =>
        isClosed ? Promise.reject(unavailable('the store was closed')) : ask(path, maxScan, name, args);

      return {
        listEvents: (query) => askOpen('listEvents', query),
        listAlerts: (query) => askOpen('listAlerts', query),
        listDeliveries: (query) => askOpen('listDeliveries', query),
        changes: (after, limit, of) => askOpen('changes', after, limit, of),
        size: () => askOpen('size'),
        checkpoint() {
          looking ??= setTimeout(() => {
            looking = undefined;
            // The writer does it itself when this does not.
            askOpen('checkpoint').catch(() => undefined);
          }, checkpointDelayMs).unref();
        },
        async close() {
          if (isClosed) return;
          clearTimeout(looking);
          const closed = worker ? ask(path, maxScan, 'close', []) : undefined;
          isClosed = true;
          await closed?.catch(() => undefined);
        },
      };
    },
    async close() {
      const ending = worker;
      worker = undefined;
      if (ending) await end(ending);
      fail('the store was closed');
    },
  };
};
