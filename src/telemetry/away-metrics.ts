// What was fetched because we were away, and how the rates of failed payments stand.
import type { BackfillEnd, BackfillObserver } from '../ingest/backfill/backfill.ts';
import type { RateStanding } from '../pipeline/rates-state.ts';
import type { MetricFactory } from './metric-factory.ts';

export interface AwayMetrics {
  readonly backfill: BackfillObserver;
  /** Replaces what is known of the rates. */
  showRates(rates: readonly RateStanding[]): void;
}

const ends: readonly BackfillEnd[] = ['done', 'refused', 'incomplete'];

export const createAwayMetrics = (factory: MetricFactory, sources: readonly string[]): AwayMetrics => {
  const running = factory.gauge('backfill_running', '1 while this process fetches what was missed.', ['source']);
  const events = factory.counter('backfill_events_total', 'New events that were fetched after a stop.', ['source']);
  const ended = factory.counter('backfills_total', 'Fetches of what was missed, by how they ended.', [
    'source',
    'outcome',
  ]);
  const high = factory.gauge('rate_values_high', 'Currencies or accounts whose share of failures is too high.', [
    'rate',
  ]);
  const values = factory.gauge('rate_values', 'Currencies or accounts that a rate tells apart; 200 at most.', ['rate']);
  for (const source of sources) {
    running.set({ source }, 0);
    events.inc({ source }, 0);
    for (const outcome of ends) ended.inc({ source, outcome }, 0);
  }
  return {
    backfill: {
      began: (source) => running.set({ source }, 1),
      stored: (source) => events.inc({ source }),
      ended(source, outcome) {
        running.set({ source }, 0);
        ended.inc({ source, outcome });
      },
    },
    showRates(rates) {
      high.reset();
      values.reset();
      for (const rate of rates) {
        high.set({ rate: rate.name }, rate.high);
        values.set({ rate: rate.name }, rate.values);
      }
    },
  };
};
