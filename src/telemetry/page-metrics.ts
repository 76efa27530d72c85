// The status pages: what each fetch came to, and how each page stands, which replicas share through the store.
import type { PageReport } from '../ingest/polling/page.ts';
import { conditions, type PageState } from '../ingest/polling/page-state.ts';
import type { MetricFactory } from './metric-factory.ts';

export interface PageMetrics {
  /** Counts from zero on for these. */
  begin(names: readonly string[]): void;
  pulled(report: PageReport): void;
  /** Replaces what is known of the pages; by nothing when it cannot be had. */
  show(pages: readonly { readonly name: string; readonly state: PageState }[], nowMs: number): void;
}

const verdicts: readonly PageReport['verdict'][] = ['good', 'stale', 'failed', 'wrong_page'];

export const createPageMetrics = (factory: MetricFactory): PageMetrics => {
  const fetches = factory.counter('page_fetches_total', 'Fetches of status pages, by what they came to.', [
    'page',
    'outcome',
  ]);
  const skipped = factory.counter('page_items_skipped_total', 'Malformed incidents and components, left out.', [
    'page',
  ]);
  const condition = factory.gauge(
    'page_condition',
    '1 for the condition in which the last fetch left the status page.',
    ['page', 'condition'],
  );
  const lastGood = factory.gauge('page_last_good_timestamp_seconds', 'When the status page was last read well.', [
    'page',
  ]);
  const lastAttempt = factory.gauge('page_last_attempt_timestamp_seconds', 'When the status page was last asked for.', [
    'page',
  ]);
  const staleness = factory.gauge('page_staleness_seconds', 'How long ago the status page was last read well.', [
    'page',
  ]);

  const showOne = (page: string, state: PageState, nowMs: number): void => {
    for (const each of conditions) condition.set({ page, condition: each }, state.condition === each ? 1 : 0);
    if (state.last_attempt_at !== null) lastAttempt.set({ page }, Date.parse(state.last_attempt_at) / 1000);
    if (state.last_good_at === null) return;
    const goodMs = Date.parse(state.last_good_at);
    lastGood.set({ page }, goodMs / 1000);
    staleness.set({ page }, Math.max(0, nowMs - goodMs) / 1000);
  };

  return {
    begin(names) {
      for (const page of names) {
        for (const outcome of verdicts) fetches.inc({ page, outcome }, 0);
        skipped.inc({ page }, 0);
      }
    },
    pulled({ page, verdict, skipped: count }) {
      fetches.inc({ page, outcome: verdict });
      skipped.inc({ page }, count);
    },
    show(pages, nowMs) {
      for (const gauge of [condition, lastGood, lastAttempt, staleness]) gauge.reset();
      for (const { name, state } of pages) showOne(name, state, nowMs);
    },
  };
};
