// What is known of a status page from one fetch to the next, and what a fetch means in the light of it. Pure, and kept in
// the store, so that a restart neither forgets how old the newest copy was nor how long the status page has been away.
import * as z from 'zod';
import { toIso } from '../../lib/time.ts';
import { believable } from './payload.ts';

export const conditions = ['unknown', 'good', 'stale', 'failing', 'blind'] as const;

const moment = z.string().nullable();
const candidateSchema = z.object({ page_id: z.string(), since: z.string() });

/** As `GET /pages` shows it. */
export const pageStateSchema = z.object({
  /** How the last fetch left the status page: `stale` is an old copy, `blind` has failed for too long. */
  condition: z.enum(conditions),
  page_id: z.string().nullable(),
  /** The newest `page.updated_at` that was processed. */
  newest_updated_at: moment,
  last_good_at: moment,
  last_attempt_at: moment,
  last_error: z.string().nullable(),
  consecutive_failures: z.number(),
  /** Since when nothing new could be learned from the status page. */
  failing_since: moment,
  /** Another page's id that answers in this one's place, and since when this one has not answered. */
  candidate: candidateSchema.nullable(),
});

export type PageState = Readonly<z.infer<typeof pageStateSchema>>;

const memorySchema = pageStateSchema.extend({
  /** Until when the status page asked to be left alone. */
  retry_at: moment.default(null),
  /** Since when only older copies have answered. */
  stale_since: moment.default(null),
  /** The ids of other pages that answered since this one did last. */
  candidates: z.array(candidateSchema.readonly()).readonly().default([]),
  /** Since when an ongoing component has been missing from every good fetch, by subject. */
  missing_since: z.record(z.string(), z.string()).readonly().default({}),
  contradicts_since: moment.default(null),
});

export type PageMemory = Readonly<z.infer<typeof memorySchema>>;

/** A host that answers with more pages than this in turn is not read. */
const maxCandidates = 10;

const nothingKnown: PageMemory = {
  condition: 'unknown',
  page_id: null,
  newest_updated_at: null,
  last_good_at: null,
  last_attempt_at: null,
  last_error: null,
  consecutive_failures: 0,
  failing_since: null,
  candidate: null,
  retry_at: null,
  stale_since: null,
  candidates: [],
  missing_since: {},
  contradicts_since: null,
};

/** What was stored, or what is known of a status page that was never fetched. */
export const readPageMemory = (stored: unknown): PageMemory => {
  const result = memorySchema.safeParse(stored);
  return result.success ? result.data : nothingKnown;
};

/** The part that is shown. */
export const shownState = (memory: PageMemory): PageState => pageStateSchema.parse(memory);

/** A remembered beginning, or now. One that lies ahead is of before our clock stepped back. */
export const sinceOr = (since: string | null | undefined, nowMs: number): string =>
  typeof since === 'string' && Date.parse(since) <= nowMs ? since : toIso(nowMs);

const hasLasted = (since: string, nowMs: number, forMs: number): boolean => nowMs - Date.parse(since) >= forMs;

const learnedNothing = (
  memory: PageMemory,
  condition: 'stale' | 'failing',
  nowMs: number,
  staleAfterMs: number,
): PageMemory => {
  // The event of a blindness is named after its beginning, which must not move while it lasts.
  const wasBlind = memory.condition === 'blind' && memory.failing_since !== null;
  const failingSince = wasBlind ? memory.failing_since : sinceOr(memory.failing_since, nowMs);
  const isBlind = wasBlind || (failingSince !== null && hasLasted(failingSince, nowMs, staleAfterMs));
  return {
    ...memory,
    condition: isBlind ? 'blind' : condition,
    last_attempt_at: toIso(nowMs),
    failing_since: failingSince,
    candidate: null,
    candidates: [],
    retry_at: null,
    stale_since: null,
  };
};

/** @param retryAfterMs how long the status page asked to be left alone */
export const afterFailure = (
  memory: PageMemory,
  error: string,
  nowMs: number,
  staleAfterMs: number,
  retryAfterMs: number | null = null,
): PageMemory => ({
  ...learnedNothing(memory, 'failing', nowMs, staleAfterMs),
  last_error: error,
  consecutive_failures: memory.consecutive_failures + 1,
  retry_at: retryAfterMs === null ? null : toIso(nowMs + retryAfterMs),
});

/** A status page that nobody asked because it wanted to be left alone, and that is blind by now. */
export const afterSilence = (memory: PageMemory, nowMs: number, staleAfterMs: number): PageMemory => {
  const { retry_at, last_attempt_at } = memory;
  return { ...learnedNothing(memory, 'failing', nowMs, staleAfterMs), retry_at, last_attempt_at };
};

export type Examination =
  | { readonly verdict: 'good'; readonly memory: PageMemory; readonly adopted: 'other_page' | 'older_copy' | null }
  | { readonly verdict: 'stale'; readonly memory: PageMemory }
  | { readonly verdict: 'wrong_page'; readonly memory: PageMemory; readonly error: string };

/** What identifies a summary. */
interface Copy {
  readonly pageId: string;
  readonly updatedAt: string | null;
}

/** Another customer's page: believed only when this one has not answered for long, and it has answered all the while. */
const examineOther = (memory: PageMemory, pageId: string, nowMs: number, staleAfterMs: number): Examination | null => {
  const known = memory.candidates.find((candidate) => candidate.page_id === pageId);
  const since = sinceOr(known?.since, nowMs);
  if (hasLasted(since, nowMs, staleAfterMs)) return null;
  const error = `it is another page: its id is "${pageId}", that of this page is "${memory.page_id}"`;
  const candidate = { page_id: pageId, since };
  const others = memory.candidates.filter((other) => other.page_id !== pageId);
  return {
    verdict: 'wrong_page',
    error,
    memory: {
      ...afterFailure(memory, error, nowMs, staleAfterMs),
      candidate,
      candidates: [...others, candidate].slice(-maxCandidates),
    },
  };
};

const good = (memory: PageMemory, copy: Copy, newest: string | null, nowMs: number): PageMemory => ({
  ...nothingKnown,
  condition: 'good',
  page_id: copy.pageId,
  newest_updated_at: believable(copy.updatedAt, nowMs) ?? newest,
  last_good_at: toIso(nowMs),
  last_attempt_at: toIso(nowMs),
  missing_since: memory.missing_since,
  contradicts_since: memory.contradicts_since,
});

/** What a summary that was read whole means: news, an old copy, or another customer's page. */
export const examine = (memory: PageMemory, copy: Copy, nowMs: number, staleAfterMs: number): Examination => {
  const isOther = memory.page_id !== null && memory.page_id !== copy.pageId;
  const refused = isOther ? examineOther(memory, copy.pageId, nowMs, staleAfterMs) : null;
  if (refused) return refused;

  const newest = isOther ? null : believable(memory.newest_updated_at, nowMs);
  const isOlder = copy.updatedAt !== null && newest !== null && copy.updatedAt < newest;
  if (!isOlder)
    return { verdict: 'good', adopted: isOther ? 'other_page' : null, memory: good(memory, copy, newest, nowMs) };

  const staleSince = sinceOr(memory.stale_since, nowMs);
  if (hasLasted(staleSince, nowMs, staleAfterMs))
    return { verdict: 'good', adopted: 'older_copy', memory: good(memory, copy, null, nowMs) };
  return {
    verdict: 'stale',
    memory: {
      ...learnedNothing(memory, 'stale', nowMs, staleAfterMs),
      last_error: `it is an old copy, of ${copy.updatedAt}; one of ${newest} is known`,
      consecutive_failures: 0,
      stale_since: staleSince,
    },
  };
};
