import { afterEach } from 'vitest';
import { type App, createApp, type Overrides } from '../../src/app.ts';
import { readConfig } from '../../src/config/env.ts';
import { type Clock, createClock } from './clock.ts';
import { type CollectedLog, collectLog } from './log.ts';
import { routingKey } from './pagerduty.ts';
import { statusUrl } from './status-page.ts';
import { signed, webhookSecret } from './stripe.ts';

/** As much of an event's JSON as tests look at. */
export interface EventView {
  readonly event_id: string;
  readonly severity: string;
  readonly summary: string;
  readonly started_at: string;
  readonly resolved_at: string | null;
  readonly routed: boolean;
  readonly routing_reason: string;
  readonly seen_count: number;
  readonly delivered_to: readonly string[];
  readonly deliveries: readonly {
    readonly id: string;
    readonly action: string;
    readonly status: string;
    readonly attempts: number;
    readonly last_error: string | null;
    readonly next_attempt_at: string | null;
    readonly attempt_log?: readonly {
      readonly number: number;
      readonly outcome: string;
      readonly status_code: number;
    }[];
  }[];
  readonly history: readonly {
    readonly change: string;
    readonly reason?: string;
    readonly fields?: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;
  }[];
  readonly [field: string]: unknown;
}

/** As much of an alert's JSON as tests look at. */
export interface AlertView {
  readonly alert_id: string;
  readonly title: string;
  readonly severity: string;
  readonly state: string;
  readonly opened_at: string;
  readonly resolved_at: string | null;
  readonly [field: string]: unknown;
}

export interface AlertDetailView extends AlertView {
  readonly events: readonly { readonly event_id: string }[];
  readonly deliveries: EventView['deliveries'];
  readonly history: EventView['history'];
}

/** An answer's JSON, of which a test looks at what it is about. */
export type Answer = Readonly<Record<string, unknown>>;

export interface Service {
  readonly app: App;
  readonly clock: Clock;
  readonly logged: CollectedLog;
  /** Asks as somebody at this address would, by default at one that is not known. */
  request(path: string, init?: RequestInit, address?: string): Promise<Response>;
  /** Signs and posts a Stripe event, and gives the answer's body. */
  postStripe(payload: unknown): Promise<unknown>;
  /** Pulls the pages, waits for the deliveries, and gives the answer's body. */
  pull(): Promise<Record<string, unknown>>;
  /** Posts a body, or none, and gives the answer. */
  post(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: Answer }>;
  /** Resolves an event by hand, waits for the deliveries, and gives the answer's body. */
  resolve(eventId: string, note?: string): Promise<Answer>;
  events(query?: string): Promise<readonly EventView[]>;
  event(eventId: string): Promise<EventView>;
  alerts(query?: string): Promise<readonly AlertView[]>;
  /** One alert with its events, deliveries and history. */
  alert(alertId: string): Promise<AlertDetailView>;
}

const running = new Set<App>();
afterEach(async () => {
  for (const app of running) await app.stop();
  running.clear();
});

/** The environment of a service that is known as service.test, with one page, "acme", and a real PagerDuty, both of which tests fake. */
const testEnv = {
  PUBLIC_URL: 'http://service.test',
  STRIPE_WEBHOOK_SECRET: webhookSecret,
  STATUS_PAGES: `acme=${statusUrl}`,
  STATUS_POLL_INTERVAL_SECONDS: '0',
  PAGERDUTY_ROUTING_KEY: routingKey,
};

/** The whole service in this process, asked through `fetch` without a socket. It is stopped after the test. */
export const startService = async (
  env: Readonly<Record<string, string>> = {},
  overrides: Overrides = {},
): Promise<Service> => {
  const clock = createClock();
  const logged = collectLog();
  const config = readConfig({ ...testEnv, ...env });
  const app = createApp(config, { log: logged.log, now: clock.now, random: () => 0.5, ...overrides });
  running.add(app);
  await app.start('http://127.0.0.1:9');
  const request = async (path: string, init?: RequestInit, address?: string) =>
    app.fetch(new Request(`http://service.test${path}`, init), { incoming: { socket: { remoteAddress: address } } });
  const json = async (path: string, init?: RequestInit) => JSON.parse(await (await request(path, init)).text());
  const post = async (path: string, body?: unknown) => {
    const response = await request(path, {
      method: 'POST',
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  return {
    app,
    clock,
    logged,
    request,
    postStripe: (payload) => json('/ingest/stripe', signed(payload, clock.now())),
    async pull() {
      const answer = await json('/ingest/pull-status', { method: 'POST' });
      await app.idle();
      return answer;
    },
    post,
    async resolve(eventId, note) {
      const { body } = await post(
        `/events/${encodeURIComponent(eventId)}/resolve`,
        note === undefined ? note : { note },
      );
      await app.idle();
      return body;
    },
    events: async (query = '') => (await json(`/events${query}`)).events,
    event: (eventId) => json(`/events/${encodeURIComponent(eventId)}`),
    alerts: async (query = '') => (await json(`/alerts${query}`)).alerts,
    alert: (alertId) => json(`/alerts/${encodeURIComponent(alertId)}`),
  };
};
