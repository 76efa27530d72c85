// The HTTP API over the real stages, the memory store and the real deliverer, with one status page and one destination
// whose answers a test gives. For tests of routes: no network, no timer, no configuration.
import { onTestFinished } from 'vitest';
import { keywordSummarizer } from '../../src/ai/keywords.ts';
import { reportWithoutFile } from '../../src/config/rules-report.ts';
import { environmentRules, type Rules } from '../../src/domain/rules/rules.ts';
import type { Policy } from '../../src/domain/ruling.ts';
import { createExplain } from '../../src/explain/explain.ts';
import { createLive } from '../../src/http/live/feed.ts';
import { createHttp, type HttpDeps } from '../../src/http/server.ts';
import { createPage } from '../../src/ingest/polling/page.ts';
import { createPoller } from '../../src/ingest/polling/poller.ts';
import { createNormalizers } from '../../src/ingest/registry.ts';
import { statuspage } from '../../src/ingest/statuspage/dialect.ts';
import { createStripeSource } from '../../src/ingest/stripe/source.ts';
import { noTracer } from '../../src/lib/tracer.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { logEvents } from '../../src/pipeline/log-events.ts';
import { createSignalOutcomes } from '../../src/pipeline/signal-outcome.ts';
import { createSilences } from '../../src/pipeline/silences.ts';
import { subscribeStages } from '../../src/pipeline/stages.ts';
import { wakeDue } from '../../src/pipeline/wake.ts';
import { createReadReport } from '../../src/report/read-report.ts';
import { createDeliverer } from '../../src/sinks/deliverer.ts';
import type { Destination, SendRequest, SendResult } from '../../src/sinks/destination.ts';
import { createDestinationStates } from '../../src/sinks/destination-states.ts';
import { createDestinations } from '../../src/sinks/destinations.ts';
import { createHealth } from '../../src/sinks/health.ts';
import { createRetrier } from '../../src/sinks/manual-retry.ts';
import { createPreview } from '../../src/sinks/preview.ts';
import { createRequestReader } from '../../src/sinks/read-request.ts';
import { createRequeue } from '../../src/sinks/requeue-due.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { observeDestination } from '../../src/telemetry/observe-destination.ts';
import { observePage } from '../../src/telemetry/observe-page.ts';
import { observeStore } from '../../src/telemetry/observe-store.ts';
import { createClock } from './clock.ts';
import { collectLog } from './log.ts';
import type { EventView } from './service.ts';
import { signed, webhookSecret } from './stripe.ts';

export interface ApiOptions {
  readonly store?: Partial<EventStore>;
  readonly webhookSecrets?: readonly string[];
  /** Status pages and what they serve; by default one, `acme`, that serves what the test says. */
  readonly pages?: Readonly<Record<string, () => unknown>>;
  readonly eventCapacity?: number;
  readonly rules?: Rules;
  readonly apiToken?: string | null;
  readonly publicUrl?: string;
  readonly maxBodyBytes?: number;
  /** How the destination differs from a PagerDuty that accepts everything. */
  readonly destination?: Partial<Destination>;
}

export const accepts: SendResult = { outcome: 'delivered', statusCode: 202 };
export const refuses: SendResult = { outcome: 'permanent', statusCode: 400, error: 'HTTP 400', retryAfterMs: null };
export const isAway: SendResult = { outcome: 'transient', statusCode: 503, error: 'HTTP 503', retryAfterMs: 60_000 };

export interface SentRequest {
  readonly action: string;
  readonly alertId: string;
  readonly eventIds: readonly string[];
}

export const startApi = (options: ApiOptions = {}) => {
  const clock = createClock();
  const { now } = clock;
  const logged = collectLog();
  const { log } = logged;
  const metrics = createMetrics(['stripe'], now);
  const memory = createMemoryStore({ eventCapacity: options.eventCapacity ?? 3000, dedupeCapacity: 9000 });
  const store = observeStore({ ...memory, ...options.store }, metrics.store);
  const bus = createBus({ stageEnded: metrics.signals.stageEnded });
  logEvents(bus, log);
  metrics.signals.listen(bus);
  const outcomes = createSignalOutcomes(bus);
  let rules = options.rules ?? environmentRules({ routeWarning: false, destinations: ['pagerduty'] });

  const sent: SentRequest[] = [];
  let answer: (request: SendRequest) => SendResult = () => accepts;
  const bare: Destination = {
    name: 'pagerduty',
    type: 'pagerduty',
    target: 'pagerduty:test',
    reachesPeople: true,
    showsWords: false,
    hasKeys: true,
    showsRaw: false,
    updateEveryMs: 300_000,
    fallback: null,
    perMinute: null,
    preview: ({ delivery, alert }) => ({
      method: 'POST',
      url: 'https://pagerduty.test/',
      headers: {},
      body: { action: delivery.action, dedup_key: alert.alert_id },
    }),
    async send(request) {
      const { delivery, alert } = request;
      sent.push({ action: delivery.action, alertId: alert.alert_id, eventIds: delivery.event_ids });
      return answer(request);
    },
    ...options.destination,
  };
  const destinations = createDestinations([observeDestination(bare, metrics.store, noTracer)]);
  const health = createHealth(store, now);
  const deliverer = createDeliverer({
    store,
    bus,
    destinations,
    health,
    limits: { retryMinMs: 1000, retryMaxMs: 300_000, maxAgeSeconds: 86_400, concurrency: 8, timeoutMs: 1000 },
    publicUrl: null,
    log,
    now,
    random: () => 0.5,
    onCapacity: () => undefined,
  });
  const requeue = createRequeue(store, bus, now, deliverer.fullTargets);

  const silences = createSilences({ store, bus, rules: () => rules, log, now });
  const policy = (): Policy => ({
    rules,
    silences: silences.current(),
    destinations: destinations.current(),
    routeTestMode: false,
    routeWarning: false,
    forgetsOnRestart: true,
  });
  const webhooks = [createStripeSource(options.webhookSecrets ?? [webhookSecret])];
  const normalizers = createNormalizers(webhooks, log);
  const broken: unknown[] = [];
  subscribeStages(bus, { store, normalizers, policy, now, onBroken: (_draft, error) => broken.push(error) });

  let summaryOf = (): unknown => {
    throw new Error('HTTP 404');
  };
  const pageDeps = { bus, outcomes, store, log, now, staleAfterSeconds: 900 };
  const pages = Object.entries(options.pages ?? { acme: () => summaryOf() }).map(([name, serve]) =>
    observePage(
      createPage(name, async () => statuspage.read([serve()], now()), pageDeps),
      metrics.pages,
      noTracer,
    ),
  );
  const poller = createPoller(() => pages, {
    intervalSeconds: () => 0,
    staleAfterSeconds: 900,
    lead: async () => true,
    log,
    now,
    random: () => 0.5,
  });

  const destinationStates = createDestinationStates({
    destinations: destinations.current,
    health: health.of,
    pausedUntilMs: deliverer.pausedUntilMs,
    store,
    now,
  });
  metrics.watch({
    names: () => ({ pages: ['acme'], destinations: ['pagerduty'] }),
    store,
    destinations: destinationStates,
    areRulesLoaded: () => true,
    pages: async () => (await poller.states()).map(({ page: { name }, state }) => ({ name, state })),
    pollIntervalSeconds: () => 0,
    stagesInFlight: bus.inFlight,
    signalsWaiting: outcomes.waiting,
    deliveriesInMemory: deliverer.inMemory,
  });

  const preview = createPreview(destinations);
  const live = createLive({ store, bus, log, maxClients: 100 });
  let isReady = true;
  const maxBodyBytes = options.maxBodyBytes ?? 1_048_576;
  const deps: HttpDeps = {
    apiToken: options.apiToken ?? null,
    trustedProxies: [],
    publicUrl: options.publicUrl ?? 'http://service.test',
    maxBodyBytes,
    maxEventBytes: 2 * maxBodyBytes,
    webhooks,
    poller,
    hints: { take: () => true },
    statusHookSecret: 'hook-secret-of-the-test',
    skippedPages: () => ['spreedly'],
    store,
    retrier: createRetrier(store, bus, destinations, log, now),
    destinationStates,
    rules: () => rules,
    rulesState: { report: () => reportWithoutFile(rules) },
    pageNames: () => ['acme', 'spreedly'],
    silences,
    readReport: createReadReport({ store, sources: () => ['stripe', 'acme_status'], now }),
    explain: createExplain({
      store,
      webhooks,
      policy,
      now,
      staleAfterSeconds: 900,
      preview: async ({ delivery, alert }, reads) =>
        preview(delivery, await createRequestReader(reads, null)({ delivery, alert }, { showsRaw: true })),
    }),
    live,
    bus,
    outcomes,
    summarizer: keywordSummarizer,
    checks: { accepting: () => isReady },
    metrics: metrics.http,
    tracer: noTracer,
    log,
    now,
  };
  const http = createHttp(deps);

  const idle = async (): Promise<void> => {
    do {
      await bus.idle();
      await deliverer.idle();
    } while (bus.inFlight() > 0);
  };
  onTestFinished(async () => {
    await live.close();
    await silences.stop();
    await idle();
    await deliverer.stop();
  });

  const request = async (path: string, init?: RequestInit, address?: string): Promise<Response> =>
    http.fetch(new Request(`http://service.test${path}`, init), { incoming: { socket: { remoteAddress: address } } });
  const json = async (path: string, init?: RequestInit) => JSON.parse(await (await request(path, init)).text());
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await request(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const answered = { status: response.status, body: JSON.parse(await response.text()) };
    await idle();
    return answered;
  };

  return {
    http,
    bus,
    store,
    clock,
    logged,
    sent,
    broken,
    silences,
    deliverer,
    live,
    request,
    idle,
    answerWith(next: (request: SendRequest) => SendResult) {
      answer = next;
    },
    setRules(next: Rules) {
      rules = next;
    },
    stopAccepting() {
      isReady = false;
      void live.close();
    },
    /** Wakes the alerts whose time has come, and tries the deliveries that are due. */
    async timePasses(ms: number) {
      clock.advance(ms);
      await wakeDue(store, bus, now());
      await idle();
      await requeue.run();
      await idle();
    },
    serve(summary: unknown) {
      summaryOf = () => summary;
    },
    failToServe() {
      summaryOf = () => {
        throw new Error('HTTP 500');
      };
    },
    async postStripe(payload: unknown) {
      const answered: unknown = await json('/ingest/stripe', signed(payload, now()));
      await idle();
      return answered;
    },
    async pull(summary?: unknown) {
      if (summary !== undefined) summaryOf = () => summary;
      const answered = await json('/ingest/pull-status', { method: 'POST' });
      await idle();
      return answered;
    },
    json,
    post: (path: string, body?: unknown) => send('POST', path, body),
    remove: (path: string) => send('DELETE', path),
    events: async (query = ''): Promise<readonly EventView[]> => (await json(`/events${query}`)).events,
    event: (eventId: string): Promise<EventView> => json(`/events/${encodeURIComponent(eventId)}`),
    alerts: async (query = '') => (await json(`/alerts${query}`)).alerts,
    alert: (alertId: string) => json(`/alerts/${encodeURIComponent(alertId)}`),
  };
};

export type Api = ReturnType<typeof startApi>;
