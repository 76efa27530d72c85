import { expect, it } from 'vitest';
import { parts, variableNames } from '../../src/config/env.ts';
import { findMisspelt } from '../../src/config/misspelt.ts';

const prefixes = parts.flatMap((part) => part.prefixes);
const look = (name: string) => findMisspelt([name], variableNames, prefixes)[0];

it.each([
  ['ROUTE_WARNINGS', 'ROUTE_WARNING'],
  ['ROUTE_WARNIGN', 'ROUTE_WARNING'],
  ['STRIPE_WEBHOOK_SECERT', 'STRIPE_WEBHOOK_SECRET'],
  ['STRIPE_WEBHOOKS_SECRETS', 'STRIPE_WEBHOOK_SECRET'],
  ['PAGER_DUTY_ROUTING_KEY', 'PAGERDUTY_ROUTING_KEY'],
  ['API_TOKN', 'API_TOKEN'],
  ['STORE_URI', 'STORE_URL'],
  ['log_level', 'LOG_LEVEL'],
  ['PUBLIC_ULR', 'PUBLIC_URL'],
  ['TRUSTED_PROXY', null],
  ['HEARTBEATURL', 'HEARTBEAT_URL'],
])('%s is taken for %s', (name, meant) => {
  expect(look(name)?.meant ?? null).toBe(meant);
});

it.each(['ROUTE_CRITICAL', 'STATUS_X', 'PAGERDUTY_KEY', 'DELIVERY_RETRIES', 'STRIPE_SECRET', 'status_interval'])(
  '%s has a prefix of ours and is none of ours',
  (name) => {
    expect(look(name)).toEqual({ name, meant: null });
  },
);

it.each([
  ...variableNames,
  'HOSTNAME',
  'HOSTS',
  'POST',
  'SORT',
  'PORTS',
  'PATH',
  'HOME',
  'NODE_ENV',
  'NODE_OPTIONS',
  'ftp_proxy',
  'ALL_PROXY',
  'https_proxy',
  'no_proxy',
  'STRIPE_SERVICE_HOST',
  'STATUS_SERVICE_PORT_HTTP',
  'DELIVERY_PORT_3000_TCP_ADDR',
  'EVENT_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'LOGNAME',
  'COMPOSE_PROFILES',
  'POSTGRES_PASSWORD',
  'npm_lifecycle_event',
])('%s is nobody’s mistake', (name) => {
  expect(look(name)).toBeUndefined();
});

it('a name that is very long is looked at in no time', () => {
  const startedMs = performance.now();
  findMisspelt(
    Array.from({ length: 200 }, (_, at) => `${'ROUTE_'.repeat(20_000)}${at}`),
    variableNames,
    prefixes,
  );
  expect(performance.now() - startedMs).toBeLessThan(2000);
});
