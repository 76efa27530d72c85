// What is known of one page from one fetch to the next, and what a fetch means in the light of it. Pure, and kept in
// the store, so that a restart neither forgets how old the newest copy was nor how long the page has been away.
import * as z from 'zod';
import { toIso } from '../../lib/time.ts';

export const conditions = ['unknown', 'good', 'stale', 'failing', 'blind'] as const;

const moment = z.string().nullable();

export const pageStateSchema = z.object({
  /** How the last fetch left the page: `stale` is an old copy, `blind` has failed for too long. */
  condition: z.enum(conditions),
  page_id: z.string().nullable(),
  /** The newest `page.updated_at` that was processed. */
  newest_updated_at: moment,
  last_good_at: moment,
  last_attempt_at: moment,
  last_error: z.string().nullable(),
  consecutive_failures: z.number(),
  /** Since when nothing new could be learned from the page. */
  failing_since: moment,
  /** Another page's id that answers in this one's place, and since when it has done so without a break. */
  candidate: z.object({ page_id: z.string(), since: z.string() }).nullable(),
});

export type PageState = Readonly<z.infer<typeof pageStateSchema>>;

const unknown: PageState = {
  condition: 'unknown',
  page_id: null,
  newest_updated_at: null,
  last_good_at: null,
  last_attempt_at: null,
  last_error: null,
  consecutive_failures: 0,
  failing_since: null,
  candidate: null,
};

/** The state as it was stored, or that of a page never fetched. */
export const readPageState = (stored: unknown): PageState => {
  const result = pageStateSchema.safeParse(stored);
  return result.success ? result.data : unknown;
};

const learnedNothing = (
  state: PageState,
  condition: 'stale' | 'failing',
  nowMs: number,
  staleAfterMs: number,
): PageState => {
  const failingSince = state.failing_since ?? toIso(nowMs);
  const isBlind = nowMs - Date.parse(failingSince) >= staleAfterMs;
  return {
    ...state,
    condition: isBlind ? 'blind' : condition,
    last_attempt_at: toIso(nowMs),
    failing_since: failingSince,
  };
};

export const afterFailure = (state: PageState, error: string, nowMs: number, staleAfterMs: number): PageState => ({
  ...learnedNothing(state, 'failing', nowMs, staleAfterMs),
  last_error: error,
  consecutive_failures: state.consecutive_failures + 1,
  candidate: null,
});

export type Examination =
  | { readonly verdict: 'good'; readonly state: PageState; readonly adopted: boolean }
  | { readonly verdict: 'stale'; readonly state: PageState }
  | { readonly verdict: 'wrong_page'; readonly state: PageState; readonly error: string };

/** What a summary that was read whole means: news, an old copy, or another customer's page. */
export const examine = (
  state: PageState,
  { pageId, updatedAt }: { readonly pageId: string; readonly updatedAt: string | null },
  nowMs: number,
  staleAfterMs: number,
): Examination => {
  const isOther = state.page_id !== null && state.page_id !== pageId;
  if (isOther) {
    const since = state.candidate?.page_id === pageId ? state.candidate.since : toIso(nowMs);
    if (nowMs - Date.parse(since) < staleAfterMs) {
      const error = `it is another page: its id is "${pageId}", that of this page is "${state.page_id}"`;
      const failed = afterFailure(state, error, nowMs, staleAfterMs);
      return { verdict: 'wrong_page', error, state: { ...failed, candidate: { page_id: pageId, since } } };
    }
  }
  const newest = isOther ? null : state.newest_updated_at;
  if (updatedAt !== null && newest !== null && updatedAt < newest) {
    const error = `it is an old copy, of ${updatedAt}; one of ${newest} is known`;
    const stale = learnedNothing(state, 'stale', nowMs, staleAfterMs);
    return { verdict: 'stale', state: { ...stale, last_error: error, consecutive_failures: 0, candidate: null } };
  }
  return {
    verdict: 'good',
    adopted: isOther,
    state: {
      condition: 'good',
      page_id: pageId,
      newest_updated_at: updatedAt ?? newest,
      last_good_at: toIso(nowMs),
      last_attempt_at: toIso(nowMs),
      last_error: null,
      consecutive_failures: 0,
      failing_since: null,
      candidate: null,
    },
  };
};
