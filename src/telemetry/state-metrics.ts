// What is true at the moment of a scrape, asked of those who know it.
import type { Backlog, EventPage, EventQuery } from '../stores/event-store.ts';
import { askWithin } from './ask.ts';
import type { Families } from './families.ts';
import type { PageMetrics } from './page-metrics.ts';
import type { SignalMetrics } from './signal-metrics.ts';

export interface Watched {
  readonly backlog: () => Promise<Backlog>;
  readonly list: (query: EventQuery) => Promise<EventPage>;
  readonly pages: () => Promise<Parameters<PageMetrics['show']>[0]>;
  readonly stagesInFlight: () => number;
  readonly deliveriesInHand: () => number;
}

export interface StateMetricsDeps {
  readonly signals: SignalMetrics;
  readonly pages: PageMetrics;
  readonly webhookSources: readonly string[];
  readonly now: () => number;
}

/** Far within the ten seconds that Prometheus waits for a scrape. */
const limitMs = 2000;

/** Gives what is to be called before each scrape. It never rejects: what cannot be had is left out of the answer. */
export const createStateMetrics = (
  families: Families,
  watched: Watched,
  { signals, pages, webhookSources, now }: StateMetricsDeps,
): (() => Promise<void>) => {
  const pending = families.gauge('deliveries_pending', 'Deliveries that are owed and not sent yet.');
  const oldest = families.gauge('oldest_pending_delivery_age_seconds', 'How long the oldest of them has been owed.');
  const inHand = families.gauge('deliveries_in_hand', 'Deliveries that this process is trying, or is about to.');
  const inFlight = families.gauge('stages_in_flight', 'Runs of stages under way.');
  const storeUp = families.gauge('store_up', '1 when the store answered this scrape in time, else 0.');

  const askBacklog = askWithin(watched.backlog, limitMs);
  const askPages = askWithin(watched.pages, limitMs);

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
    const page = await watched.list({ source, limit: 1 });
    const [newest] = page.records;
    if (newest) signals.received(source, Date.parse(newest.last_seen_at));
  };
  const recalls = webhookSources.map((source) => ({ source, ask: askWithin(() => recall(source), limitMs) }));

  return async () => {
    inHand.set(watched.deliveriesInHand());
    inFlight.set(watched.stagesInFlight());
    await Promise.all([
      showBacklog(),
      askPages().then((states) => pages.show(states ?? [], now())),
      ...recalls.filter(({ source }) => !signals.knows(source)).map(({ ask }) => ask()),
    ]);
  };
};
