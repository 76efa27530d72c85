// The HTTP API, put together. Handlers validate and emit; what they need is passed in.
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Summarizer } from '../ai/summarizer.ts';
import type { WebhookSource } from '../ingest/source.ts';
import type { Poller } from '../ingest/statuspage/poll.ts';
import type { Log } from '../log.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { Outcomes } from '../pipeline/outcomes.ts';
import type { EventStore } from '../stores/store.ts';
import type { HttpEnv } from './env.ts';
import type { Live } from './live/feed.ts';
import { authenticate } from './middleware/authenticate.ts';
import { logRequest } from './middleware/log-request.ts';
import { requestId } from './middleware/request-id.ts';
import { Problem, problem, renderError } from './problem.ts';
import { dashboardRoutes } from './routes/dashboard.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes, type ReadinessChecks } from './routes/health.ts';
import { liveRoutes } from './routes/live.ts';
import { mockPagerDutyRoutes } from './routes/mock-pagerduty.ts';
import { pageRoutes } from './routes/pages.ts';
import { pullStatusRoutes } from './routes/pull-status.ts';
import { summarizeRoutes } from './routes/summarize.ts';
import { webhookRoutes } from './routes/webhooks.ts';

export interface HttpDeps {
  readonly apiToken: string | null;
  readonly maxBodyBytes: number;
  /** The mock takes whole events, each larger than the vendor's object in it. */
  readonly maxEventBytes: number;
  readonly webhooks: readonly WebhookSource[];
  readonly poller: Poller;
  readonly skippedPages: readonly string[];
  readonly store: Pick<EventStore, 'list' | 'read'>;
  readonly live: Live;
  readonly bus: Bus;
  readonly outcomes: Outcomes;
  readonly summarizer: Summarizer;
  readonly checks: ReadinessChecks;
  readonly log: Log;
  readonly now: () => number;
}

const limitBody = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new Problem({ status: 413, detail: `the body is larger than ${maxSize} bytes` });
    },
  });

/** Answers 405 for the other methods of every path that has a route. */
const refuseOtherMethods = (app: Hono<HttpEnv>): void => {
  const methodsByPath = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue;
    const methods = methodsByPath.get(path) ?? new Set();
    methodsByPath.set(path, methods.add(method));
  }
  for (const [path, methods] of methodsByPath) {
    const allow = [...methods].join(', ');
    app.all(path, (c) =>
      problem(c, { status: 405, detail: `this path takes ${allow}, not ${c.req.method}`, headers: { allow } }),
    );
  }
};

export const createHttp = (deps: HttpDeps): Hono<HttpEnv> => {
  const { apiToken, log, now, webhooks, bus, outcomes, poller, skippedPages, store } = deps;
  const app = new Hono<HttpEnv>();
  app.use(requestId());
  app.use(logRequest(log));
  const dashboard = dashboardRoutes(webhooks.map(({ source }) => source));
  if (apiToken !== null) {
    const openRoutes = ['GET /healthz', 'GET /readyz', ...webhooks.map(({ vendor }) => `POST /ingest/${vendor}`)];
    openRoutes.push(...dashboard.routes.map(({ method, path }) => `${method} ${path}`));
    app.use(authenticate(apiToken, new Set(openRoutes)));
  }
  const limitRequest = limitBody(deps.maxBodyBytes);
  const limitEvent = limitBody(deps.maxEventBytes);
  app.use((c, next) => (c.req.path === '/destinations/pagerduty' ? limitEvent : limitRequest)(c, next));

  app.route('/', webhookRoutes({ sources: webhooks, bus, outcomes, log, now }));
  app.route('/', pullStatusRoutes(poller, skippedPages));
  app.route('/', pageRoutes(poller, skippedPages));
  app.route('/', mockPagerDutyRoutes(log, now));
  app.route('/', eventRoutes(store));
  app.route('/', liveRoutes(deps.live));
  app.route('/', dashboard);
  app.route('/', healthRoutes(deps.checks));
  app.route('/', summarizeRoutes(deps.summarizer, log));
  refuseOtherMethods(app);
  app.notFound((c) => problem(c, { status: 404, detail: 'there is nothing at this path' }));
  app.onError(renderError(log));
  return app;
};
