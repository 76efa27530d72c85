// The API's description, put together from what stands beside each route. Loaded and built when somebody asks for it:
// nobody else should wait for that.
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathItemObject } from 'zod-openapi';
import packageJson from '../../package.json' with { type: 'json' };
import type { WebhookSource } from '../ingest/webhook.ts';
import { cookieName } from './access/sessions.ts';
import { type Paths, problems, redirect } from './describe.ts';
import { alertPaths } from './routes/alerts.ts';
import { dashboardPaths } from './routes/dashboard.ts';
import { deliveryPaths } from './routes/deliveries.ts';
import { destinationPaths } from './routes/destinations.ts';
import { docsPaths } from './routes/docs.ts';
import { eventPaths } from './routes/events.ts';
import { explainPaths } from './routes/explain.ts';
import { healthPaths } from './routes/health.ts';
import { livePaths } from './routes/live.ts';
import { metricsPaths } from './routes/metrics.ts';
import { mockPagerDutyPaths } from './routes/mock-pagerduty.ts';
import { pullStatusPaths } from './routes/pull-status.ts';
import { reportPaths } from './routes/report.ts';
import { resolveEventPaths } from './routes/resolve-event.ts';
import { rulesPaths } from './routes/rules.ts';
import { signInPaths } from './routes/sign-in.ts';
import { silencePaths } from './routes/silences.ts';
import { statusHookPaths } from './routes/status-hook.ts';
import { statusPagePaths } from './routes/status-pages.ts';
import { summarizePaths } from './routes/summarize.ts';
import { webhookPaths } from './routes/webhooks.ts';

const description = `${packageJson.description}.

Errors are problem details (RFC 9457). A path that is not here answers 404, and a method that its path does not take
405, with \`Allow\`. HEAD is answered wherever GET is.`;

const tags = [
  { name: 'ingestion', description: 'Taking in the signals of vendors.' },
  { name: 'events', description: 'The facts that are kept, and what became of them.' },
  { name: 'alerts', description: 'One outage, as people are told about it: one or more events under one key.' },
  { name: 'deliveries', description: 'The notifications to destinations, and retrying those that failed.' },
  { name: 'rules', description: 'The rules for who is told and when, silences, and explanations.' },
  { name: 'dashboard', description: 'For people: the dashboard, and signing in to it.' },
  { name: 'mock PagerDuty', description: 'Stands in for PagerDuty until there is a routing key.' },
  { name: 'health', description: 'For load balancers, orchestrators and Prometheus.' },
  { name: 'AI', description: 'A deterministic stub behind the port of a language model.' },
  { name: 'documentation', description: 'This description.' },
];

const securitySchemes = {
  bearer: { type: 'http', scheme: 'bearer', description: 'The `API_TOKEN`. Without one configured, all is open.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: cookieName,
    description:
      'Signing in at `/login` gives it, over https with `__Host-` (or `__Secure-`, under a base path) before its name.',
  },
} as const;

const signInFirst = { 303: redirect('A browser is sent to sign in.') };

/** What the middleware in front of every route may answer. A route is open when it says `security: []`. */
const behindMiddleware = (
  operation: ZodOpenApiOperationObject,
  method: 'get' | 'post' | 'delete',
): ZodOpenApiOperationObject => {
  const isGuarded = operation.security?.length !== 0;
  return {
    ...operation,
    responses: {
      ...operation.responses,
      ...(isGuarded && problems(401, 403, 429)),
      ...(isGuarded && method === 'get' && signInFirst),
      ...(method === 'post' && problems(413)),
      ...problems(500),
    },
  };
};

const withMiddleware = ({ get, post, delete: remove }: ZodOpenApiPathItemObject): ZodOpenApiPathItemObject => ({
  ...(get && { get: behindMiddleware(get, 'get') }),
  ...(post && { post: behindMiddleware(post, 'post') }),
  ...(remove && { delete: behindMiddleware(remove, 'delete') }),
});

/**
 * The OpenAPI 3.1 document of the whole API.
 * @param serverUrl what all paths stand under
 */
export const describeApi = (webhooks: readonly WebhookSource[], serverUrl: string) => {
  const paths: Paths = {
    ...webhookPaths(webhooks),
    ...pullStatusPaths,
    ...statusHookPaths,
    ...eventPaths,
    ...resolveEventPaths,
    ...alertPaths,
    ...livePaths,
    ...deliveryPaths,
    ...destinationPaths,
    ...rulesPaths,
    ...silencePaths,
    ...explainPaths(webhooks),
    ...statusPagePaths,
    ...mockPagerDutyPaths,
    ...healthPaths,
    ...metricsPaths,
    ...dashboardPaths,
    ...reportPaths,
    ...signInPaths,
    ...summarizePaths,
    ...docsPaths,
  };
  return createDocument(
    {
      openapi: '3.1.1',
      info: { title: packageJson.name, version: packageJson.version, description },
      servers: [{ url: serverUrl }],
      tags,
      security: Object.keys(securitySchemes).map((name) => ({ [name]: [] })),
      components: { securitySchemes },
      paths: Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, withMiddleware(item)])),
    },
    {
      // That our own code may not change an array says nothing about the wire.
      override: ({ jsonSchema }) => {
        delete jsonSchema.readOnly;
      },
    },
  );
};
