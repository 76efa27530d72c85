// After a time in which a status page was not read: asks it for its past, in the background, for what began and ended
// meanwhile. A failure is tried again at the next good fetch, a few times.
import { errorText } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Outcome } from '../../pipeline/topics.ts';
import type { HistoryReader } from './history.ts';
import type { StatusPagePayload, SummaryPayload } from './payload.ts';

/** A shorter time between two good fetches hides nothing that somebody would miss. */
const gapMs = 5 * 60_000;
const maxTries = 5;
/** More than any status page lists. */
const maxIncidents = 100;

export interface CatchUpDeps {
  readonly page: string;
  readonly readHistory: HistoryReader | undefined;
  readonly emit: (payload: StatusPagePayload, requestId: string) => Promise<readonly Outcome[]>;
  /** Is given the work that goes on in the background. It never rejects. */
  readonly background: (work: Promise<void>) => void;
  readonly log: Log;
}

/** @returns told of each good fetch, and when the one before was; null for the first */
export const createCatchUp = ({ page, readHistory, emit, background, log }: CatchUpDeps) => {
  let gap: { readonly since: string; readonly tries: number } | undefined;

  const catchUp = async (read: HistoryReader, since: string, payload: SummaryPayload, requestId: string) => {
    const incidents = await read(payload.summary);
    const over = (incidents ?? [])
      .filter(({ isOver, resolvedAt }) => isOver && resolvedAt !== null && resolvedAt > since)
      .slice(0, maxIncidents);
    if (over.length === 0) return;
    const summary = { ...payload.summary, incidents: over };
    await emit({ ...payload, type: 'history', summary }, requestId);
    log.info({ request_id: requestId, page, since, incidents: over.length }, 'page.caught_up');
  };

  return (lastGoodAt: string | null, payload: SummaryPayload, requestId: string): void => {
    if (!readHistory || lastGoodAt === null) return;
    const isLong = Date.parse(payload.fetchedAt) - Date.parse(lastGoodAt) >= gapMs;
    gap ??= isLong ? { since: lastGoodAt, tries: 0 } : undefined;
    if (!gap) return;
    const { since, tries } = gap;
    gap = undefined;
    background(
      catchUp(readHistory, since, payload, requestId).catch((error: unknown) => {
        if (tries + 1 < maxTries) gap = { since, tries: tries + 1 };
        log.warn({ request_id: requestId, page, since, error: errorText(error) }, 'page.history_not_read');
      }),
    );
  };
};
