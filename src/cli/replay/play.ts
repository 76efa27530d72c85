// Plays the polls of one status page, and webhooks between them, through the whole service in this process, with a clock
// of its own. Its destinations are those of the rules, but what they would send is written down, and nothing leaves this
// machine.
import { type App, createApp } from '../../app.ts';
import { readConfig } from '../../config/env.ts';
import { pageVariables } from '../../config/page-variables.ts';
import type { Rules } from '../../domain/rules/rules.ts';
import { minuteMs } from '../../lib/time.ts';
import { createMemoryStore } from '../../stores/memory/store.ts';
import { signatureHeader } from '../sign.ts';
import { createTimeline } from './clock.ts';
import type { Played, PlayedAlert, Told } from './played.ts';
import { createRecordedPage } from './recorded-page.ts';
import type { Poll, Recorded, Webhook } from './recording.ts';
import { createUnused } from './unused.ts';

export interface PlayOptions {
  readonly page: string;
  /** Undefined: the routing of the environment. */
  readonly rules: Rules | undefined;
  readonly routeWarning: boolean;
  readonly onPlayed: () => void;
}

const webhookSecret = 'whsec_replay';

const configOf = ({ page, routeWarning }: PlayOptions) =>
  readConfig({
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    ...(pageVariables.has(page) ? {} : { STATUS_PAGES: `${page}=https://replay.invalid` }),
    STATUS_POLL_INTERVAL_SECONDS: '0',
    PAGERDUTY_ROUTING_KEY: 'replay',
    ROUTE_WARNING: String(routeWarning),
    // A year of a busy page.
    EVENT_CAPACITY: '1000000',
    DEDUPE_CAPACITY: '1000000',
  });

const post = async (app: App, path: string, init: RequestInit = {}): Promise<Response> => {
  const response = await app.fetch(new Request(`http://replay.invalid${path}`, { method: 'POST', ...init }));
  await app.idle();
  return response;
};

const pull = (app: App): Promise<Response> => post(app, '/ingest/pull-status');

/** Null, or why it was not taken in. */
const receive = async (app: App, { atMs, event }: Webhook): Promise<string | null> => {
  const body = JSON.stringify(event);
  const headers = { 'stripe-signature': signatureHeader(body, webhookSecret, atMs) };
  const response = await post(app, '/ingest/stripe', { body, headers });
  await app.tick();
  if (response.ok) return null;
  const { detail = `it was answered with ${response.status}` } = await response.json();
  return String(detail);
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

/** @param recorded in order of time */
export const play = async (recorded: Iterable<Recorded>, options: PlayOptions): Promise<Played> => {
  const { page, rules, onPlayed } = options;
  const rateMs = Math.max(0, ...(rules?.rates ?? []).map(({ overMs }) => overMs));
  const config = configOf(options);
  const store = createMemoryStore(config.store);
  const unused = createUnused();
  const told: Told[] = [];
  const timeline = createTimeline(store);
  const statusPage = createRecordedPage(timeline.now);
  const app = createApp(config, {
    log: unused.log,
    store,
    now: timeline.now,
    random: () => 0.5,
    recoveryIntervalMs: 0,
    ...(rules && { rules }),
    pageReaderOf: (name) => (name === page ? statusPage.read : undefined),
    wrapDestination: (destination) => ({
      ...destination,
      perMinute: null,
      async send({ delivery, alert, about, otherSide }) {
        const { destination: to, action, reason, severity, alert_id: alertId } = delivery;
        const { title } = alert;
        const { summary } = about.event;
        const events = delivery.event_ids.length;
        const what = { alertId, title, destination: to, action, reason, severity, summary, events };
        told.push({ atMs: timeline.now(), ...what, ...(otherSide !== undefined && { otherSide }) });
        return { outcome: 'delivered', statusCode: 202 };
      },
    }),
  });

  // Some things are over only when they have been missing for a while from polls that are no news.
  const againAfterMs = config.status.staleAfterSeconds * 1000 + minuteMs;
  let againMs = Number.POSITIVE_INFINITY;
  const counts = { polls: 0, webhooks: 0 };

  const moveTo = async (atMs: number): Promise<void> => {
    if (againMs < atMs) {
      await timeline.advanceTo(againMs, app.tick);
      againMs = Number.POSITIVE_INFINITY;
      await pull(app);
      unused.takeLast();
    }
    await timeline.advanceTo(atMs, app.tick);
  };
  const showPoll = async ({ atMs, body }: Poll): Promise<void> => {
    statusPage.show(body);
    await pull(app);
    againMs = unused.takeLast() === null ? atMs + againAfterMs : Number.POSITIVE_INFINITY;
    counts.polls += 1;
  };
  const showWebhook = async (webhook: Webhook): Promise<void> => {
    const problem = await receive(app, webhook);
    if (problem !== null) unused.count(problem);
    if (rateMs > 0) timeline.keepTicking(webhook.atMs + rateMs + minuteMs);
    counts.webhooks += 1;
  };

  let firstMs: number | null = null;
  let lastMs: number | null = null;
  try {
    for (const each of recorded) {
      const { atMs } = each;
      if (firstMs === null) {
        timeline.set(atMs);
        await app.start('http://replay.invalid');
      }
      await moveTo(atMs);
      await ('event' in each ? showWebhook(each) : showPoll(each));
      firstMs ??= atMs;
      lastMs = Math.max(atMs, lastMs ?? atMs);
      onPlayed();
    }
    return { told, alerts: await alertsOf(store), ...counts, firstMs, lastMs, unused: unused.counts };
  } finally {
    await app.stop();
  }
};
