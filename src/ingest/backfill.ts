// Fetches what a vendor sent while we were away, in the background, and publishes it as its webhooks would have been:
// the pipeline tells what is known already. It goes on by itself after a failure, and after a restart from where it began.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { errorText, StoreUnavailable } from '../lib/errors.ts';
import type { HttpClient } from '../lib/http-client.ts';
import type { Log } from '../lib/log.ts';
import { toIso } from '../lib/time.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { Outcome } from '../pipeline/topics.ts';
import type { SentFailure } from './list-sent.ts';
import { type Collected, collectMissed, type Missed } from './missed-signals.ts';
import type { WebhookSource } from './webhook.ts';

const minuteMs = 60_000;
const longestMs = 30 * 24 * 60 * minuteMs;
/** Events do not arrive in the order in which they happened. */
const overlapMs = 10 * minuteMs;
/** So many pages are held in memory at once. */
const pagesAtOnce = 50;
const maxPages = 600;
const maxFailures = 20;
const firstWaitMs = 30_000;
const longestWaitMs = 15 * minuteMs;
const leaseMs = 30 * minuteMs;

const stateSchema = z.object({ from: z.iso.datetime() });

/** Small states that survive a restart. */
export interface BackfillStore {
  loadState(key: string): Promise<unknown>;
  saveState(key: string, state: unknown): Promise<void>;
  tryLease(name: string, forMs: number): Promise<boolean>;
}

export interface BackfillDeps {
  readonly source: WebhookSource;
  readonly store: BackfillStore;
  /** When the newest event happened that was first seen before `until`; undefined for an empty store. */
  readonly newestBefore: (until: string) => Promise<string | undefined>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly outcomes: { expect(signalId: string): Promise<readonly Outcome[]> };
  readonly client: HttpClient;
  readonly userAgent: string;
  readonly log: Log;
  readonly now: () => number;
  /** Rejects when it is aborted. */
  readonly wait?: (ms: number, abort: AbortSignal) => Promise<unknown>;
}

export interface Backfill {
  /** Begins in the background what there is to do. */
  start(): void;
  /** Resolves when nothing is left to do for now. */
  done(): Promise<void>;
  stop(): Promise<void>;
}

interface Progress {
  readonly end: 'open' | 'all' | 'refused';
  /** What is younger was read. */
  readonly untilMs: number | null;
  readonly failure: SentFailure | null;
  /** How often in a row nothing was read. */
  readonly failures: number;
  readonly pages: number;
  readonly stored: number;
}

const nothingYet: Progress = { end: 'open', untilMs: null, failure: null, failures: 0, pages: 0, stored: 0 };

const endOf = ({ failure, olderThan }: Collected): Progress['end'] => {
  if (failure) return failure.isFinal ? 'refused' : 'open';
  return olderThan === null ? 'all' : 'open';
};

const waitFor = (ms: number, abort: AbortSignal): Promise<unknown> => delay(ms, undefined, { signal: abort });

/** @param deps `source.listSent` absent: there is nothing to ask, and nothing is done */
export const createBackfill = (deps: BackfillDeps): Backfill => {
  const { source, store, newestBefore, bus, outcomes, client, userAgent, log, now, wait = waitFor } = deps;
  const { listSent } = source;
  const stateKey = `backfill:${source.source}`;
  const startedAt = toIso(now());
  const stopping = new AbortController();
  const abort = stopping.signal;
  let running: Promise<void> = Promise.resolve();

  /** Since when something may be missing; undefined for an empty store. */
  const missingSince = async (): Promise<number | undefined> => {
    const newest = await newestBefore(startedAt);
    const left = stateSchema.safeParse(await store.loadState(stateKey)).data?.from;
    const known = [newest, left].filter((time) => time !== undefined).map((time) => Date.parse(time));
    if (known.length === 0) return undefined;
    return Math.max(Math.min(...known) - (left === undefined ? overlapMs : 0), now() - longestMs);
  };

  const publish = async ({ payload, missed }: Missed, requestId: string): Promise<boolean> => {
    const signalId = randomUUID();
    const ended = outcomes.expect(signalId);
    bus.publish('signal.received', {
      signalId,
      requestId,
      vendor: source.vendor,
      source: source.source,
      payload,
      missed,
    });
    const all = await ended;
    for (const outcome of all)
      if (outcome.kind === 'failed' && outcome.error instanceof StoreUnavailable) throw outcome.error;
    return all.some(({ kind }) => kind === 'stored');
  };

  /** One after the other: what comes in meanwhile by itself never waits for more than one of them. */
  const publishAll = async ({ signals }: Collected, requestId: string): Promise<number> => {
    let stored = 0;
    for (const signal of signals) {
      if (abort.aborted) return stored;
      if (await publish(signal, requestId)) stored += 1;
    }
    return stored;
  };

  const collect = (fromMs: number, untilMs: number | null): Promise<Collected> =>
    collectMissed(
      source,
      async (after) =>
        (await listSent?.({ fromMs, untilMs, after, client, userAgent, abort })) ?? {
          ok: true,
          payloads: [],
          next: null,
        },
      pagesAtOnce,
    );

  /** Says why the vendor's list ended early, and waits until it may be asked again. */
  const pause = async (failure: SentFailure, failures: number, about: object): Promise<void> => {
    const backoffMs = Math.min(firstWaitMs * 2 ** (failures - 1), longestWaitMs);
    const waitMs = Math.max(backoffMs, Math.min(failure.retryAfterMs ?? 0, longestWaitMs));
    log.warn({ ...about, error: failure.error, wait_ms: waitMs }, 'backfill.interrupted');
    await wait(waitMs, abort);
  };

  /** One round: what one after the other gave, published. */
  const goOn = async (before: Progress, fromMs: number, requestId: string): Promise<Progress> => {
    const collected = await collect(fromMs, before.untilMs);
    const { failure, olderThan, pages } = collected;
    return {
      end: endOf(collected),
      failure,
      failures: failure === null || pages > 0 ? 0 : before.failures + 1,
      pages: before.pages + pages,
      stored: before.stored + (await publishAll(collected, requestId)),
      untilMs: olderThan === null ? before.untilMs : Date.parse(olderThan),
    };
  };

  /** Fetches from now backwards, until all is there or the bounds are reached. */
  const fetchAll = async (fromMs: number, about: object, requestId: string): Promise<Progress> => {
    let progress = nothingYet;
    while (!abort.aborted && progress.pages < maxPages && progress.failures < maxFailures) {
      progress = await goOn(progress, fromMs, requestId);
      if (progress.end !== 'open') break;
      if (progress.failure) await pause(progress.failure, Math.max(progress.failures, 1), about);
    }
    return progress;
  };

  const conclude = async (about: object, { end, untilMs, failure, pages, stored }: Progress): Promise<void> => {
    if (abort.aborted) return;
    const line = { ...about, pages, stored, ...(failure && { error: failure.error }) };
    if (end === 'refused') {
      log.error(line, 'backfill.refused');
      return;
    }
    await store.saveState(stateKey, null);
    if (end === 'all') log.info(line, 'backfill.done');
    else log.error({ ...line, complete_since: untilMs === null ? null : toIso(untilMs) }, 'backfill.incomplete');
  };

  const run = async (): Promise<void> => {
    // Another replica does it, or has just done it.
    if (!(await store.tryLease(stateKey, leaseMs))) return;
    const fromMs = await missingSince();
    if (fromMs === undefined) return;
    await store.saveState(stateKey, { from: toIso(fromMs) });
    const requestId = `backfill-${randomUUID()}`;
    const about = { request_id: requestId, source: source.source, from: toIso(fromMs) };
    await conclude(about, await fetchAll(fromMs, about, requestId));
  };

  const runUntilStored = async (): Promise<void> => {
    for (let tries = 0; tries < maxFailures && !abort.aborted; tries++) {
      try {
        return await run();
      } catch (error) {
        if (abort.aborted) return;
        log.warn({ source: source.source, error: errorText(error) }, 'backfill.interrupted');
        await wait(firstWaitMs, abort).catch(() => undefined);
      }
    }
  };

  return {
    start() {
      if (listSent) running = runUntilStored();
    },
    done: () => running,
    async stop() {
      stopping.abort();
      await running;
    },
  };
};
