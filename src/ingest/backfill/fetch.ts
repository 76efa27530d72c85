// Reads what a vendor sent from its own list, from now backwards, and publishes it as its webhooks would have been: the
// pipeline tells what is known already. It goes on by itself after a failure.
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpClient } from '../../lib/http-client.ts';
import type { Log } from '../../lib/log.ts';
import { minuteMs } from '../../lib/time.ts';
import type { ListSent, SentFailure } from '../list-sent.ts';
import { createPublishSignal, type PublishSignalDeps } from '../publish-signal.ts';
import type { WebhookSource } from '../webhook.ts';
import { type Collected, collectMissed, type Missed } from './signals.ts';

/** So much is held in memory at once. */
const pagesAtOnce = 50;
const bytesAtOnce = 64 * 1024 * 1024;
const maxPages = 600;
const maxFailures = 20;
const firstWaitMs = 30_000;
const longestWaitMs = 15 * minuteMs;

export interface FetchMissedDeps extends PublishSignalDeps {
  readonly source: WebhookSource;
  readonly client: HttpClient;
  readonly userAgent: string;
  readonly log: Log;
  /** Is told of each event that was new. */
  readonly onStored: () => void;
  /** Rejects when it is aborted. */
  readonly wait?: ((ms: number, abort: AbortSignal) => Promise<unknown>) | undefined;
}

/** What is fetched, and what its log lines say. */
export interface FetchMissed {
  readonly list: ListSent;
  readonly fromMs: number;
  readonly requestId: string;
  readonly about: object;
}

export interface Progress {
  readonly end: 'open' | 'all' | 'refused';
  /** After what the rest begins. */
  readonly after: string | null;
  /** What is younger was read. */
  readonly readSince: string | null;
  readonly failure: SentFailure | null;
  /** How often in a row nothing was read. */
  readonly failures: number;
  readonly pages: number;
  readonly unreadable: number;
  readonly stored: number;
}

const nothingYet: Progress = {
  end: 'open',
  after: null,
  readSince: null,
  failure: null,
  failures: 0,
  pages: 0,
  unreadable: 0,
  stored: 0,
};

const endOf = ({ failure, next }: Collected): Progress['end'] => {
  if (failure) return failure.isFinal ? 'refused' : 'open';
  return next === null ? 'all' : 'open';
};

export const backoffMs = (failures: number): number => Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs);

export const waitFor = (ms: number, abort: AbortSignal): Promise<unknown> => delay(ms, undefined, { signal: abort });

/** Ends early when `abort` says so. Rejects when the store is away. */
export const createFetchMissed = (deps: FetchMissedDeps, abort: AbortSignal) => {
  const { source, client, userAgent, log, onStored, wait = waitFor } = deps;

  const publishSignal = createPublishSignal(deps);

  /** Whether it was new. */
  const publish = async ({ payload, missed }: Missed, requestId: string): Promise<boolean> => {
    const all = await publishSignal({ requestId, vendor: source.vendor, source: source.source, payload, missed });
    return all.some(({ kind }) => kind === 'stored');
  };

  /** One after the other: what comes in meanwhile by itself never waits for more than one of them. */
  const publishAll = async ({ signals }: Collected, requestId: string): Promise<number> => {
    let stored = 0;
    for (const signal of signals) {
      if (abort.aborted) return stored;
      if (!(await publish(signal, requestId))) continue;
      stored += 1;
      onStored();
    }
    return stored;
  };

  const collect = ({ list, fromMs }: FetchMissed, after: string | null): Promise<Collected> =>
    collectMissed(source, {
      ask: (next) => list({ fromMs, after: next, client, userAgent, abort }),
      after,
      maxPages: pagesAtOnce,
      maxBytes: bytesAtOnce,
    });

  /** Says why the vendor's list ended early, and waits until it may be asked again. */
  const pause = async (failure: SentFailure, failures: number, about: object): Promise<void> => {
    const waitMs = Math.max(backoffMs(failures), Math.min(failure.retryAfterMs ?? 0, longestWaitMs));
    log.warn({ ...about, error: failure.error, wait_ms: waitMs }, 'backfill.interrupted');
    await wait(waitMs, abort);
  };

  /** One round: what one after the other gave, published. */
  const goOn = async (wanted: FetchMissed, before: Progress): Promise<Progress> => {
    const collected = await collect(wanted, before.after);
    const { failure, pages, signals } = collected;
    return {
      end: endOf(collected),
      failure,
      failures: failure === null || pages > 0 ? 0 : before.failures + 1,
      pages: before.pages + pages,
      unreadable: before.unreadable + collected.unreadable,
      stored: before.stored + (await publishAll(collected, wanted.requestId)),
      after: collected.next,
      readSince: signals[0]?.at ?? before.readSince,
    };
  };

  /** Fetches from now backwards, until all is there or the bounds are reached. */
  return async (wanted: FetchMissed): Promise<Progress> => {
    let progress = nothingYet;
    while (!abort.aborted && progress.pages < maxPages && progress.failures < maxFailures) {
      progress = await goOn(wanted, progress);
      if (progress.end !== 'open') break;
      if (progress.failure) await pause(progress.failure, Math.max(progress.failures, 1), wanted.about);
    }
    return progress;
  };
};
