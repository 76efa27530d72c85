// Fetches what a vendor sent while we were away, in the background; after a restart, from where it began. Of several
// replicas one does it, and another goes on when that one dies.
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { errorText } from '../../lib/errors.ts';
import { dayMs, minuteMs, toIso } from '../../lib/time.ts';
import type { ListSent } from '../list-sent.ts';
import { backoffMs, createFetchMissed, type FetchMissedDeps, type Progress, waitFor } from './fetch.ts';

const longestMs = 30 * dayMs;
/** Events do not arrive in the order in which they happened. */
const overlapMs = 10 * minuteMs;
/** For how long a process that died keeps the others from it. */
const leaseMs = 15_000;
/** How often another replica looks whether it goes on. */
const askAgainMs = 10_000;

const stateSchema = z.object({
  /** Since when something may be missing; absent when nothing is. */
  from: z.iso.datetime().exactOptional(),
  /** What happened before was fetched, or given up. */
  done_until: z.iso.datetime().exactOptional(),
});
type State = Readonly<z.infer<typeof stateSchema>>;

/** Small states that survive a restart. */
export interface BackfillStore {
  loadState(key: string): Promise<unknown>;
  saveState(key: string, state: unknown): Promise<void>;
  tryLease(name: string, forMs: number): Promise<boolean>;
}

export interface BackfillDeps extends Omit<FetchMissedDeps, 'onStored'> {
  readonly store: BackfillStore;
  /** When the newest event happened that was first seen before `until`; undefined for an empty store. */
  readonly newestBefore: (until: string) => Promise<string | undefined>;
  readonly now: () => number;
  /** Is told what becomes of it. */
  readonly observer?: BackfillObserver;
}

export type BackfillEnd = 'done' | 'refused' | 'incomplete';

export interface BackfillObserver {
  began(source: string): void;
  stored(source: string): void;
  ended(source: string, end: BackfillEnd): void;
}

export interface Backfill {
  /**
   * Begins in the background what there is to do.
   * @param awaySinceMs since when nothing could be taken in, where this process itself was halted
   */
  start(awaySinceMs?: number): void;
  /** Resolves when nothing is left to do for now. */
  done(): Promise<void>;
  stop(): Promise<void>;
}

/** What may be missing: what happened before this time, and since this process was halted if it was. */
interface Wanted {
  readonly wantedAt: string;
  readonly awaySinceMs: number | undefined;
}

const noObserver: BackfillObserver = { began: () => undefined, stored: () => undefined, ended: () => undefined };

/** @param deps `source.listSent` absent: there is nothing to ask, and nothing is done */
export const createBackfill = (deps: BackfillDeps): Backfill => {
  const { source, store, newestBefore, log, now, observer = noObserver, wait = waitFor } = deps;
  const { listSent } = source;
  const stateKey = `backfill:${source.source}`;
  const stopping = new AbortController();
  const abort = stopping.signal;
  const fetchAll = createFetchMissed({ ...deps, onStored: () => observer.stored(source.source) }, abort);
  let running: Promise<void> = Promise.resolve();

  const loadState = async (): Promise<State> => stateSchema.safeParse(await store.loadState(stateKey)).data ?? {};

  /** Since when something may be missing; undefined for an empty store. */
  const missingSince = async (
    { from: left }: State,
    { wantedAt, awaySinceMs }: Wanted,
  ): Promise<number | undefined> => {
    const newest = await newestBefore(wantedAt);
    const known = [
      ...(newest === undefined ? [] : [Date.parse(newest) - overlapMs]),
      ...(newest === undefined || awaySinceMs === undefined ? [] : [awaySinceMs - overlapMs]),
      ...(left === undefined ? [] : [Date.parse(left)]),
    ];
    return known.length === 0 ? undefined : Math.max(Math.min(...known), now() - longestMs);
  };

  const conclude = async (about: object, progress: Progress, doneUntil: string): Promise<void> => {
    const { end, readSince, failure, pages, unreadable, stored } = progress;
    const line = {
      ...about,
      pages,
      stored,
      ...(unreadable > 0 && { unreadable }),
      ...(failure && { error: failure.error }),
    };
    if (end === 'refused') {
      log.error(line, 'backfill.refused');
      return observer.ended(source.source, 'refused');
    }
    await store.saveState(stateKey, { done_until: doneUntil } satisfies State);
    if (end === 'all') log.info(line, 'backfill.done');
    else log.error({ ...line, complete_since: readSince }, 'backfill.incomplete');
    observer.ended(source.source, end === 'all' ? 'done' : 'incomplete');
  };

  const fetchWanted = async (list: ListSent, wanted: Wanted): Promise<void> => {
    const state = await loadState();
    // Another replica has done it meanwhile.
    if (state.from === undefined && state.done_until !== undefined && state.done_until >= wanted.wantedAt) return;
    const fromMs = await missingSince(state, wanted);
    if (fromMs === undefined) return;
    const beganAt = toIso(now());
    await store.saveState(stateKey, { ...state, from: toIso(fromMs) } satisfies State);
    observer.began(source.source);
    const requestId = `backfill-${randomUUID()}`;
    const about = { request_id: requestId, source: source.source, from: toIso(fromMs) };
    const progress = await fetchAll({ list, fromMs, requestId, about });
    if (!abort.aborted) await conclude(about, progress, beganAt);
  };

  /** Whether it was this process that did it. While it does, it stays the one; when it dies, another one goes on. */
  const runAsLeader = async (list: ListSent, wanted: Wanted): Promise<boolean> => {
    const lead = () => store.tryLease(stateKey, leaseMs);
    if (!(await lead())) return false;
    const timer = setInterval(() => void lead().catch(() => undefined), leaseMs / 3);
    try {
      await fetchWanted(list, wanted);
      return true;
    } finally {
      clearInterval(timer);
    }
  };

  /** A store that is away is waited for, however long that takes, and so is another replica. */
  const runUntilDone = async (list: ListSent, wanted: Wanted): Promise<void> => {
    for (let failures = 0; !abort.aborted; ) {
      try {
        if (await runAsLeader(list, wanted)) return;
        failures = 0;
      } catch (error) {
        if (abort.aborted) return;
        failures += 1;
        log.warn({ source: source.source, error: errorText(error) }, 'backfill.interrupted');
      }
      await wait(failures === 0 ? askAgainMs : backoffMs(failures), abort).catch(() => undefined);
    }
  };

  return {
    start(awaySinceMs) {
      if (!listSent) return;
      const wanted = { wantedAt: toIso(now()), awaySinceMs };
      running = running.then(() => runUntilDone(listSent, wanted));
    },
    done: () => running,
    async stop() {
      stopping.abort();
      await running;
    },
  };
};
