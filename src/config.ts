// The environment, read once into one typed object. Every problem is reported together, by variable.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { ConfigError } from './errors.ts';
import { publicUrl } from './text.ts';

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const pagerDutyEventsUrl = 'https://events.pagerduty.com/v2/enqueue';
/** What a status page may be called. */
export const pageName = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const integer = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d+$/, 'expected a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `expected a whole number from ${min} to ${max}`);

const flag = z.enum(['true', 'false'], 'expected "true" or "false"').transform((text) => text === 'true');

/** fetch refuses a URL that holds a user name or a password. */
const isHttpUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
};
const urlProblem = 'expected an http or https URL without a user name or password';
const httpUrl = z.string().refine(isHttpUrl, urlProblem);

const commaSeparated = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const secrets = z
  .string()
  .transform(commaSeparated)
  .refine((list) => list.length > 0, 'expected one or more signing secrets (whsec_…), separated by commas')
  .refine((list) => !list.some((secret) => /\s/.test(secret)), 'a signing secret must not contain white space');

/** Numbers only: a name would have to be looked up, and who answers for it would be believed. */
const isNetwork = (text: string): boolean =>
  text.includes('/') ? isIP(text.replace(/\/.*/, '')) !== 0 && ipaddr.isValidCIDR(text) : isIP(text) !== 0;

const networks = z
  .string()
  .transform(commaSeparated)
  .refine((list) => list.every(isNetwork), 'expected addresses or networks such as 10.0.0.0/8, separated by commas');

/** Whether it is percent-encoded text that a header can carry. */
const isEncoded = (text: string): boolean => {
  try {
    return /^[\x20-\x7e]+$/.test(decodeURIComponent(text));
  } catch {
    return false;
  }
};

/** `name=url` pairs. A comma is a separator only in front of the next pair, for a URL may hold commas. */
const statusPages = z.string().transform((text, context) => {
  const pages = new Map<string, string>();
  const pairs = text.split(/,(?=[^,=/?&:#]*=)/).map((part) => part.trim().replace(/,$/, ''));
  for (const [at, pair] of pairs.filter(Boolean).entries()) {
    const split = pair.indexOf('=');
    const name = pair.slice(0, Math.max(split, 0)).trim();
    // Never the pair itself: its URL may hold a secret.
    const problem = (message: string) =>
      context.addIssue({ code: 'custom', message: `pair ${at + 1}${name && ` ("${name}")`}: ${message}` });
    const url = pair.slice(split + 1).trim();
    if (split < 0) problem('expected name=url');
    else if (!pageName.test(name)) problem('a name is lower-case letters, digits, "-" and "_", 64 at most');
    else if (name === 'spreedly' || name === 'braze') problem(`"${name}" has a variable of its own`);
    else if (pages.has(name)) problem(`the name "${name}" is given twice`);
    else if (!isHttpUrl(url)) problem(urlProblem);
    else pages.set(name, url);
  }
  return [...pages];
});

/** `name=value` pairs as OpenTelemetry has them, the values percent-encoded. They hold keys, and are never shown. */
const headerPairs = z.string().transform((text, context) => {
  const headers: Record<string, string> = {};
  for (const [at, pair] of commaSeparated(text).entries()) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+)\s*=\s*(\S+)$/.exec(pair) ?? [];
    if (name !== undefined && value !== undefined && isEncoded(value)) headers[name] = decodeURIComponent(value);
    else
      context.addIssue({ code: 'custom', message: `pair ${at + 1}: expected name=value, the value percent-encoded` });
  }
  return headers;
});

/** What is wrong with it is told without it: it holds a password, perhaps in the wrong place. */
const storeUrl = z
  .string()
  .refine(
    (text) => text === 'memory:' || /^sqlite:.+/.test(text) || (/^postgres(ql)?:/.test(text) && URL.canParse(text)),
    'expected memory:, sqlite:PATH or postgres://user:password@host/database, the password percent-encoded',
  );

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
