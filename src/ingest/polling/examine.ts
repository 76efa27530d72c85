// What a summary that was read means in the light of what is known of its status page. Pure.
import { believed } from '../../domain/lifecycle.ts';
import { toIso } from '../../lib/time.ts';
import { afterFailure, learnedNothing } from './after-failure.ts';
import { hasLasted, nothingKnown, type PageMemory, sinceOr } from './page-state.ts';

/** A host that answers with more pages than this in turn is not read. */
const maxCandidates = 10;

export type Examination =
  | { readonly verdict: 'good'; readonly memory: PageMemory; readonly adopted: 'other_page' | 'older_copy' | null }
  | { readonly verdict: 'stale'; readonly memory: PageMemory }
  | { readonly verdict: 'wrong_page'; readonly memory: PageMemory; readonly error: string };

/** What identifies a summary. */
interface Copy {
  readonly pageId: string;
  readonly updatedAt: string | null;
  readonly isOfAnybody?: true;
}

/**
 * Another customer's page: believed only when this one has not answered for long, and it has answered all the while with
 * something that an outage could be told from.
 */
const examineOther = (
  memory: PageMemory,
  { pageId, isOfAnybody }: Copy,
  nowMs: number,
  staleAfterMs: number,
): Examination | null => {
  const known = memory.candidates.find((candidate) => candidate.page_id === pageId);
  const since = sinceOr(known?.since, nowMs);
  if (!isOfAnybody && hasLasted(since, nowMs, staleAfterMs)) return null;
  const error = `it is another status page: its id is "${pageId}", and the id of this one is "${memory.page_id}"`;
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
  newest_updated_at: believed(copy.updatedAt, nowMs) ?? newest,
  last_good_at: toIso(nowMs),
  last_attempt_at: toIso(nowMs),
  missing_since: memory.missing_since,
  contradicts_since: memory.contradicts_since,
});

/** What a summary that was read whole means: news, an old copy, or another customer's page. */
export const examine = (memory: PageMemory, copy: Copy, nowMs: number, staleAfterMs: number): Examination => {
  const isOther = memory.page_id !== null && memory.page_id !== copy.pageId;
  const refused = isOther ? examineOther(memory, copy, nowMs, staleAfterMs) : null;
  if (refused) return refused;

  const newest = isOther ? null : believed(memory.newest_updated_at, nowMs);
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
