// The composition root: one straight function that builds the service from its configuration.
import { keywordSummarizer } from './ai/keywords.ts';
import type { Config } from './config/env.ts';
import { createExplain } from './explain/explain.ts';
import { createLive } from './http/live/feed.ts';
import { createHttp } from './http/server.ts';
import { createPage } from './ingest/polling/page.ts';
import { createPoller } from './ingest/polling/poller.ts';
import { createNormalizers, createPageReaders, createWebhookSources } from './ingest/registry.ts';
import { errorText, StoreUnusable } from './lib/errors.ts';
import { createLog, type Log } from './lib/log.ts';
import { noTracer, type Tracer } from './lib/tracer.ts';
import { createBus } from './pipeline/bus.ts';
import { narrate } from './pipeline/log-events.ts';
import { createOutcomes } from './pipeline/signal-outcome.ts';
import { subscribeStages } from './pipeline/stages.ts';
import { createDeliverer } from './sinks/deliverer.ts';
import { createRetrier } from './sinks/manual-retry.ts';
import { createPreview } from './sinks/preview.ts';
import { createSinks } from './sinks/registry.ts';
import { createRecovery } from './sinks/requeue-due.ts';
import type { EventStore } from './stores/event-store.ts';
import { openStore } from './stores/open.ts';
import { applyRetention } from './stores/retention.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { observePage, observeReader } from './telemetry/observe-page.ts';
import { observeSink } from './telemetry/observe-sink.ts';
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
  readonly recoveryIntervalMs?: number;
  readonly tracer?: Tracer;
}

/** A change younger than this is still on its way through the pipeline, and needs no recovery. */
const underWayMs = 5000;
const retentionIntervalMs = 3_600_000;

export interface App {
  readonly fetch: (request: Request, env?: object) => Response | Promise<Response>;
  /** What it answers to; the method ALL is that of middleware. */
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  /**
   * Recovers what an earlier process left, then polls and delivers. `baseUrl` is where this service listens.
   * Rejects with `StoreUnusable` when the store is there but cannot be used; a store that is away is waited for.
   */
  start(baseUrl: string): Promise<void>;
  /** Says from now on that it is not ready, so that a load balancer looks elsewhere, and ends the live streams. */
  refuse(): void;
  /** Takes in nothing new, and waits for what is under way; what is owed stays in the store. */
  stop(): Promise<void>;
  /** Resolves when nothing is under way: no stage, and no attempt of a delivery. */
  idle(): Promise<void>;
}

/** @throws {StoreUnusable} */
export const createApp = (config: Config, overrides: Overrides = {}): App => {
  const { now = Date.now, random = Math.random, recoveryIntervalMs = 1000, tracer = noTracer } = overrides;
  const log = overrides.log ?? createLog(config.logLevel);
  let baseUrl = `http://127.0.0.1:${config.port}`;
  let recovered = false;
  let recovering = false;
  let stopping = false;

  const webhooks = createWebhookSources(config);
  const { readers, skipped } = createPageReaders(config);
  const { pollIntervalSeconds: intervalSeconds, staleAfterSeconds } = config.status;
  const bareSinks = createSinks(config, () => baseUrl);
  const metrics = createMetrics(
    {
      webhookSources: webhooks.map(({ source }) => source),
      pages: readers.map(({ name }) => name),
      destinations: bareSinks.map(({ destination }) => destination),
      pollIntervalSeconds: intervalSeconds,
    },
    now,
  );
  const opened = overrides.store ?? openStore(config.store, log, metrics.store.committed);
  const store = observeStore(opened, metrics.store);
  const sinks = bareSinks.map((sink) => observeSink(sink, metrics.store, tracer));

  const bus = createBus({
    runStage: tracer.isOn ? traceStages(tracer) : undefined,
    stageEnded: metrics.signals.stageEnded,
  });
  narrate(bus, log);
  metrics.signals.listen(bus);
  const outcomes = createOutcomes(bus);
  const destinations = sinks.map(({ destination: name, reachesPeople }) => ({ name, reachesPeople }));

  const rules = { ...config.routing, destinations };
  subscribeStages(bus, { store, normalizers: createNormalizers(webhooks, log), rules, now });

  const recovery = createRecovery(store, bus, now);
  const recover = async (ageMs: number): Promise<void> => {
    recovering = true;
    try {
      await recovery.run(ageMs);
      if (!recovered) log.info('server.ready');
      recovered = true;
    } catch (error) {
      if (error instanceof StoreUnusable) throw error;
      log.warn({ error: errorText(error) }, 'recovery.failed');
    } finally {
      recovering = false;
    }
  };
  const recoverSoon = (): void => {
    // A store that is slow to answer must not be asked again and again meanwhile.
    if (recovering) return;
    // Room for more deliveries is made in the trace of another.
    void tracer
      .detached(() => recover(underWayMs))
      .catch((error) => log.error({ error: errorText(error) }, 'recovery.failed'));
  };
  const deliverer = createDeliverer({
    store,
    bus,
    sinks,
    limits: config.delivery,
    log,
    now,
    random,
    onRoom: recoverSoon,
  });

  const pageDeps = { bus, outcomes, store, log, now, staleAfterSeconds };
  const pages = readers.map(({ name, read }) =>
    observePage(createPage(name, observeReader(name, read, tracer), pageDeps), metrics.pages, tracer),
  );
  const lead = (forMs: number) => store.lead('poll', forMs);
  const poller = createPoller(pages, { lead, intervalSeconds, staleAfterSeconds, log, now, random });

  metrics.watch({
    backlog: store.backlog,
    list: store.list,
    pages: async () => (await poller.states()).map(({ page: { name }, state }) => ({ name, state })),
    stagesInFlight: bus.inFlight,
    deliveriesInHand: deliverer.inHand,
  });

  const checks = {
    store: () =>
      store.ping().then(
        () => true,
        () => false,
      ),
    recovery: () => recovered,
    accepting: () => !stopping,
  };
  const live = createLive({ store, bus, log });
  const http = createHttp({
    apiToken: config.apiToken,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
    maxBodyBytes: config.maxBodyBytes,
    maxEventBytes: 2 * Math.max(config.maxBodyBytes, config.status.maxBodyBytes),
    webhooks,
    poller,
    skippedPages: skipped,
    store,
    retrier: createRetrier(store, bus, rules, log, now),
    explain: createExplain({ store, webhooks, rules, preview: createPreview(sinks), staleAfterSeconds, now }),
    live,
    bus,
    outcomes,
    summarizer: keywordSummarizer,
    checks,
    metrics: metrics.http,
    tracer,
    log,
    now,
  });

  const retain = async (): Promise<void> => {
    try {
      const removed = await applyRetention(store, config.store.retentionDays, now());
      if (removed > 0) log.info({ removed, days: config.store.retentionDays }, 'retention.applied');
    } catch (error) {
      log.warn({ error: errorText(error) }, 'retention.failed');
    }
  };

  const timers: NodeJS.Timeout[] = [];
  return {
    fetch: http.fetch,
    routes: http.routes,
    async start(url) {
      baseUrl = url;
      await recover(0);
      timers.push(
        setInterval(recoverSoon, recoveryIntervalMs),
        setInterval(() => void retain(), retentionIntervalMs),
      );
      void retain();
      poller.start();
    },
    async idle() {
      // A stage that ends may queue a delivery, and a delivery that ends may release another.
      do {
        await bus.idle();
        await deliverer.idle();
      } while (bus.inFlight() > 0);
    },
    refuse() {
      stopping = true;
      // A stream has no end of its own, and who waits for requests under way would wait for ever.
      void live.close();
    },
    async stop() {
      stopping = true;
      await live.close();
      for (const timer of timers) clearInterval(timer);
      await poller.stop();
      await bus.idle();
      await deliverer.stop();
      await store.close();
    },
  };
};
