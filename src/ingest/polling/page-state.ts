// What is known of a status page from one fetch to the next. It is kept in the store, so that a restart neither forgets
// how old the newest copy was nor how long the status page has been away.
import * as z from 'zod';
import { hasCome, toIso } from '../../lib/time.ts';

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
  /** As the vendor calls it. */
  page_name: z.string().nullable().default(null),
  /** Since when a name that the rules use has not been listed, by name. */
  uses_missing_since: z.record(z.string(), z.string()).readonly().default({}),
});

export type PageMemory = Readonly<z.infer<typeof memorySchema>>;

export const nothingKnown: PageMemory = {
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
  page_name: null,
  uses_missing_since: {},
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
  typeof since === 'string' && hasCome(since, nowMs) ? since : toIso(nowMs);

export const hasLasted = (since: string, nowMs: number, forMs: number): boolean => nowMs - Date.parse(since) >= forMs;
