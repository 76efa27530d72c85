// Plays the polls of one status page through the whole service in this process, with a clock of its own. Its destinations
// are those of the rules, but what they would send is written down, and nothing leaves this machine.
import { type App, createApp } from '../../app.ts';
import { readConfig } from '../../config/env.ts';
import { pageVariables } from '../../config/page-variables.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { Rules } from '../../domain/rules/rules.ts';
import { createLog } from '../../lib/log.ts';
import { createMemoryStore } from '../../stores/memory/store.ts';
import { createTimeline } from './clock.ts';
import type { Poll } from './poll.ts';
import { createRecordedPage } from './recorded-page.ts';

/** What one destination would have been told. */
export interface Told extends Pick<Delivery, 'destination' | 'action' | 'reason' | 'severity'> {
  readonly atMs: number;
  readonly alertId: string;
  readonly title: string;
  /** What the message is about. */
  readonly summary: string;
  /** How many events it carries. */
  readonly events: number;
}

export interface PlayedAlert {
  readonly alertId: string;
  readonly title: string;
  readonly severity: string;
  readonly state: string;
  readonly openedAt: string;
}

export interface Played {
  readonly told: readonly Told[];
  /** All alerts, told or not, oldest first. */
  readonly alerts: readonly PlayedAlert[];
  readonly polls: number;
  /** Null when there is no poll. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Why polls were not used, with how many. */
  readonly unused: ReadonlyMap<string, number>;
}

export interface PlayOptions {
  readonly page: string;
  /** Undefined: the routing of the environment. */
  readonly rules: Rules | undefined;
  readonly routeWarning: boolean;
  readonly onPoll: () => void;
}

const configOf = ({ page, routeWarning }: PlayOptions) =>
  readConfig({
    STRIPE_WEBHOOK_SECRET: 'whsec_replay',
    ...(pageVariables.has(page) ? {} : { STATUS_PAGES: `${page}=https://replay.invalid` }),
    STATUS_POLL_INTERVAL_SECONDS: '0',
    PAGERDUTY_ROUTING_KEY: 'replay',
    ROUTE_WARNING: String(routeWarning),
    // A year of a busy page.
    EVENT_CAPACITY: '1000000',
    DEDUPE_CAPACITY: '1000000',
  });

const unusedLine = /^page\.(fetch_failed|stale)$/;

/** Counts why polls were not used, by the log lines that say so. */
const createUnused = () => {
  const counts = new Map<string, number>();
  let last: string | null = null;
  const log = createLog('info', {
    write(line) {
      if (!line.includes('"page.')) return;
      const { msg, error } = JSON.parse(line);
      if (!unusedLine.test(msg)) return;
      last = msg === 'page.stale' ? 'an old copy' : String(error);
      counts.set(last, (counts.get(last) ?? 0) + 1);
    },
  });
  return {
    log,
    counts,
    /** Why the poll since the last question was not used, or null. */
    takeLast: () => {
      const reason = last;
      last = null;
      return reason;
    },
  };
};

const pull = async (app: App): Promise<void> => {
  const response = await app.fetch(new Request('http://replay.invalid/ingest/pull-status', { method: 'POST' }));
  await response.text();
  await app.idle();
};

const listLimit = 1000;

const alertsOf = async (store: ReturnType<typeof createMemoryStore>): Promise<readonly PlayedAlert[]> => {
  const found: PlayedAlert[] = [];
  let before: { readonly sequence: number } | undefined;
  for (;;) {
    const { alerts, next } = await store.listAlerts({ limit: listLimit, before });
    for (const { alert_id: alertId, title, severity, state, opened_at: openedAt } of alerts)
      found.push({ alertId, title, severity, state, openedAt });
    if (next === null) return found.toReversed();
    before = next;
  }
};

/** @param polls in order of time */
export const play = async (polls: Iterable<Poll>, options: PlayOptions): Promise<Played> => {
  const { page, rules, onPoll } = options;
  const config = configOf(options);
  const store = createMemoryStore(config.store);
  const unused = createUnused();
  const told: Told[] = [];
  const timeline = createTimeline(store);
  const recorded = createRecordedPage(timeline.now);
  const app = createApp(config, {
    log: unused.log,
    store,
    now: timeline.now,
    random: () => 0.5,
    recoveryIntervalMs: 0,
    ...(rules && { rules }),
    pageReaderOf: (name) => (name === page ? recorded.read : undefined),
    wrapDestination: (destination) => ({
      ...destination,
      perMinute: null,
      async send({ delivery, alert, about }) {
        const { destination: to, action, reason, severity, alert_id: alertId } = delivery;
        const { title } = alert;
        const { summary } = about.event;
        const events = delivery.event_ids.length;
        told.push({ atMs: timeline.now(), alertId, title, destination: to, action, reason, severity, summary, events });
        return { outcome: 'delivered', statusCode: 202 };
      },
    }),
  });

  // Some things are over only when they have been missing for a while from polls that are no news.
  const againAfterMs = (config.status.staleAfterSeconds + 60) * 1000;
  let count = 0;
  let firstMs: number | null = null;
  let lastMs: number | null = null;
  let wasUsed = false;
  try {
    for (const { atMs, body } of polls) {
      if (lastMs === null) {
        timeline.set(atMs);
        await app.start('http://replay.invalid');
      } else if (wasUsed && lastMs + againAfterMs < atMs) {
        await timeline.advanceTo(lastMs + againAfterMs, app.tick);
        await pull(app);
        unused.takeLast();
      }
      await timeline.advanceTo(atMs, app.tick);
      recorded.show(body);
      await pull(app);
      wasUsed = unused.takeLast() === null;
      firstMs ??= atMs;
      lastMs = Math.max(atMs, lastMs ?? atMs);
      count += 1;
      onPoll();
    }
    return { told, alerts: await alertsOf(store), polls: count, firstMs, lastMs, unused: unused.counts };
  } finally {
    await app.stop();
  }
};
