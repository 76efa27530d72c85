// The environment, read once into one typed object. Every problem is reported together, by variable.
import * as z from 'zod';
import { ConfigError } from '../lib/errors.ts';
import { publicUrl } from '../lib/text.ts';
import { flag, headerPairs, httpUrl, integer, networks, secrets, statusPages, storeUrl } from './values.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const pagerDutyEventsUrl = 'https://events.pagerduty.com/v2/enqueue';

/** Each variable of the environment. An absent or empty one is `undefined` before its default applies. */
const environment = z.object({
  PORT: integer(0, 65535).default(3000),
  HOST: z.string().default('0.0.0.0'),
  LOG_LEVEL: z.enum(logLevels, `expected one of ${logLevels.join(', ')}`).default('info'),
  STRIPE_WEBHOOK_SECRET: z.string('is required: the signing secret of your Stripe endpoint (whsec_…)').pipe(secrets),
  STRIPE_API_KEY: z.string().optional(),
  SPREEDLY_STATUS_SUMMARY_URL: httpUrl.optional(),
  BRAZE_STATUS_SUMMARY_URL: httpUrl.optional(),
  STATUS_PAGES: statusPages.default([]),
  STATUS_POLL_INTERVAL_SECONDS: integer(0, 86_400).optional(),
  STATUS_STALE_AFTER_SECONDS: integer(1).default(900),
  STATUS_FETCH_TIMEOUT_MS: integer(1, 2 ** 31 - 1).default(10_000),
  STATUS_MAX_BODY_BYTES: integer(1).default(16_777_216),
  ROUTE_WARNING: flag.default(false),
  ROUTE_TEST_MODE: flag.default(false),
  PAGERDUTY_ROUTING_KEY: z.string().optional(),
  PAGERDUTY_EVENTS_URL: httpUrl.default(pagerDutyEventsUrl),
  DELIVERY_RETRY_MIN_MS: integer(1, 2 ** 31 - 1).default(1000),
  DELIVERY_RETRY_MAX_MS: integer(1, 2 ** 31 - 1).default(300_000),
  DELIVERY_MAX_AGE_SECONDS: integer(1).default(86_400),
  DELIVERY_CONCURRENCY: integer(1, 1000).default(8),
  DELIVERY_TIMEOUT_MS: integer(1, 2 ** 31 - 1).default(10_000),
  STORE_URL: storeUrl.default('memory:'),
  EVENT_CAPACITY: integer(1).default(10_000),
  DEDUPE_CAPACITY: integer(1).default(100_000),
  EVENT_RETENTION_DAYS: integer(1, 36_500).default(30),
  MAX_BODY_BYTES: integer(1).default(1_048_576),
  API_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'expected visible ASCII characters, which a header can carry')
    .optional(),
  ALLOW_ANONYMOUS: flag.default(false),
  TRUSTED_PROXIES: networks.default([]),
  SHUTDOWN_GRACE_SECONDS: integer(0, 3600).default(10),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headerPairs.default({}),
  OTEL_SERVICE_NAME: z.string().default('vendor-signals'),
});

/** The names of all variables, in the order in which they are documented. */
export const variableNames = environment.keyof().options;

export interface PageConfig {
  readonly name: string;
  /** Null: not configured, so the page's fixture stands in for it. */
  readonly url: string | null;
}

export type Config = ReturnType<typeof arrange>;

const arrange = (env: z.infer<typeof environment>) => {
  const pages: readonly PageConfig[] = [
    { name: 'spreedly', url: env.SPREEDLY_STATUS_SUMMARY_URL ?? null },
    { name: 'braze', url: env.BRAZE_STATUS_SUMMARY_URL ?? null },
    ...env.STATUS_PAGES.map(([name, url]) => ({ name, url })),
  ];
  const hasRealPage = pages.some(({ url }) => url !== null);
  return {
    port: env.PORT,
    host: env.HOST,
    logLevel: env.LOG_LEVEL,
    maxBodyBytes: env.MAX_BODY_BYTES,
    apiToken: env.API_TOKEN ?? null,
    allowAnonymous: env.ALLOW_ANONYMOUS,
    trustedProxies: env.TRUSTED_PROXIES,
    shutdownGraceSeconds: env.SHUTDOWN_GRACE_SECONDS,
    stripe: { webhookSecrets: env.STRIPE_WEBHOOK_SECRET, apiKey: env.STRIPE_API_KEY ?? null },
    status: {
      pages,
      pollIntervalSeconds: env.STATUS_POLL_INTERVAL_SECONDS ?? (hasRealPage ? 60 : 0),
      staleAfterSeconds: env.STATUS_STALE_AFTER_SECONDS,
      fetchTimeoutMs: env.STATUS_FETCH_TIMEOUT_MS,
      maxBodyBytes: env.STATUS_MAX_BODY_BYTES,
    },
    routing: { routeWarning: env.ROUTE_WARNING, routeTestMode: env.ROUTE_TEST_MODE },
    pagerduty: { routingKey: env.PAGERDUTY_ROUTING_KEY ?? null, eventsUrl: env.PAGERDUTY_EVENTS_URL },
    delivery: {
      retryMinMs: env.DELIVERY_RETRY_MIN_MS,
      retryMaxMs: env.DELIVERY_RETRY_MAX_MS,
      maxAgeSeconds: env.DELIVERY_MAX_AGE_SECONDS,
      concurrency: env.DELIVERY_CONCURRENCY,
      timeoutMs: env.DELIVERY_TIMEOUT_MS,
    },
    tracing: {
      endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
      headers: env.OTEL_EXPORTER_OTLP_HEADERS,
      serviceName: env.OTEL_SERVICE_NAME,
    },
    store: {
      url: env.STORE_URL,
      eventCapacity: env.EVENT_CAPACITY,
      dedupeCapacity: env.DEDUPE_CAPACITY,
      retentionDays: env.EVENT_RETENTION_DAYS,
    },
  } as const;
};

/** What is wrong with variables that are usable each by itself. */
const contradictions = (given: Readonly<Record<string, unknown>>): readonly string[] => {
  const { DELIVERY_RETRY_MIN_MS: min, DELIVERY_RETRY_MAX_MS: max } = environment.shape;
  const [minMs, maxMs] = [min.safeParse(given.DELIVERY_RETRY_MIN_MS), max.safeParse(given.DELIVERY_RETRY_MAX_MS)];
  return minMs.success && maxMs.success && minMs.data > maxMs.data
    ? ['DELIVERY_RETRY_MIN_MS: must not be greater than DELIVERY_RETRY_MAX_MS']
    : [];
};

/** In production nobody may have left the door open without meaning to. */
const leftOpen = (given: Readonly<Record<string, unknown>>, nodeEnv: string | undefined): readonly string[] =>
  nodeEnv?.trim() === 'production' && given.API_TOKEN === undefined && given.ALLOW_ANONYMOUS !== 'true'
    ? ['API_TOKEN: is required when NODE_ENV is production, unless ALLOW_ANONYMOUS=true lets everybody in']
    : [];

/**
 * Reads the environment.
 * @throws {ConfigError} with every problem, each beginning with the variable's name
 */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.fromEntries(variableNames.map((name) => [name, env[name]?.trim() || undefined]));
  const result = environment.safeParse(given);
  const issues = result.error?.issues ?? [];
  const problems = [
    ...issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    ...contradictions(given),
    ...leftOpen(given, env.NODE_ENV),
  ];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return arrange(result.data);
};

/** A database's URL holds its password. */
const publicStoreUrl = (text: string): string => {
  const url = text.startsWith('postgres') ? URL.parse(text) : null;
  return url ? `postgres://${url.host}${url.pathname}` : text.replace(/^(postgres(ql)?:).*/, '$1…');
};

const setOrNot = (secret: string | null): string => (secret === null ? 'not set' : 'set');

/**
 * The configuration as it may be logged: secrets as set / not set, URLs without what may be a secret in them. The port
 * is left to the one who listens, for the one that is configured may be 0.
 */
export const describeConfig = ({ port: _port, host: _host, ...config }: Config) => ({
  ...config,
  apiToken: setOrNot(config.apiToken),
  stripe: { webhookSecrets: `${config.stripe.webhookSecrets.length} set`, apiKey: setOrNot(config.stripe.apiKey) },
  status: {
    ...config.status,
    pages: config.status.pages.map(({ name, url }) => ({ name, url: url && publicUrl(url) })),
  },
  store: { ...config.store, url: publicStoreUrl(config.store.url) },
  tracing: {
    ...config.tracing,
    endpoint: config.tracing.endpoint && publicUrl(config.tracing.endpoint),
    headers: setOrNot(Object.keys(config.tracing.headers).length === 0 ? null : 'some'),
  },
  pagerduty: {
    routingKey: setOrNot(config.pagerduty.routingKey),
    eventsUrl: publicUrl(config.pagerduty.eventsUrl),
  },
});
