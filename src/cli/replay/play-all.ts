// Plays several recordings: those of one status page as one, with the webhooks in them; each status page by itself.
import type { Rules } from '../../domain/rules/rules.ts';
import type { Io } from '../io.ts';
import { play } from './play.ts';
import type { Played } from './played.ts';
import type { Recorded, Recording } from './recording.ts';

/** The recordings of each status page, by its name. */
export type Recordings = ReadonlyMap<string, readonly Recording[]>;

export interface PlayAllOptions {
  readonly rules: Rules | undefined;
  readonly routeWarning: boolean;
  /** What is played, for the progress. */
  readonly what: string;
}

const progressEveryMs = 200;

/** What all recordings hold in order of time; each is in order already. */
export function* inOrder(recordings: readonly Recording[]): Generator<Recorded> {
  const heads = recordings.map(({ recorded }) => {
    const rest = recorded[Symbol.iterator]();
    return { rest, next: rest.next() };
  });
  for (;;) {
    const [first, ...others] = heads.filter(({ next }) => next.done !== true);
    if (!first) return;
    const earliest = others.reduce((a, b) => (b.next.value.atMs < a.next.value.atMs ? b : a), first);
    yield earliest.next.value;
    earliest.next = earliest.rest.next();
  }
}

const merge = (all: readonly Played[]): Played => {
  const times = all.flatMap(({ firstMs, lastMs }) => (firstMs === null || lastMs === null ? [] : [firstMs, lastMs]));
  const unused = new Map<string, number>();
  for (const played of all)
    for (const [reason, count] of played.unused) unused.set(reason, (unused.get(reason) ?? 0) + count);
  return {
    told: all.flatMap(({ told }) => told).toSorted((a, b) => a.atMs - b.atMs),
    alerts: all.flatMap(({ alerts }) => alerts).toSorted((a, b) => a.openedAt.localeCompare(b.openedAt)),
    polls: all.reduce((sum, { polls }) => sum + polls, 0),
    webhooks: all.reduce((sum, { webhooks }) => sum + webhooks, 0),
    firstMs: times.length === 0 ? null : Math.min(...times),
    lastMs: times.length === 0 ? null : Math.max(...times),
    unused,
  };
};

export const playAll = async (recordings: Recordings, options: PlayAllOptions, io: Io): Promise<Played> => {
  const total = [...recordings.values()].flat().reduce((sum, { count }) => sum + count, 0);
  let count = 0;
  let shownMs = 0;
  const onPlayed = (): void => {
    count += 1;
    const nowMs = io.now();
    if (nowMs - shownMs < progressEveryMs) return;
    shownMs = nowMs;
    io.showProgress(`${options.what}: ${count} of ${total}`);
  };
  const all: Played[] = [];
  for (const [page, ofPage] of recordings) all.push(await play(inOrder(ofPage), { ...options, page, onPlayed }));
  io.showProgress('');
  return merge(all);
};
