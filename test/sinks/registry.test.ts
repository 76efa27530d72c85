import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/env.ts';
import { type DestinationSettings, destinationSchema } from '../../src/domain/rules/destination-schema.ts';
import { createHttpClient, noProxySettings } from '../../src/lib/http-client.ts';
import { destinationsOf } from '../../src/sinks/registry.ts';
import { network } from '../support/network.ts';
import { fakePagerDuty, routingKey } from '../support/pagerduty.ts';
import { aRequest } from '../support/telling.ts';

const deps = { client: createHttpClient(noProxySettings), baseUrl: () => 'http://self.test' };
const configOf = (env: Readonly<Record<string, string>> = {}) =>
  readConfig({ STRIPE_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', ...env });
const ofFile = (settings: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}) => {
  const destinations = new Map<string, DestinationSettings>();
  for (const [name, each] of Object.entries(settings)) destinations.set(name, destinationSchema.parse(each));
  return destinationsOf({ destinations }, configOf(env), deps);
};
const ofEnvironment = (env: Readonly<Record<string, string>> = {}) =>
  destinationsOf({ destinations: null }, configOf(env), deps);

it('without a routing key the one destination is the mock, under the name of PagerDuty', async () => {
  const authorizations: (string | null)[] = [];
  network.use(
    http.post('http://self.test/destinations/pagerduty', ({ request }) => {
      authorizations.push(request.headers.get('authorization'));
      return HttpResponse.json({ status: 'success', message: 'Event processed' }, { status: 202 });
    }),
  );
  const [destination, ...others] = ofEnvironment({ API_TOKEN: 'tok_0123456789abcdef' });
  expect(others).toEqual([]);
  expect(destination).toMatchObject({ name: 'pagerduty', type: 'mock', reachesPeople: false, perMinute: null });
  expect(await destination?.send(aRequest())).toMatchObject({ outcome: 'delivered', statusCode: 202 });
  expect(authorizations).toEqual(['Bearer tok_0123456789abcdef']);
});

it('with a routing key the one destination is PagerDuty, at the address and the pace that are configured', async () => {
  const pagerDuty = fakePagerDuty('https://pagerduty.test/enqueue');
  const env = { PAGERDUTY_EVENTS_URL: 'https://pagerduty.test/enqueue', PAGERDUTY_PER_MINUTE: '7' };
  const [destination, ...others] = ofEnvironment({ PAGERDUTY_ROUTING_KEY: routingKey, ...env });
  expect(others).toEqual([]);
  expect(destination).toMatchObject({ name: 'pagerduty', type: 'pagerduty', reachesPeople: true, perMinute: 7 });
  await destination?.send(aRequest());
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
});

it.each([
  [{ PAGERDUTY_PER_MINUTE: '0' }, {}, null],
  [{ PAGERDUTY_PER_MINUTE: '7' }, {}, 7],
  [{ PAGERDUTY_PER_MINUTE: '7' }, { per_minute: 3 }, 3],
  [{}, { per_minute: 0 }, null],
  [{}, {}, 100],
])('the pace of PagerDuty by %j and %j is %j', (env, settings, perMinute) => {
  const [destination] = ofFile({ oncall: { type: 'pagerduty', routing_key: routingKey, ...settings } }, env);
  expect(destination?.perMinute).toBe(perMinute);
});

it('a mock has the pace that the file gives it, and else none', () => {
  expect(ofFile({ trial: { type: 'mock' }, slow: { type: 'mock', per_minute: 3 } })).toMatchObject([
    { name: 'trial', perMinute: null },
    { name: 'slow', perMinute: 3 },
  ]);
});

const everyKind = {
  oncall: { type: 'pagerduty', routing_key: routingKey, fallback: { to: 'backup', after: '5m' } },
  vendors: { type: 'slack', token: 'xoxb-1234567890', channel: '#vendors', reaches_people: false, per_minute: 10 },
  plain: { type: 'slack', webhook_url: 'https://hooks.slack.com/services/T0/B0/XXXXXXXXXXXX' },
  backup: { type: 'webhook', url: 'https://backup.test/in', secret: ['one secret', 'another'] },
  mail: { type: 'email', host: 'smtp.test', port: '2525', from: 'a@example.com', to: 'b@example.com' },
  chat: { type: 'teams', url: 'https://prod.logic.azure.com/workflows/0123456789' },
  am: { type: 'alertmanager', url: 'http://am.test:9093', repeat: '30s' },
  io: { type: 'incident_io', url: 'https://api.incident.io/v2/alert_events/http/01G', token: 'inc_token_123' },
  trial: { type: 'mock' },
};

it('a file’s destinations are made by their types, each with its name and what it says', () => {
  const made = ofFile(everyKind);
  expect(made.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'oncall pagerduty',
    'vendors slack',
    'plain slack',
    'backup webhook',
    'mail email',
    'chat teams',
    'am alertmanager',
    'io incident_io',
    'trial mock',
  ]);
  expect(made[0]?.fallback).toEqual({ to: 'backup', afterMs: 300_000 });
  expect(made[1]).toMatchObject({ reachesPeople: false, perMinute: 10, fallback: null });
  expect(made[4]?.preview(aRequest()).url).toBe('smtp://smtp.test:2525');
  expect(made[6]?.repeatEveryMs).toBe(30_000);
  expect(made.filter(({ reachesPeople }) => !reachesPeople).map(({ name }) => name)).toEqual(['vendors', 'trial']);
  expect(new Set(made.map(({ target }) => target)).size).toBe(made.length);
  for (const { type, target } of made) expect(target).toMatch(new RegExp(`^${type}:[0-9a-f]{16}$`));
});

it.each([
  ['the environment’s address', {}, 'https://env.test/enqueue'],
  ['the region’s', { region: 'eu' }, 'https://events.eu.pagerduty.com/v2/enqueue'],
  ['its own', { region: 'eu', events_url: 'https://own.test/v2/enqueue' }, 'https://own.test/v2/enqueue'],
])('PagerDuty is asked at %s', (_, settings, url) => {
  const env = { PAGERDUTY_EVENTS_URL: 'https://env.test/enqueue' };
  const [destination] = ofFile({ oncall: { type: 'pagerduty', routing_key: routingKey, ...settings } }, env);
  expect(destination?.preview(aRequest()).url).toBe(url);
});

it.each([
  [{}, 'smtp://smtp.test:587'],
  [{ secure: true }, 'smtps://smtp.test:465'],
  [{ secure: 'true', port: 2465 }, 'smtps://smtp.test:2465'],
  [{ port: 465 }, 'smtps://smtp.test:465'],
  [{ port: '25', insecure: true }, 'smtp://smtp.test:25'],
])('e-mail with %j goes to %s', (settings, url) => {
  const [mail] = ofFile({ mail: { ...everyKind.mail, port: undefined, ...settings } });
  expect(mail?.preview(aRequest()).url).toBe(url);
});

it('a maintenance is told by the PagerDuty that is asked to', () => {
  const settings = { type: 'pagerduty', routing_key: routingKey };
  const [quiet, telling] = ofFile({ a: settings, b: { ...settings, maintenance: 'change_event' } });
  expect(quiet?.tellMaintenance).toBeUndefined();
  expect(telling?.tellMaintenance).toBeTypeOf('function');
});

it('no preview of any kind shows a secret', () => {
  const shown = JSON.stringify(ofFile(everyKind).map((destination) => destination.preview(aRequest())));
  for (const secret of [routingKey, 'xoxb-1234567890', 'XXXXXXXXXXXX', 'one secret', 'inc_token_123', '0123456789'])
    expect(shown).not.toContain(secret);
});

it('each kind says whether its messages bear the key of an alert, so that one under another key is passed over', () => {
  const keyed = ofFile(everyKind).flatMap(({ name, hasKeys }) => (hasKeys ? [name] : []));
  expect(keyed).toEqual(['oncall', 'am', 'io', 'trial']);
});
