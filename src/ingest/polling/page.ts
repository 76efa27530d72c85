// One status page: fetches it, and emits what it read as one signal, with all that its meaning depends on. A fetch that
// failed is a signal only once it has failed for too long.
import { sourceOfPage } from '../../domain/status-page-name.ts';
import { errorText } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { cut } from '../../lib/text.ts';
import { toIso } from '../../lib/time.ts';
import type { Outcome } from '../../pipeline/topics.ts';
import type { PublishSignalDeps } from '../publish-signal.ts';
import { malformedLines } from '../read-items.ts';
import { countItems, type Summary } from '../status-page.ts';
import { afterFailure, afterSilence } from './after-failure.ts';
import { createCatchUp } from './catch-up.ts';
import { createEmit } from './emit.ts';
import { examine } from './examine.ts';
import type { SummaryReader } from './fetch.ts';
import { FetchFailed } from './fetch-failed.ts';
import type { HistoryReader } from './history.ts';
import { createPageLog } from './page-log.ts';
import { hasLasted, type PageMemory, type PageState, readPageMemory, shownState } from './page-state.ts';
import type { Ongoing, SummaryPayload } from './payload.ts';
import { type UsedName, whatIsMissing, whichUsesAreMissing } from './what-is-missing.ts';

/** What a status page needs of the store. */
export interface PageStore {
  ongoingEvents(source: string): Promise<readonly Ongoing[]>;
  loadState(key: string): Promise<unknown>;
  saveState(key: string, state: unknown): Promise<void>;
  withLock<T>(name: string, work: (isHeld: () => Promise<boolean>) => Promise<T>): Promise<T>;
}

export interface PageDeps extends PublishSignalDeps {
  readonly store: PageStore;
  readonly log: Log;
  readonly now: () => number;
  readonly staleAfterSeconds: number;
  /** The names that the rules use of this status page; empty where they use all. */
  readonly uses?: () => readonly UsedName[];
  /** Reads its past after a time in which it was not read; see catch-up.ts. */
  readonly readHistory?: HistoryReader | undefined;
  readonly background?: (work: Promise<void>) => void;
  /** Whether it is the fixture that stands in for a status page, of which people must not be told. */
  readonly isFixture?: boolean;
}

export interface PageReport {
  readonly page: string;
  /** Whether the status page was read and belongs here; an old copy does, but nothing of it is used. */
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
  /** Reports that it has become blind, without asking the vendor, who wants to be left alone. */
  reportBlind(requestId: string): Promise<void>;
  memory(): Promise<PageMemory>;
  state(): Promise<PageState>;
}

const maxErrorChars = 2000;

export const createPage = (name: string, read: SummaryReader, deps: PageDeps): Page => {
  const { store, now, uses = () => [], readHistory, background = () => undefined, isFixture = false } = deps;
  const source = sourceOfPage(name);
  // What is known of a fixture must cast no doubt on the status page that takes its place.
  const stateKey = `page:${source}${isFixture ? ':fixture' : ''}`;
  const staleAfterMs = deps.staleAfterSeconds * 1000;
  const logs = createPageLog(name, deps.log);

  const memory = async (): Promise<PageMemory> => readPageMemory(await store.loadState(stateKey));

  const emit = createEmit(source, deps);
  const catchUp = createCatchUp({ page: name, readHistory, emit, background, log: deps.log });

  const keep = async (before: PageMemory, after: PageMemory, requestId: string): Promise<void> => {
    await store.saveState(stateKey, after);
    logs.changed(before, after, requestId);
  };

  /** When nothing could be learned: says so by an event of its own once that has lasted too long. */
  const learnNothing = async (
    before: PageMemory,
    after: PageMemory,
    requestId: string,
  ): Promise<readonly Outcome[]> => {
    const { condition, failing_since: since, last_error: error } = after;
    const isBlind = condition === 'blind' && since !== null;
    const ended = isBlind
      ? await emit(
          { type: 'blind', page: name, fetchedAt: toIso(now()), since, error: error ?? 'for an unknown reason' },
          requestId,
        )
      : [];
    await keep(before, after, requestId);
    return ended;
  };

  const nothing = { page: name, fetched: 0, skipped: 0, errors: [], outcomes: [] };

  const fail = async (before: PageMemory, failure: unknown, requestId: string): Promise<PageReport> => {
    const reason = cut(errorText(failure), maxErrorChars);
    const retryAfterMs = failure instanceof FetchFailed ? failure.retryAfterMs : null;
    logs.failed(reason, requestId);
    const after = afterFailure(before, reason, now(), staleAfterMs, retryAfterMs);
    const ended = await learnNothing(before, after, requestId);
    return { ...nothing, ok: false, verdict: 'failed', errors: [reason], outcomes: ended };
  };

  const use = async (
    before: PageMemory,
    after: PageMemory,
    summary: Summary,
    requestId: string,
  ): Promise<PageReport> => {
    logs.oddities(summary, requestId);
    const { page_id, newest_updated_at } = after;
    // Before anything of it is used: if only a part can be, an older copy must still be known for one.
    if (page_id !== before.page_id || newest_updated_at !== before.newest_updated_at)
      await store.saveState(stateKey, { ...before, page_id, newest_updated_at });

    const ongoing = await store.ongoingEvents(source);
    const missing = whatIsMissing(before, source, summary, ongoing, now());
    const usesMissing = whichUsesAreMissing(before.uses_missing_since, uses(), summary, now());
    const vanishedUses = Object.entries(usesMissing)
      .filter(([, since]) => hasLasted(since, now(), staleAfterMs))
      .map(([used, since]) => ({ name: used, since }));
    const payload: SummaryPayload = {
      type: 'summary',
      page: name,
      fetchedAt: toIso(now()),
      summary,
      ongoing,
      missingSince: missing.missing_since,
      contradictsSince: missing.contradicts_since,
      vanishedUses,
      staleAfterMs,
      firstLook: before.last_good_at === null,
      ...(isFixture && { isFixture }),
    };
    const ended = await emit(payload, requestId);
    await keep(
      before,
      { ...after, ...missing, uses_missing_since: usesMissing, page_name: summary.pageName ?? before.page_name },
      requestId,
    );
    catchUp(before.last_good_at, payload, requestId);
    const failures = ended.flatMap((end) => (end.kind === 'failed' ? [`not processed: ${errorText(end.error)}`] : []));
    return {
      ...nothing,
      ok: true,
      verdict: 'good',
      fetched: countItems(summary),
      skipped: summary.malformed.count,
      errors: [...malformedLines(summary.malformed), ...new Set(failures)],
      outcomes: ended,
    };
  };

  /** Another replica has read the status page since: what was read here may be over, and nothing of it is kept. */
  const leave = (requestId: string): PageReport => {
    const reason = 'this process was halted while it read the status page, and another replica has read it since';
    logs.failed(reason, requestId);
    return { ...nothing, ok: false, verdict: 'failed', errors: [reason] };
  };

  const process = async (before: PageMemory, summary: Summary, requestId: string): Promise<PageReport> => {
    const examined = examine(before, summary, now(), staleAfterMs);
    const { verdict, memory: after } = examined;
    if (verdict === 'wrong_page') {
      logs.failed(examined.error, requestId);
      const ended = await learnNothing(before, after, requestId);
      return { ...nothing, ok: false, verdict, errors: [examined.error], outcomes: ended };
    }
    if (verdict === 'stale') {
      logs.stale(before, summary, requestId);
      return { ...nothing, ok: true, verdict, outcomes: await learnNothing(before, after, requestId) };
    }
    if (examined.adopted !== null) logs.adopted(examined.adopted, before, summary, requestId);
    return use(before, after, summary, requestId);
  };

  return {
    name,
    source,
    memory,
    state: async () => shownState(await memory()),
    // Another replica may pull the status page too. The second reads it after the first has processed it, for not
    // every status page says how old it is.
    pull: (requestId) =>
      store.withLock(stateKey, async (isHeld) => {
        const reading = await read().then(
          (summary) => ({ summary }),
          (failure: unknown) => ({ failure }),
        );
        const before = await memory();
        if (!(await isHeld())) return leave(requestId);
        return 'summary' in reading
          ? process(before, reading.summary, requestId)
          : fail(before, reading.failure, requestId);
      }),
    reportBlind: (requestId) =>
      store.withLock(stateKey, async () => {
        const before = await memory();
        await learnNothing(before, afterSilence(before, now(), staleAfterMs), requestId);
      }),
  };
};
