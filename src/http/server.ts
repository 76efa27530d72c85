// The HTTP API, put together. Handlers validate and emit; what they need is passed in.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { createMiddleware } from 'hono/factory';
import type { Summarizer } from '../ai/summarizer.ts';
import type { Rules } from '../domain/rules/rules.ts';
import type { Explain } from '../explain/explain.ts';
import type { Hints } from '../ingest/polling/hints.ts';
import type { Poller } from '../ingest/polling/poller.ts';
import type { WebhookSource } from '../ingest/webhook.ts';
import type { Log } from '../lib/log.ts';
import type { Tracer } from '../lib/tracer.ts';
import type { Bus } from '../pipeline/bus.ts';
import { createPublishObservations } from '../pipeline/publish-observations.ts';
import type { SignalOutcomes } from '../pipeline/signal-outcome.ts';
import type { Silences } from '../pipeline/silences.ts';
import type { ReadReport } from '../report/read-report.ts';
import type { DestinationStates } from '../sinks/destination-states.ts';
import type { Retrier } from '../sinks/manual-retry.ts';
import type { EventStore } from '../stores/event-store.ts';
import { createAccess, openRoutes } from './access/access.ts';
import { createOrigins } from './access/origin.ts';
import { createBasePath } from './base-path.ts';
import type { HttpEnv } from './env.ts';
import { headerOf } from './headers.ts';
import type { Live } from './live/feed.ts';
import type { HttpMetrics } from './metrics.ts';
import { aroundRequest } from './middleware/around-request.ts';
import { authenticate, refuseOtherSites } from './middleware/authenticate.ts';
import { clientAddress } from './middleware/client-address.ts';
import { countRequest } from './middleware/count-request.ts';
import { logRefusals } from './middleware/log-refusals.ts';
import { logRequest } from './middleware/log-request.ts';
import { requestId } from './middleware/request-id.ts';
import { setSecurityHeaders } from './middleware/security-headers.ts';
import { traceRequest } from './middleware/trace-request.ts';
import { Problem, problem, renderError } from './problem.ts';
import { problemAsPage } from './problem-page.ts';
import { createRouter } from './router.ts';
import { alertRoutes } from './routes/alerts.ts';
import { dashboardLinks, dashboardRoutes } from './routes/dashboard.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { destinationRoutes } from './routes/destinations.ts';
import { docsRoutes } from './routes/docs.ts';
import { eventRoutes } from './routes/events.ts';
import { explainRoutes } from './routes/explain.ts';
import { healthRoutes, type ReadinessChecks } from './routes/health.ts';
import { liveRoutes } from './routes/live.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { mockPagerDutyRoutes } from './routes/mock-pagerduty.ts';
import { pullStatusRoutes } from './routes/pull-status.ts';
import { reportRoutes } from './routes/report.ts';
import { resolveEventRoutes } from './routes/resolve-event.ts';
import { type RulesState, rulesRoutes } from './routes/rules.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { silenceRoutes } from './routes/silences.ts';
import { statusHookRoutes } from './routes/status-hook.ts';
import { statusPageRoutes } from './routes/status-pages.ts';
import { summarizeRoutes } from './routes/summarize.ts';
import { webhookRoutes } from './routes/webhooks.ts';

export interface HttpDeps {
  readonly apiToken: string | null;
  readonly trustedProxies: readonly string[];
  /** Where people reach the dashboard; null when that is not configured. */
  readonly publicUrl: string | null;
  readonly maxBodyBytes: number;
  /** The mock takes whole events, each larger than the vendor's object in it; and what is explained, a whole summary. */
  readonly maxEventBytes: number;
  readonly webhooks: readonly WebhookSource[];
  readonly poller: Poller;
  readonly hints: Pick<Hints, 'take'>;
  readonly statusHookSecret: string | null;
  readonly skippedPages: () => readonly string[];
  readonly store: Pick<EventStore, 'find' | 'listEvents' | 'readEvent' | 'listAlerts' | 'readAlert' | 'listDeliveries'>;
  readonly retrier: Retrier;
  readonly explain: Explain;
  readonly live: Live;
  readonly bus: Bus;
  readonly outcomes: SignalOutcomes;
  readonly destinationStates: DestinationStates;
  readonly rules: () => Rules;
  readonly rulesState: RulesState;
  /** All status pages that there are. */
  readonly pageNames: () => readonly string[];
  readonly silences: Silences;
  readonly readReport: ReadReport;
  readonly summarizer: Summarizer;
  readonly checks: ReadinessChecks;
  readonly metrics: HttpMetrics;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly now: () => number;
}

const limitBody = (maxSize: number) => {
  const onError = () => {
    throw new Problem({ status: 413, detail: `the body is larger than ${maxSize} bytes` });
  };
  const limitAny = bodyLimit({ maxSize, onError });
  return createMiddleware<HttpEnv>((c, next) => {
    const length = headerOf(c, 'content-length');
    // Hono's opens the body as a stream first, which costs more than reading it. Node holds the sender to the length.
    if (length === undefined || headerOf(c, 'transfer-encoding') !== undefined) return limitAny(c, next);
    if (Number(length) > maxSize) onError();
    return next();
  });
};

/** Answers 405 for the other methods of every path that has a route. */
const refuseOtherMethods = (app: Hono<HttpEnv>): void => {
  const methodsByPath = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue;
    const methods = methodsByPath.get(path) ?? new Set();
    methodsByPath.set(path, methods.add(method));
  }
  for (const [path, methods] of methodsByPath) {
    const allow = [...methods].flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
    app.all(path, (c) =>
      problem(c, { status: 405, detail: `this path takes ${allow}, not ${c.req.method}`, headers: { allow } }),
    );
  }
};

export const createHttp = (deps: HttpDeps): Hono<HttpEnv> => {
  const { apiToken, log, now, webhooks, bus, outcomes, poller, skippedPages, store, metrics, tracer } = deps;
  const basePath = createBasePath(deps.publicUrl);
  const origins = createOrigins(deps.publicUrl);
  const app = new Hono<HttpEnv>({ getPath: basePath.pathOf, router: createRouter() });
  if (tracer.isOn) app.use(traceRequest(tracer));
  const refusals = webhooks.map(({ vendor }) => logRefusals(vendor, log, now));
  app.use(
    aroundRequest(
      [requestId, setSecurityHeaders, clientAddress(deps.trustedProxies, log)],
      [...refusals, logRequest(log), countRequest(metrics)],
    ),
  );

  const isUnderPath = (c: Context) => new URL(c.req.url).pathname.startsWith(`${basePath.path}/`);
  const cookiePath = (c: Context) => (isUnderPath(c) || origins.isPublic(c) ? basePath.path || '/' : '/');
  const access = createAccess(apiToken, { log, now, cookiePath });
  const guard = { isOpen: openRoutes(webhooks), origins, basePath };
  app.use(access ? authenticate(access, guard) : refuseOtherSites(guard));
  const limitRequest = limitBody(deps.maxBodyBytes);
  const limitEvent = limitBody(deps.maxEventBytes);
  const takesLarge = new Set(['/destinations/pagerduty', '/routing/explain']);
  app.use((c, next) => (takesLarge.has(c.req.path) ? limitEvent : limitRequest)(c, next));

  app.route('/', webhookRoutes({ sources: webhooks, bus, outcomes, onRefused: metrics.refused, now }));
  app.route('/', pullStatusRoutes(poller, skippedPages));
  app.route('/', statusHookRoutes({ secret: deps.statusHookSecret, hints: deps.hints }));
  app.route('/', statusPageRoutes(poller, skippedPages));
  app.route('/', mockPagerDutyRoutes(log, now));
  app.route('/', dashboardLinks(basePath));
  app.use('/alerts', compress());
  app.use('/events', compress());
  app.route('/', eventRoutes(store));
  const publishObservations = createPublishObservations(bus, outcomes);
  app.route('/', resolveEventRoutes({ store, publishObservations, log }));
  app.route('/', alertRoutes({ store, publishObservations, log }));
  app.route('/', deliveryRoutes(store, deps.retrier));
  app.route('/', destinationRoutes(deps.destinationStates));
  app.route('/', rulesRoutes(deps.rulesState));
  app.route('/', silenceRoutes({ silences: deps.silences, rules: deps.rules, pageNames: deps.pageNames, now }));
  app.route('/', explainRoutes(deps.explain));
  app.route('/', reportRoutes(deps.readReport, now));
  app.route('/', liveRoutes(deps.live, access?.sessions));
  app.route(
    '/',
    dashboardRoutes(
      webhooks.map(({ source }) => source),
      basePath,
    ),
  );
  app.route('/', healthRoutes(deps.checks));
  app.route('/', signInRoutes({ access, origins, basePath, log }));
  app.route('/', metricsRoutes(metrics));
  app.route('/', summarizeRoutes(deps.summarizer, log));
  app.route(
    '/',
    docsRoutes(async () => (await import('./openapi.ts')).describeApi(webhooks, basePath.path || '/')),
  );
  refuseOtherMethods(app);
  const asPage = problemAsPage(basePath.path);
  app.notFound((c) => asPage(problem(c, { status: 404, detail: 'there is nothing at this path' }), c));
  const render = renderError(log);
  app.onError((error, c) => asPage(render(error, c), c));
  return app;
};
