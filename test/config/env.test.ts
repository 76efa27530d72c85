import { expect, it } from 'vitest';
import { type Config, describeConfig, misspeltWarnings, readConfig, variableNames } from '../../src/config/env.ts';
import { ConfigError } from '../../src/lib/errors.ts';

const needed = { STRIPE_WEBHOOK_SECRET: 'whsec_one' };

/** What is wrong with an environment. */
const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return error instanceof ConfigError ? error.problems : [String(error)];
  }
};
const pagesOf = (text: string) => readConfig({ ...needed, STATUS_PAGES: text }).status.pages.slice(2);

interface Row {
  readonly name: string;
  readonly read: (config: Config) => unknown;
  readonly default: unknown;
  /** A value as it is given, and what it is read as. */
  readonly good: readonly [string, unknown];
  readonly bad: readonly string[];
}

const url = 'https://status.acme.test/api/v2/summary.json';
const notNumbers = ['-1', '1.5', '1e3', '0x10', 'ten', '99999999999999999999'];
const notUrls = ['acme.test', 'ftp://acme.test/', 'http://', 'javascript:alert(1)'];
const notFlags = ['1', 'yes', 'TRUE', 'on'];

const rows: readonly Row[] = [
  { name: 'PORT', read: ({ port }) => port, default: 3000, good: ['0', 0], bad: [...notNumbers, '65536'] },
  {
    name: 'HOST',
    read: ({ host }) => host,
    default: '0.0.0.0',
    good: ['::1', '::1'],
    bad: ['localhost:3000', '[::1]', 'http://localhost', 'my host', '10.0.0.0/8'],
  },
  {
    name: 'LOG_LEVEL',
    read: ({ logLevel }) => logLevel,
    default: 'info',
    good: ['silent', 'silent'],
    bad: ['loud', 'INFO'],
  },
  {
    name: 'STRIPE_API_KEY',
    read: ({ stripe }) => stripe.apiKey,
    default: null,
    good: ['sk_test_1', 'sk_test_1'],
    bad: ['whsec_1', 'pk_live_1', '“sk_live_1”'],
  },
  {
    name: 'STRIPE_API_URL',
    read: ({ stripe }) => stripe.apiUrl,
    default: 'https://api.stripe.com',
    good: ['https://gateway.test/stripe/', 'https://gateway.test/stripe'],
    bad: ['gateway.test', 'ftp://gateway.test', 'https://user:hush@gateway.test'],
  },
  {
    name: 'SPREEDLY_STATUS_SUMMARY_URL',
    read: ({ status }) => status.pages[0],
    default: { name: 'spreedly', url: null },
    good: [url, { name: 'spreedly', url }],
    bad: notUrls,
  },
  {
    name: 'BRAZE_STATUS_SUMMARY_URL',
    read: ({ status }) => status.pages[1],
    default: { name: 'braze', url: null },
    good: [url, { name: 'braze', url }],
    bad: notUrls,
  },
  {
    name: 'STATUS_PAGES',
    read: ({ status }) => status.pages.slice(2),
    default: [],
    good: [`acme=${url}`, [{ name: 'acme', url }]],
    bad: ['acme', '=https://acme.test/', 'acme=', 'Acme=https://acme.test/'],
  },
  {
    name: 'STATUS_HOOK_SECRET',
    read: ({ status }) => status.hookSecret,
    default: null,
    good: ['a-hook-secret-of-a-test', 'a-hook-secret-of-a-test'],
    bad: ['short', 'with/a/slash/in/it/and/more'],
  },
  {
    name: 'STATUS_POLL_INTERVAL_SECONDS',
    read: ({ status }) => status.pollIntervalSeconds,
    default: null,
    good: ['5', 5],
    bad: [...notNumbers, '86401'],
  },
  {
    name: 'STATUS_STALE_AFTER_SECONDS',
    read: ({ status }) => status.staleAfterSeconds,
    default: 900,
    good: ['1', 1],
    bad: [...notNumbers, '0'],
  },
  {
    name: 'STATUS_FETCH_TIMEOUT_MS',
    read: ({ status }) => status.fetchTimeoutMs,
    default: 10_000,
    good: ['2147483647', 2_147_483_647],
    // Node fires a longer timer at once.
    bad: [...notNumbers, '0', '2147483648'],
  },
  {
    name: 'STATUS_MAX_BODY_BYTES',
    read: ({ status }) => status.maxBodyBytes,
    default: 16_777_216,
    good: ['1', 1],
    bad: [...notNumbers, '0'],
  },
  {
    name: 'ROUTE_WARNING',
    read: ({ routing }) => routing.routeWarning,
    default: false,
    good: ['true', true],
    bad: notFlags,
  },
  {
    name: 'ROUTE_TEST_MODE',
    read: ({ routing }) => routing.routeTestMode,
    default: false,
    good: ['true', true],
    bad: notFlags,
  },
  {
    name: 'PAGERDUTY_ROUTING_KEY',
    read: ({ pagerduty }) => pagerduty.routingKey,
    default: null,
    good: ['R0', 'R0'],
    bad: [],
  },
  {
    name: 'PAGERDUTY_EVENTS_URL',
    read: ({ pagerduty }) => pagerduty.eventsUrl,
    default: 'https://events.pagerduty.com/v2/enqueue',
    good: ['http://localhost:9/v2', 'http://localhost:9/v2'],
    bad: [...notUrls, 'https://events.eu.pagerduty.com', 'https://events.pagerduty.com/v2'],
  },
  {
    name: 'DELIVERY_RETRY_MIN_MS',
    read: ({ delivery }) => delivery.retryMinMs,
    default: 1000,
    good: ['1', 1],
    bad: [...notNumbers, '0', '300001'],
  },
  {
    name: 'DELIVERY_RETRY_MAX_MS',
    read: ({ delivery }) => delivery.retryMaxMs,
    default: 300_000,
    good: ['1000', 1000],
    bad: [...notNumbers, '0', '2147483648'],
  },
  {
    name: 'DELIVERY_MAX_AGE_SECONDS',
    read: ({ delivery }) => delivery.maxAgeSeconds,
    default: 86_400,
    good: ['1', 1],
    bad: [...notNumbers, '0'],
  },
  {
    name: 'DELIVERY_CONCURRENCY',
    read: ({ delivery }) => delivery.concurrency,
    default: 8,
    good: ['1', 1],
    bad: [...notNumbers, '0'],
  },
  {
    name: 'DELIVERY_TIMEOUT_MS',
    read: ({ delivery }) => delivery.timeoutMs,
    default: 10_000,
    good: ['1', 1],
    bad: [...notNumbers, '0', '2147483648'],
  },
  {
    name: 'STORE_URL',
    read: ({ store }) => store.url,
    default: 'memory:',
    good: ['memory:', 'memory:'],
    bad: ['redis:'],
  },
  {
    name: 'EVENT_CAPACITY',
    read: ({ store }) => store.eventCapacity,
    default: 10_000,
    good: ['1', 1],
    bad: [...notNumbers, '0'],
  },
  {
    name: 'DEDUPE_CAPACITY',
    read: ({ store }) => store.dedupeCapacity,
    default: 100_000,
    good: ['1', 1],
    bad: [...notNumbers, '0'],
  },
  {
    name: 'EVENT_RETENTION_DAYS',
    read: ({ store }) => store.retentionDays,
    default: 30,
    good: ['1', 1],
    bad: [...notNumbers, '0'],
  },
  {
    name: 'MAX_BODY_BYTES',
    read: ({ maxBodyBytes }) => maxBodyBytes,
    default: 1_048_576,
    good: ['1', 1],
    bad: [...notNumbers, '0'],
  },
  {
    name: 'PUBLIC_URL',
    read: ({ publicUrl }) => publicUrl,
    default: null,
    good: ['https://ops.acme.test/signals/', 'https://ops.acme.test/signals'],
    bad: [
      ...notUrls,
      'https://u:p@acme.test/',
      'https://acme.test/?a=1',
      'https://acme.test/#a',
      'https://acme.test/a//b',
      'https://acme.test/a%20b',
      'https://acme.test/events',
      'https://acme.test/docs/x',
    ],
  },
  { name: 'LOG_FORMAT', read: ({ logFormat }) => logFormat, default: null, good: ['pretty', 'pretty'], bad: ['text'] },
  {
    name: 'CONFIG_FILE',
    read: ({ configFile }) => configFile,
    default: null,
    good: ['/etc/rules.yaml', '/etc/rules.yaml'],
    bad: [],
  },
  {
    name: 'PAGERDUTY_PER_MINUTE',
    read: ({ pagerduty }) => pagerduty.perMinute,
    default: 100,
    good: ['0', 0],
    bad: [...notNumbers, '100001'],
  },
  {
    name: 'HEARTBEAT_URL',
    read: ({ heartbeat }) => heartbeat.url,
    default: null,
    good: ['https://hc.test/ping/1', 'https://hc.test/ping/1'],
    bad: notUrls,
  },
  {
    name: 'HEARTBEAT_INTERVAL_SECONDS',
    read: ({ heartbeat }) => heartbeat.intervalSeconds,
    default: 60,
    good: ['1', 1],
    bad: [...notNumbers, '0'],
  },
  {
    name: 'HTTPS_PROXY',
    read: ({ proxy }) => proxy.https,
    default: null,
    good: ['http://user:hush@proxy.test:3128', 'http://user:hush@proxy.test:3128'],
    bad: ['proxy.test:3128', 'socks5://proxy.test'],
  },
  {
    name: 'HTTP_PROXY',
    read: ({ proxy }) => proxy.http,
    default: null,
    good: ['http://proxy.test:3128', 'http://proxy.test:3128'],
    bad: ['proxy.test:3128', 'socks5://proxy.test'],
  },
  {
    name: 'NO_PROXY',
    read: ({ proxy }) => proxy.noProxy,
    default: [],
    good: ['.acme.test, 10.0.0.5', ['.acme.test', '10.0.0.5']],
    bad: [],
  },
  {
    name: 'NODE_EXTRA_CA_CERTS',
    read: ({ extraCaCerts }) => extraCaCerts,
    default: null,
    good: ['/etc/ca.pem', '/etc/ca.pem'],
    bad: [],
  },
  {
    name: 'API_TOKEN',
    read: ({ apiToken }) => apiToken,
    default: null,
    good: ['t0ken~!', 't0ken~!'],
    bad: ['two words', 'žeton', 'a\u0000b'],
  },
  {
    name: 'ALLOW_ANONYMOUS',
    read: ({ allowAnonymous }) => allowAnonymous,
    default: false,
    good: ['true', true],
    bad: notFlags,
  },
  {
    name: 'TRUSTED_PROXIES',
    read: ({ trustedProxies }) => trustedProxies,
    default: [],
    good: ['10.0.0.1, 192.168.0.0/16,fd00::/8', ['10.0.0.1', '192.168.0.0/16', 'fd00::/8']],
    bad: [
      'true',
      'proxy.test',
      '10.0.0',
      '10.1/8',
      '10.0.0.0/33',
      '10.0.0.0/',
      'fd00::/129',
      '10.0.0.1:80',
      '10.0.0.1,x',
    ],
  },
  {
    name: 'SHUTDOWN_GRACE_SECONDS',
    read: ({ shutdownGraceSeconds }) => shutdownGraceSeconds,
    default: 10,
    good: ['0', 0],
    bad: notNumbers,
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    read: ({ tracing }) => tracing.endpoint,
    default: null,
    good: ['http://collector.test:4318', 'http://collector.test:4318'],
    bad: notUrls,
  },
  {
    name: 'OTEL_EXPORTER_OTLP_HEADERS',
    read: ({ tracing }) => tracing.headers,
    default: {},
    good: ['x-key=a%20key=, other=1', { 'x-key': 'a key=', other: '1' }],
    bad: ['nothing', '=hush', 'name=', 'a name=hush', 'name=%zz', 'name=%0a', 'name=%c3%a9'],
  },
  {
    name: 'OTEL_SERVICE_NAME',
    read: ({ tracing }) => tracing.serviceName,
    default: 'vendor-signals',
    good: ['signals-eu', 'signals-eu'],
    bad: [],
  },
];

it('headers for a collector that cannot be read are refused without showing them', () => {
  expect(problemsOf({ ...needed, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=ok,api key=hush' })).toEqual([
    'OTEL_EXPORTER_OTLP_HEADERS: pair 2: expected name=value, the value percent-encoded',
  ]);
});

it('the table of these tests has every variable but the one that is required', () => {
  expect([...rows.map(({ name }) => name), 'STRIPE_WEBHOOK_SECRET'].sort()).toEqual([...variableNames].sort());
});

it.each(rows)('$name is $default by default', ({ read, default: expected }) => {
  expect(read(readConfig(needed))).toEqual(expected);
});

it.each(rows)('an empty $name counts as not set', ({ name, read, default: expected }) => {
  expect(read(readConfig({ ...needed, [name]: '' }))).toEqual(expected);
  expect(read(readConfig({ ...needed, [name]: ' \t' }))).toEqual(expected);
});

it.each(rows)('$name is read without the white space around it', ({ name, read, good: [text, value] }) => {
  expect(read(readConfig({ ...needed, [name]: ` ${text}\n` }))).toEqual(value);
});

it.each(rows.flatMap(({ name, bad }) => bad.map((value) => [name, value] as const)))(
  '%s=%s is one problem, under its name',
  (name, value) => {
    expect(problemsOf({ ...needed, [name]: value })).toEqual([expect.stringMatching(`^${name}: `)]);
  },
);

it.each(['localhost', 'my_service', '127.0.0.1', '::', 'fe80::1%eth0'])('%s can be listened at', (host) => {
  expect(readConfig({ ...needed, HOST: host })).toMatchObject({ host });
});

it.each(['', ' ', ',', ' , ,'])('the signing secret is required, and %j is none', (secret) => {
  expect(problemsOf({ STRIPE_WEBHOOK_SECRET: secret })).toEqual([
    expect.stringMatching(/^STRIPE_WEBHOOK_SECRET: .*whsec_…/),
  ]);
});

it.each([
  ['whsec_one', ['whsec_one']],
  ['whsec_new,whsec_old', ['whsec_new', 'whsec_old']],
  [' whsec_new , whsec_old ,', ['whsec_new', 'whsec_old']],
])('the signing secrets in %j are %j', (text, secrets) => {
  expect(readConfig({ STRIPE_WEBHOOK_SECRET: text }).stripe.webhookSecrets).toEqual(secrets);
});

it('a signing secret that lost its comma is a problem, which does not show it', () => {
  expect(problemsOf({ STRIPE_WEBHOOK_SECRET: 'whsec_new whsec_old' })).toEqual([
    'STRIPE_WEBHOOK_SECRET: a signing secret must not contain white space',
  ]);
});

it('all problems are reported together, in the order in which the variables are documented', () => {
  const env = { API_TOKEN: 'a b', PORT: 'x', ROUTE_WARNING: 'maybe', STATUS_PAGES: 'one,two=x,three=ftp://x' };
  expect(problemsOf(env).map((problem) => problem.split(':')[0])).toEqual([
    'PORT',
    'API_TOKEN',
    'STRIPE_WEBHOOK_SECRET',
    'STATUS_PAGES',
    'STATUS_PAGES',
    'STATUS_PAGES',
    'ROUTE_WARNING',
  ]);
});

it.each([
  [{ NODE_ENV: 'production' }, false],
  [{ NODE_ENV: ' production ', API_TOKEN: ' ' }, false],
  [{ NODE_ENV: 'production', ALLOW_ANONYMOUS: 'false' }, false],
  [{ NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true' }, true],
  [{ NODE_ENV: 'production', API_TOKEN: 'token_of_16_char' }, true],
  [{ NODE_ENV: 'development' }, true],
  [{ NODE_ENV: '' }, true],
])('whether %j may start: %s', (env, isFine) => {
  const problem = 'API_TOKEN: is required when NODE_ENV is production, unless ALLOW_ANONYMOUS=true lets everybody in';
  expect(problemsOf({ ...needed, ...env })).toEqual(isFine ? [] : [problem]);
});

it('a token that is not usable is one problem in production, not two', () => {
  const problems = problemsOf({ ...needed, NODE_ENV: 'production', API_TOKEN: 'two words' });
  expect(problems).toEqual([expect.stringMatching('^API_TOKEN: expected visible ASCII')]);
});

it('limits that contradict each other are a problem', () => {
  const env = { ...needed, DELIVERY_RETRY_MIN_MS: '2000', DELIVERY_RETRY_MAX_MS: '1000' };
  expect(problemsOf(env)).toEqual(['DELIVERY_RETRY_MIN_MS: must not be greater than DELIVERY_RETRY_MAX_MS']);
});

it('limits that contradict each other are reported together with every other problem', () => {
  const env = { DELIVERY_RETRY_MIN_MS: '2000', DELIVERY_RETRY_MAX_MS: '1000', LOG_LEVEL: 'loud' };
  expect(problemsOf(env)).toEqual([
    expect.stringMatching(/^LOG_LEVEL: /),
    expect.stringMatching(/^STRIPE_WEBHOOK_SECRET: /),
    'DELIVERY_RETRY_MIN_MS: must not be greater than DELIVERY_RETRY_MAX_MS',
  ]);
});

it.each([
  ['a=https://a.test/', [{ name: 'a', url: 'https://a.test/' }]],
  [
    ' a = https://a.test/ , b-2_c=http://b.test ,',
    [
      { name: 'a', url: 'https://a.test/' },
      { name: 'b-2_c', url: 'http://b.test' },
    ],
  ],
  [
    'a=https://a.test/x?ids=1,2,b=https://b.test/?q=1',
    [
      { name: 'a', url: 'https://a.test/x?ids=1,2' },
      { name: 'b', url: 'https://b.test/?q=1' },
    ],
  ],
  ['a=https://a.test/?fields=x,y&lang=en', [{ name: 'a', url: 'https://a.test/?fields=x,y&lang=en' }]],
])('the pages in %j are %j', (text, pages) => {
  expect(pagesOf(text)).toEqual(pages);
});

it.each([
  ['acme', 'pair 1: expected name=url'],
  ['A=https://a.test/', 'pair 1 ("A"): a name is lower-case letters, digits, "-" and "_", 64 at most'],
  ['_a=https://a.test/', 'pair 1 ("_a"): a name is lower-case letters, digits, "-" and "_", 64 at most'],
  ['=https://a.test/', 'pair 1: a name is lower-case letters, digits, "-" and "_", 64 at most'],
  ['a=', 'pair 1 ("a"): expected a URL with https:// or http://, and without a user name or password'],
  [
    'a=file:///etc/passwd',
    'pair 1 ("a"): expected a URL with https:// or http://, and without a user name or password',
  ],
  [
    'a=https://u:hush@a.test/?hush',
    'pair 1 ("a"): expected a URL with https:// or http://, and without a user name or password',
  ],
  ['a=https://a.test/,a=https://b.test/', 'pair 2 ("a"): the name "a" is given twice'],
  ['spreedly=https://a.test/', 'pair 1 ("spreedly"): "spreedly" has a variable of its own'],
  ['braze=https://a.test/', 'pair 1 ("braze"): "braze" has a variable of its own'],
])('STATUS_PAGES=%s is refused, saying which pair is wrong and why', (text, problem) => {
  expect(problemsOf({ ...needed, STATUS_PAGES: text })).toEqual([`STATUS_PAGES: ${problem}`]);
});

it('a name of a page has 64 characters at most', () => {
  expect(pagesOf(`${'a'.repeat(64)}=${url}`)).toHaveLength(1);
  expect(problemsOf({ ...needed, STATUS_PAGES: `${'a'.repeat(65)}=${url}` })).toHaveLength(1);
});

it.each([
  [{ SPREEDLY_STATUS_SUMMARY_URL: url }, 60],
  [{ BRAZE_STATUS_SUMMARY_URL: url }, 60],
  [{ STATUS_PAGES: `acme=${url}` }, 60],
  [{ STATUS_PAGES: `acme=${url}`, STATUS_POLL_INTERVAL_SECONDS: '0' }, 0],
  [{ STATUS_POLL_INTERVAL_SECONDS: '30' }, 30],
])('with %j the pages are polled every %i seconds', (env, seconds) => {
  expect(readConfig({ ...needed, ...env }).described.STATUS_POLL_INTERVAL_SECONDS).toBe(seconds);
});

it('a configuration describes itself by variable, without a secret', () => {
  const config = readConfig({
    STRIPE_WEBHOOK_SECRET: 'hush_1,hush_2',
    STRIPE_API_KEY: 'hush_3',
    PAGERDUTY_ROUTING_KEY: 'hush_4',
    API_TOKEN: 'hush_5',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.test/otlp?key=hush_6',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=hush_7',
    PAGERDUTY_EVENTS_URL: 'https://events.test/v2/enqueue?key=hush_8#hush_9',
    STATUS_PAGES: 'acme=https://status.acme.test/summary.json?token=hush_10',
    HEARTBEAT_URL: 'https://hc.test/ping/hush_11',
    HTTPS_PROXY: 'http://hush_12:hush_13@proxy.test:3128',
    MAX_BODY_BYTES: '77',
  });
  const described = describeConfig(config);

  expect(JSON.stringify(described)).not.toContain('hush');
  expect(described).toMatchObject({
    API_TOKEN: 'set',
    STRIPE_WEBHOOK_SECRET: '2 set',
    STRIPE_API_KEY: 'set',
    PAGERDUTY_ROUTING_KEY: 'set',
    PAGERDUTY_EVENTS_URL: 'https://events.test/v2/enqueue',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.test/otlp',
    OTEL_EXPORTER_OTLP_HEADERS: 'set',
    OTEL_SERVICE_NAME: 'vendor-signals',
    STATUS_PAGES: ['acme=https://status.acme.test/summary.json'],
    HEARTBEAT_URL: 'https://hc.test/…',
    HTTPS_PROXY: 'http://proxy.test:3128/',
    HTTP_PROXY: null,
    MAX_BODY_BYTES: 77,
    STATUS_POLL_INTERVAL_SECONDS: 60,
  });
});

it('warns of an API key that goes over the network for everybody to read', () => {
  const warnings = (url: string, key = 'rk_live_1') =>
    readConfig({ ...needed, STRIPE_API_KEY: key, STRIPE_API_URL: url }).warnings.filter((text) =>
      /^STRIPE_API/.test(text),
    );
  expect(warnings('http://gateway.test')).toHaveLength(1);
  for (const url of ['https://gateway.test', 'http://127.0.0.1:12111', 'http://localhost:12111'])
    expect(warnings(url)).toEqual([]);
});

it('a configuration says which secrets are not set', () => {
  expect(describeConfig(readConfig(needed))).toMatchObject({
    API_TOKEN: 'not set',
    STRIPE_WEBHOOK_SECRET: '1 set',
    STRIPE_API_KEY: 'not set',
    PAGERDUTY_ROUTING_KEY: 'not set',
  });
});

it('a configuration describes every variable but the address that its listener tells', () => {
  const others = variableNames.filter((name) => name !== 'PORT' && name !== 'HOST');
  expect(Object.keys(describeConfig(readConfig(needed)))).toEqual(others);
});

it('a configuration names the variables that are set to something else than their default', () => {
  const env = { ...needed, PORT: '3000', ROUTE_WARNING: 'true', ROUTE_TEST_MODE: 'false', STATUS_PAGES: '' };
  expect(readConfig(env).given).toEqual(['STRIPE_WEBHOOK_SECRET', 'ROUTE_WARNING']);
});

it.each([
  ['STRIPE_WEBHOOK_SECRET', '"whsec_hush"'],
  ['STRIPE_WEBHOOK_SECRET', "'whsec_hush'"],
  ['PAGERDUTY_ROUTING_KEY', '"R0hush"'],
  ['API_TOKEN', '"tok_hush"'],
  ['STRIPE_API_KEY', "'sk_hush'"],
  ['STATUS_PAGES', '"acme=https://hush.test/"'],
  ['PORT', '"3000"'],
  ['HOST', '"::"'],
])('%s=%s is refused for its quotes, which Docker keeps, without being shown', (name, value) => {
  expect(problemsOf({ ...needed, [name]: value })).toEqual([
    `${name}: the value is in quotes, which would be part of it: take them off`,
  ]);
});

it.each([
  ['whsec_1,"whsec_2"', 'a signing secret must not contain quotes'],
  ['“whsec_1”', 'a signing secret must not contain quotes'],
  ['sk_live_hush', 'holds a secret API key, not a signing secret (whsec_…)'],
  ['whsec_1,rk_live_hush', 'holds a restricted API key, not a signing secret (whsec_…)'],
  ['pk_test_hush', 'holds a publishable API key, not a signing secret (whsec_…)'],
  ['we_1hush', 'holds the id of an endpoint, not a signing secret (whsec_…)'],
])('STRIPE_WEBHOOK_SECRET=%s is refused, and so is what it is', (value, problem) => {
  expect(problemsOf({ STRIPE_WEBHOOK_SECRET: value })).toEqual([`STRIPE_WEBHOOK_SECRET: ${problem}`]);
});

it('a routing key with a quote in it is refused without being shown', () => {
  expect(problemsOf({ ...needed, PAGERDUTY_ROUTING_KEY: '"R0hush' })).toEqual([
    'PAGERDUTY_ROUTING_KEY: a routing key must not contain quotes',
  ]);
});

it.each([
  [{}, true],
  [{ NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true' }, false],
  [{ PAGERDUTY_ROUTING_KEY: 'R0' }, false],
])('whether the placeholder of the example is taken for a secret with %j: %s', (env, isTaken) => {
  const problems = problemsOf({ ...env, STRIPE_WEBHOOK_SECRET: 'whsec_1,whsec_replace_me' });
  expect(problems).toEqual(isTaken ? [] : [expect.stringMatching(/^STRIPE_WEBHOOK_SECRET: is still the placeholder/)]);
});

it('a short token is refused in production, and taken elsewhere', () => {
  const env = { ...needed, API_TOKEN: 'tok_of_15_chars' };
  expect(problemsOf(env)).toEqual([]);
  expect(problemsOf({ ...env, NODE_ENV: 'production' })).toEqual([
    expect.stringMatching(/^API_TOKEN: is shorter than 16 characters/),
  ]);
});

it.each([
  { SPREEDLY_STATUS_SUMMARY_URL: 'https://status.stripe.com/current' },
  { BRAZE_STATUS_SUMMARY_URL: 'https://STATUS.stripe.com/Current/?x=1' },
  { STATUS_PAGES: 'stripe=https://status.stripe.com/current' },
  { STATUS_PAGES: 'stripe=https://status.stripe.com' },
  { SPREEDLY_STATUS_SUMMARY_URL: 'https://status.stripe.com./api/v2/summary.json' },
])('an address of the page that always says "up" is refused: %j', (env) => {
  expect(problemsOf({ ...needed, ...env })).toEqual([expect.stringContaining('use https://www.stripestatus.com')]);
});

it.each(['https://www.stripestatus.com', 'https://www.githubstatus.com/'])(
  'a status page may be its root: %s',
  (root) => {
    expect(pagesOf(`acme=${root}`)).toEqual([{ name: 'acme', url: root }]);
  },
);

it('proxies are read in lower case too, as curl names them', () => {
  const env = {
    ...needed,
    https_proxy: 'http://a.test:1',
    HTTPS_PROXY: '',
    http_proxy: 'http://b.test',
    no_proxy: 'c',
  };
  expect(readConfig(env)).toMatchObject({
    proxy: { https: 'http://a.test:1', http: 'http://b.test', noProxy: ['c'] },
  });
  expect(misspeltWarnings(env, '')).toEqual([]);
});

it.each([
  'postgres://user:hush@/signals?host=/cloudsql/project:region:instance',
  'postgresql://user@/signals?sslmode=disable&host=/var/run/postgresql',
  'postgres:///signals?host=/cloudsql/project:region:instance',
  'postgres://user:hush@%2Fvar%2Frun%2Fpostgresql/signals',
])('a database behind a socket is taken, and shown without its password: %s', (text) => {
  const config = readConfig({ ...needed, STORE_URL: text });
  expect(config.store.url).toBe(text);
  expect(JSON.stringify(describeConfig(config))).not.toContain('hush');
});

it('a configuration leaves its port to the one who listens', () => {
  expect(describeConfig(readConfig({ ...needed, PORT: '0' }))).not.toHaveProperty('PORT');
});

it.each([
  'postgres://user:hush/pw@127.0.0.1:5432/db',
  'postgres://user:hush@h1:5432,h2:5432/db',
  'postgres://user:hush@h1:99999/db',
])('a database whose URL cannot be read is refused without showing it: %s', (text) => {
  expect(problemsOf({ ...needed, STORE_URL: text })).toEqual([
    'STORE_URL: expected memory:, sqlite:PATH or postgres://user:password@host/database, the password percent-encoded',
  ]);
});

it('a configuration shows where its database is, and not its password', () => {
  const config = readConfig({ ...needed, STORE_URL: 'postgres://u:hush@db.test:5432/signals?x=hush' });
  expect(describeConfig(config)).toMatchObject({ STORE_URL: 'postgres://db.test:5432/signals' });
});

it('an address of a proxy that is no address is named', () => {
  expect(problemsOf({ ...needed, HTTPS_PROXY: 'proxy' })).toEqual([
    'HTTPS_PROXY: expected a URL with https:// or http://',
  ]);
});
