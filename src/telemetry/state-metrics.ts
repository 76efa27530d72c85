// What is true at the moment of a scrape, asked of those who know it.
import { sourceOfPage } from '../domain/status-page-name.ts';
import { withDeadline } from '../lib/with-deadline.ts';
import type { DestinationStates } from '../sinks/destination-states.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { AlertMetrics } from './alert-metrics.ts';
import type { DestinationMetrics } from './destination-metrics.ts';
import type { MetricFactory } from './metric-factory.ts';
import type { PageMetrics } from './page-metrics.ts';
import type { SignalMetrics } from './signal-metrics.ts';
import type { StoreMetrics } from './store-metrics.ts';

export interface Watched {
  /** The names that labels have now. New rules may bring some. */
  readonly names: () => { readonly pages: readonly string[]; readonly destinations: readonly string[] };
  readonly store: Pick<EventStore, 'backlog' | 'listEvents' | 'listAlerts'>;
  readonly destinations: DestinationStates;
  /** Whether the newest load of the rules was taken; true where there is no file. */
  readonly areRulesLoaded: () => boolean;
  readonly pages: () => Promise<Parameters<PageMetrics['show']>[0]>;
  /** 0 when status pages are not polled. New rules may change it. */
  readonly pollIntervalSeconds: () => number;
  readonly stagesInFlight: () => number;
  /** Signals whose sender waits for the outcome. */
  readonly signalsWaiting: () => number;
  readonly deliveriesInMemory: () => number;
}

export interface StateMetricsDeps {
  readonly signals: SignalMetrics;
  readonly store: StoreMetrics;
  readonly pages: PageMetrics;
  readonly alerts: AlertMetrics;
  readonly destinations: DestinationMetrics;
  readonly webhookSources: readonly string[];
  readonly now: () => number;
}

/** Far within the ten seconds that Prometheus waits for a scrape. */
const limitMs = 2000;
/** So many open alerts are counted. */
const maxAlerts = 1000;

/** Gives what is to be called before each scrape. It never rejects: what cannot be had is left out of the answer. */
export const createStateMetrics = (
  factory: MetricFactory,
  watched: Watched,
  { signals, store, pages, alerts, destinations, webhookSources, now }: StateMetricsDeps,
): (() => Promise<void>) => {
  const pending = factory.gauge('deliveries_pending', 'Deliveries that wait to be sent.');
  const oldest = factory.gauge('oldest_pending_delivery_age_seconds', 'How long the oldest of them has waited.');
  const inMemory = factory.gauge('deliveries_in_hand', 'Deliveries that this process is trying, or is about to.');
  const inFlight = factory.gauge('stages_in_flight', 'Runs of stages under way.');
  const waiting = factory.gauge('signals_waiting', 'Signals whose sender waits to hear what became of them.');
  const storeUp = factory.gauge('store_up', '1 when the store answered this scrape in time, else 0.');
  const pollInterval = factory.gauge('poll_interval_seconds', 'How often status pages are read; 0 when none is.');
  const rulesLoaded = factory.gauge(
    'rules_last_load_successful',
    '1 when the newest load of the rules file was taken, or there is none; 0 when it was refused.',
  );

  const askBacklog = withDeadline(watched.store.backlog, limitMs);
  const askAlerts = withDeadline(() => watched.store.listAlerts({ state: 'open', limit: maxAlerts }), limitMs);
  const askDestinations = withDeadline(watched.destinations, limitMs);
  const askPages = withDeadline(watched.pages, limitMs);

  const showBacklog = async (): Promise<void> => {
    const backlog = await askBacklog();
    storeUp.set(backlog ? 1 : 0);
    pending.remove();
    oldest.remove();
    if (!backlog) return;
    pending.set(backlog.pending);
    const since = backlog.oldestCreatedAt;
    oldest.set(since === null ? 0 : Math.max(0, now() - Date.parse(since)) / 1000);
  };

  /** A restart forgets when a vendor was last heard of, but its newest event is still there. */
  const recall = async (source: string): Promise<void> => {
    const { events } = await watched.store.listEvents({ source, limit: 1 });
    const [newest] = events;
    if (newest) signals.received(source, Date.parse(newest.record.last_seen_at));
  };
  const recalls = webhookSources.map((source) => ({ source, ask: withDeadline(() => recall(source), limitMs) }));

  /** From zero on, so that the first of each is an increase already. Doing it again does no harm. */
  const begin = (): void => {
    const names = watched.names();
    const sources = [...webhookSources, ...names.pages.map(sourceOfPage)];
    signals.begin(sources);
    alerts.begin(sources);
    pages.begin(names.pages);
    store.begin(names.destinations);
  };

  return async () => {
    begin();
    inMemory.set(watched.deliveriesInMemory());
    rulesLoaded.set(watched.areRulesLoaded() ? 1 : 0);
    inFlight.set(watched.stagesInFlight());
    waiting.set(watched.signalsWaiting());
    pollInterval.set(watched.pollIntervalSeconds());
    await Promise.all([
      showBacklog(),
      askPages().then((states) => pages.show(states ?? [], now())),
      askAlerts().then((page) => alerts.show(page?.alerts)),
      askDestinations().then((states) => destinations.show(states ?? [], now())),
      ...recalls.filter(({ source }) => !signals.knows(source)).map(({ ask }) => ask()),
    ]);
  };
};
