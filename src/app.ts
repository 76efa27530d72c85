// The composition root: one straight function that builds the service from its configuration.
import packageJson from '../package.json' with { type: 'json' };
import { keywordSummarizer } from './ai/keywords.ts';
import type { Config } from './config/env.ts';
import { missingOf } from './config/missing.ts';
import { storeKindOf } from './config/values.ts';
import type { Rules } from './domain/rules/rules.ts';
import { createExplain } from './explain/explain.ts';
import { mostStreams } from './http/connection-limits.ts';
import { createLive } from './http/live/feed.ts';
import { createReadiness } from './http/readiness.ts';
import { createHttp } from './http/server.ts';
import { createBackfill } from './ingest/backfill/backfill.ts';
import { createBackfills } from './ingest/backfill/when.ts';
import { type SummaryReader, userAgentOf } from './ingest/polling/fetch.ts';
import { createHints } from './ingest/polling/hints.ts';
import { createPage } from './ingest/polling/page.ts';
import { createPoller } from './ingest/polling/poller.ts';
import { createReadAgain } from './ingest/read-again.ts';
import { createNormalizers, createWebhookSources, openHistoryReader, openPageReader } from './ingest/registry.ts';
import { createBackground } from './lib/background.ts';
import { errorText } from './lib/errors.ts';
import { createHttpClient } from './lib/http-client.ts';
import { createLog, type Log } from './lib/log.ts';
import { noTracer, type Tracer } from './lib/tracer.ts';
import { createBus } from './pipeline/bus.ts';
import { logEvents } from './pipeline/log-events.ts';
import { createPayments } from './pipeline/payments.ts';
import { createRecovery } from './pipeline/recover.ts';
import { createSignalOutcomes } from './pipeline/signal-outcome.ts';
import { createSilences } from './pipeline/silences.ts';
import { subscribeStages } from './pipeline/stages.ts';
import { createKeeper } from './report/keeper.ts';
import { createReadReport } from './report/read-report.ts';
import { createServiceRules } from './service-rules.ts';
import { createSetup } from './setup.ts';
import type { Destination } from './sinks/destination.ts';
import { createHeartbeat } from './sinks/heartbeat.ts';
import { createHeartbeatChecks } from './sinks/heartbeat-checks.ts';
import { destinationsOf } from './sinks/registry.ts';
import { createTelling } from './sinks/telling.ts';
import { createStartStop } from './start-stop.ts';
import type { EventStore } from './stores/event-store.ts';
import { newestOfSource } from './stores/newest-of-source.ts';
import { openStore } from './stores/open.ts';
import { createUpkeep } from './stores/upkeep.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { observeDestination } from './telemetry/observe-destination.ts';
import { observePage, observeReader } from './telemetry/observe-page.ts';
import { observeStore } from './telemetry/observe-store.ts';
import { traceStages } from './telemetry/trace-stages.ts';

/** What tests, the demo and the replay put in the place of the real thing. */
export interface Overrides {
  readonly log?: Log;
  readonly store?: EventStore;
  /** The clock, in milliseconds since 1970. */
  readonly now?: () => number;
  /** From 0 to 1, for jitter. */
  readonly random?: () => number;
  /** 0: nothing happens by itself, and only `tick` looks for what is due. */
  readonly recoveryIntervalMs?: number;
  /** How many deliveries to one destination are in memory at most. */
  readonly maxInMemory?: number;
  /** How many live streams are open at most. */
  readonly maxStreams?: number;
  /** The rules that hold, in place of those of a file. */
  readonly rules?: Rules;
  /** Puts something between the service and each of its destinations. */
  readonly wrapDestination?: (destination: Destination) => Destination;
  /** What reads the status page of this name; without one it is skipped. */
  readonly pageReaderOf?: (name: string) => SummaryReader | undefined;
  readonly tracer?: Tracer;
  /** What `${NAME}` means in the rules file. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface App {
  readonly fetch: (request: Request, env?: object) => Response | Promise<Response>;
  /** What it answers to; the method ALL is that of middleware. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /**
   * Reads the rules. Before that nothing may be asked of it: the rules of the environment would decide. Rejects with
   * `ConfigError` for rules that cannot be used.
   */
  prepare(): Promise<void>;
  /**
   * Prepares itself if that has not been done, takes up what an earlier process left, then polls and delivers. `baseUrl` is
   * where it listens. Rejects with `StoreUnusable` when the store is there but cannot be used; a store that is away is
   * waited for.
   */
  start(baseUrl: string): Promise<void>;
  /** How often status pages are read, in seconds: it depends on whether environment or rules name one. 0 for never. */
  pollIntervalSeconds(): number;
  /** The variables that neither the environment nor the rules make up for. */
  missing(): readonly string[];
  /** Reads the rules file now. */
  reload(): Promise<void>;
  /** Says from now on that it is not ready, so that a load balancer looks elsewhere, and ends the live streams. */
  drain(): void;
  /** Takes in nothing new, and waits for what is under way; what still waits stays in the store. */
  stop(): Promise<void>;
  /** Resolves when nothing is under way: no stage, and no attempt of a delivery. */
  idle(): Promise<void>;
  /** Looks for what is due by the clock, as the service does every second, and waits until nothing is under way. */
  tick(): Promise<void>;
}

/** @throws {StoreUnusable} */
export const createApp = (config: Config, overrides: Overrides = {}): App => {
  const { now = Date.now, random = Math.random, recoveryIntervalMs = 1000, tracer = noTracer } = overrides;
  const log = overrides.log ?? createLog(config.logLevel);
  const { publicUrl } = config;
  const { staleAfterSeconds, fetchTimeoutMs, maxBodyBytes } = config.status;
  const client = createHttpClient(config.proxy);
  const background = createBackground();
  const userAgent = userAgentOf(packageJson.version, publicUrl);
  const readerOptions = { timeoutMs: fetchTimeoutMs, maxBodyBytes, proxy: config.proxy, userAgent };
  let baseUrl = `http://127.0.0.1:${config.port}`;

  const webhooks = createWebhookSources(config);
  const metrics = createMetrics(
    webhooks.map(({ source }) => source),
    now,
  );
  const opened = overrides.store ?? openStore(config.store, log, metrics.store.committed, createReadAgain(webhooks));
  const store = observeStore(opened, metrics.store);

  const bus = createBus({
    runStage: tracer.isOn ? traceStages(tracer) : undefined,
    stageEnded: metrics.signals.stageEnded,
  });
  logEvents(bus, log);
  metrics.signals.listen(bus);
  const outcomes = createSignalOutcomes(bus);

  const silences = createSilences({ store, bus, rules: () => setup.rules(), log, now });
  const setup = createSetup({
    config,
    log,
    silences: () => silences.current(),
    isOutdated: () => rules.isOutdated(),
    destinationsOf: (rules) =>
      destinationsOf(rules, config, { client, baseUrl: () => baseUrl }).map((destination) =>
        observeDestination(overrides.wrapDestination?.(destination) ?? destination, metrics.store, tracer),
      ),
    openPage(source, usesFixtures) {
      const openReader = overrides.pageReaderOf ?? (() => openPageReader(source, { ...readerOptions, usesFixtures }));
      const read = openReader(source.name);
      if (!read) return undefined;
      const { name } = source;
      const uses = () => setup.rules().statusPages.get(name)?.uses ?? [];
      const readHistory = overrides.pageReaderOf ? undefined : openHistoryReader(source, readerOptions);
      const isFixture = source.url === null && overrides.pageReaderOf === undefined;
      const about = { uses, readHistory, background: background.add, isFixture };
      const pageDeps = { bus, outcomes, store, log, now, staleAfterSeconds, ...about };
      return observePage(createPage(name, observeReader(name, read, tracer), pageDeps), metrics.pages, tracer);
    },
  });
  const { destinations, policy } = setup;
  const pageSources = () => setup.pages().map(({ source }) => source);
  const normalizers = createNormalizers(webhooks, log);
  subscribeStages(bus, {
    store: {
      ...store,
      /** Nothing is decided before it is known what is silenced. */
      async transact(keys, decide) {
        await silences.known();
        return store.transact(keys, decide);
      },
    },
    normalizers,
    policy,
    now,
    onBroken: ({ requestId, eventId, alertId }, error) =>
      log.error(
        { request_id: requestId, event_id: eventId, alert_id: alertId, error: errorText(error) },
        'routing.broken',
      ),
  });

  const { rates, otherSide } = createPayments({
    store,
    bus,
    outcomes,
    rules: setup.rules,
    pageStates: async () =>
      (await poller.states()).map(({ page: { source }, state, vendor }) => ({
        source,
        vendor,
        isReadable: state.condition === 'good',
      })),
    show: metrics.away.showRates,
    background: background.add,
    log,
    now,
  });

  const telling = createTelling({
    store,
    bus,
    destinations,
    limits: { ...config.delivery, ...(overrides.maxInMemory !== undefined && { maxInMemory: overrides.maxInMemory }) },
    publicUrl,
    otherSide,
    pageSources,
    tracer,
    log,
    now,
    random,
    isShared: storeKindOf(config.store.url) === 'postgres',
  });
  const recovery = createRecovery({ store, bus, requeue: telling.requeue, log, now });

  const poller = createPoller(setup.pages, {
    lead: (forMs) => store.tryLease('poll', forMs),
    intervalSeconds: setup.pollIntervalSeconds,
    staleAfterSeconds,
    log,
    now,
    random,
  });
  const hints = createHints(poller);
  const pageStates = async () => (await poller.states()).map(({ page: { name }, state }) => ({ name, state }));
  const heartbeat = createHeartbeat({
    settings: () => {
      const { url, intervalSeconds: seconds } = config.heartbeat;
      const own = setup.rules().heartbeat;
      if (own) return { url: own.url, everyMs: own.everyMs ?? seconds * 1000 };
      return url === null ? null : { url, everyMs: seconds * 1000 };
    },
    store,
    checks: createHeartbeatChecks({
      store,
      pages: async () => (await pageStates()).map(({ name, state }) => ({ name, lastGoodAt: state.last_good_at })),
      destinations: destinations.current,
      staleAfterSeconds,
      now,
    }),
    client,
    userAgent,
    log,
    now,
  });
  const rules = createServiceRules({
    config,
    env: overrides.env ?? {},
    store,
    setup,
    bus,
    background: background.add,
    log,
    now,
  });

  metrics.watch({
    names: () => ({
      pages: [...setup.pages().map(({ name }) => name), ...setup.skippedPages()],
      destinations: destinations.current().map(({ name }) => name),
    }),
    store,
    pages: pageStates,
    pollIntervalSeconds: setup.pollIntervalSeconds,
    destinations: telling.states,
    areRulesLoaded: () => rules.report().last_load?.ok !== false,
    stagesInFlight: bus.inFlight,
    signalsWaiting: outcomes.waiting,
    deliveriesInMemory: telling.inMemory,
  });

  const live = createLive({ store, bus, log, maxClients: overrides.maxStreams ?? mostStreams });
  const reportedSources = () => [...webhooks.map(({ source }) => source), ...pageSources()];
  const reports = createKeeper({ store, sources: reportedSources, log, now });
  const backfills = createBackfills(
    webhooks.map((source) =>
      createBackfill({
        source,
        store,
        newestBefore: (until) => newestOfSource(store, source.source, until),
        bus,
        outcomes,
        client,
        userAgent,
        observer: metrics.away.backfill,
        log,
        now,
      }),
    ),
    log,
    now,
  );

  const startStop = createStartStop(
    {
      store,
      client,
      background,
      bus,
      rules: overrides.rules ? null : rules,
      silences,
      recovery,
      telling,
      rates,
      heartbeat,
      upkeep: createUpkeep(store, config.store, log, now),
      live,
      reports,
      hints,
      poller,
      backfills,
      tracer,
    },
    recoveryIntervalMs,
  );

  const http = createHttp({
    apiToken: config.apiToken,
    trustedProxies: config.trustedProxies,
    publicUrl,
    maxBodyBytes: config.maxBodyBytes,
    maxEventBytes: 2 * Math.max(config.maxBodyBytes, maxBodyBytes),
    webhooks,
    poller,
    hints,
    statusHookSecret: config.status.hookSecret,
    skippedPages: setup.skippedPages,
    store,
    retrier: telling.retrier,
    explain: createExplain({
      store,
      webhooks,
      policy,
      preview: telling.preview,
      staleAfterSeconds,
      now,
    }),
    live,
    bus,
    outcomes,
    destinationStates: telling.states,
    rules: setup.rules,
    rulesState: rules,
    pageNames: () => setup.pages().map(({ name }) => name),
    silences,
    readReport: createReadReport({ store, sources: reportedSources, now }),
    summarizer: keywordSummarizer,
    checks: createReadiness({
      store,
      isRecovered: recovery.isDone,
      isStopping: startStop.isStopping,
      rules,
      log,
    }),
    metrics: metrics.http,
    tracer,
    log,
    now,
  });

  let prepared: Promise<void> | undefined;
  const prepare = (): Promise<void> => {
    prepared ??= overrides.rules ? Promise.resolve(setup.apply(overrides.rules)) : rules.start();
    return prepared;
  };

  return {
    fetch: http.fetch,
    routes: http.routes,
    prepare,
    pollIntervalSeconds: setup.pollIntervalSeconds,
    missing: () => missingOf(config, setup.rules()),
    reload: rules.reload,
    idle: startStop.idle,
    tick: startStop.tick,
    drain: startStop.drain,
    stop: startStop.stop,
    async start(url) {
      baseUrl = url;
      await prepare();
      if (!destinations.current().some(({ reachesPeople }) => reachesPeople))
        log.warn({ destinations: destinations.current().map(({ name }) => name) }, 'destinations.reach_nobody');
      await startStop.start();
    },
  };
};
