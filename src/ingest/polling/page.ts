// One status page: fetches it, decides what the summary means in the light of what is known, and emits one signal for
// each thing that is wrong and for each thing that is over. A fetch that failed resolves nothing.
import { randomUUID } from 'node:crypto';
import { errorText, StoreUnavailable } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { toIso } from '../../lib/time.ts';
import type { Bus } from '../../pipeline/bus.ts';
import type { Outcome, Outcomes } from '../../pipeline/signal-outcome.ts';
import type { StatuspagePayload } from '../statuspage/normalize.ts';
import { type OpenEvent, payloadsOf } from '../statuspage/payloads.ts';
import { countItems, type Summary } from '../statuspage/schema.ts';
import type { SummaryReader } from './fetch.ts';
import { afterFailure, examine, type PageState, readPageState } from './page-state.ts';

/** What a page needs of the store. */
export interface PageStore {
  openEvents(source: string): Promise<readonly OpenEvent[]>;
  loadState(key: string): Promise<unknown>;
  saveState(key: string, state: unknown): Promise<void>;
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export interface PageDeps {
  readonly bus: Bus;
  readonly outcomes: Outcomes;
  readonly store: PageStore;
  readonly log: Log;
  readonly now: () => number;
  readonly staleAfterSeconds: number;
}

export interface PageReport {
  readonly page: string;
  /** Whether the page was read and belongs here; an old copy is, but nothing of it is used. */
  readonly ok: boolean;
  readonly verdict: 'good' | 'stale' | 'failed' | 'wrong_page';
  /** Well-formed incidents, scheduled maintenances and leaf components. */
  readonly fetched: number;
  /** Malformed items, which were left out. */
  readonly skipped: number;
  readonly errors: readonly string[];
  readonly outcomes: readonly Outcome[];
}

export interface Page {
  readonly name: string;
  readonly source: string;
  /** Fetches and processes once. Rejects only when the store cannot answer. */
  pull(requestId: string): Promise<PageReport>;
  state(): Promise<PageState>;
}

export const createPage = (name: string, read: SummaryReader, deps: PageDeps): Page => {
  const { bus, outcomes, store, log, now } = deps;
  const source = `${name}_status`;
  const stateKey = `page:${source}`;
  const staleAfterMs = deps.staleAfterSeconds * 1000;

  const loadState = async (): Promise<PageState> => readPageState(await store.loadState(stateKey));

  const emit = async (payloads: readonly StatuspagePayload[], requestId: string): Promise<readonly Outcome[]> => {
    const ends = payloads.map((payload) => {
      const signalId = randomUUID();
      const outcome = outcomes.expect(signalId, 'routed');
      bus.publish('signal.received', { signalId, requestId, vendor: 'statuspage', source, payload });
      return outcome;
    });
    const all = await Promise.all(ends);
    for (const outcome of all) {
      if (outcome.kind === 'failed' && outcome.error instanceof StoreUnavailable) throw outcome.error;
    }
    return all;
  };

  const keep = async (before: PageState, after: PageState, requestId: string): Promise<void> => {
    await store.saveState(stateKey, after);
    if (before.condition === after.condition) return;
    const { condition, last_error: error, failing_since: failingSince } = after;
    const line = {
      request_id: requestId,
      page: name,
      from: before.condition,
      to: condition,
      error,
      failing_since: failingSince,
    };
    if (condition === 'good') log.info(line, 'page.changed');
    else log.warn(line, 'page.changed');
  };

  /** When nothing could be learned: says so by an event of its own once that has lasted too long. */
  const learnNothing = async (before: PageState, after: PageState, requestId: string): Promise<readonly Outcome[]> => {
    const isBlind = after.condition === 'blind' && after.failing_since !== null;
    const ended = isBlind
      ? await emit(
          [
            {
              type: 'blind',
              page: name,
              pageUpdatedAt: null,
              fetchedAt: toIso(now()),
              since: after.failing_since,
              error: after.last_error ?? 'for an unknown reason',
            },
          ],
          requestId,
        )
      : [];
    await keep(before, after, requestId);
    return ended;
  };

  const fail = async (before: PageState, reason: string, requestId: string): Promise<PageReport> => {
    log.warn({ request_id: requestId, page: name, error: reason }, 'page.fetch_failed');
    const ended = await learnNothing(before, afterFailure(before, reason, now(), staleAfterMs), requestId);
    return { page: name, ok: false, verdict: 'failed', fetched: 0, skipped: 0, errors: [reason], outcomes: ended };
  };

  const process = async (before: PageState, summary: Summary, requestId: string): Promise<PageReport> => {
    const fetchedMs = now();
    const examined = examine(before, summary, fetchedMs, staleAfterMs);
    const { verdict } = examined;
    const report = { page: name, ok: true, verdict, fetched: 0, skipped: 0, errors: [], outcomes: [] };
    if (examined.verdict === 'wrong_page') {
      log.warn({ request_id: requestId, page: name, error: examined.error }, 'page.fetch_failed');
      const ended = await learnNothing(before, examined.state, requestId);
      return { ...report, ok: false, errors: [examined.error], outcomes: ended };
    }
    if (examined.verdict === 'stale') {
      const line = {
        request_id: requestId,
        page: name,
        updated_at: summary.updatedAt,
        newest: before.newest_updated_at,
      };
      log.warn(line, 'page.stale');
      return { ...report, outcomes: await learnNothing(before, examined.state, requestId) };
    }
    if (examined.adopted) {
      log.warn({ request_id: requestId, page: name, from: before.page_id, to: summary.pageId }, 'page.id_adopted');
    }
    for (const item of summary.malformed) log.warn({ request_id: requestId, page: name, item }, 'page.item_skipped');

    // Before anything of it is used: if only a part can be, an older copy must still be known for one.
    const { page_id: pageId, newest_updated_at: newest } = examined.state;
    if (pageId !== before.page_id || newest !== before.newest_updated_at) {
      await store.saveState(stateKey, { ...before, page_id: pageId, newest_updated_at: newest });
    }
    const payloads = payloadsOf(source, name, summary, await store.openEvents(source), fetchedMs);
    const ended = await emit(payloads, requestId);
    await keep(before, examined.state, requestId);
    const failures = ended.flatMap((end) => (end.kind === 'failed' ? [`not processed: ${errorText(end.error)}`] : []));
    return {
      ...report,
      fetched: countItems(summary),
      skipped: summary.malformed.length,
      errors: [...summary.malformed, ...failures],
      outcomes: ended,
    };
  };

  return {
    name,
    source,
    state: loadState,
    async pull(requestId) {
      // Another replica may pull the page too. Whoever comes second reads it after the first has processed it, for not
      // every page says how old it is.
      return store.exclusively(stateKey, async () => {
        const reading = await read().then(
          (summary) => ({ summary }),
          (error: unknown) => ({ reason: errorText(error) }),
        );
        const before = await loadState();
        return 'summary' in reading
          ? process(before, reading.summary, requestId)
          : fail(before, reading.reason, requestId);
      });
    },
  };
};
