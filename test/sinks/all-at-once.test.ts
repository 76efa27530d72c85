// An outage told through every kind at once, two of which die in the middle: what each person sees, as text.
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/env.ts';
import type { Alert } from '../../src/domain/alert.ts';
import type { Action, Delivery, DeliveryReason } from '../../src/domain/delivery.ts';
import { type DestinationSettings, destinationSchema } from '../../src/domain/rules/destination-schema.ts';
import { createHttpClient, noProxySettings } from '../../src/lib/http-client.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createDeliverer } from '../../src/sinks/deliverer.ts';
import { createDestinations } from '../../src/sinks/destinations.ts';
import { createHealth } from '../../src/sinks/health.ts';
import { createPace } from '../../src/sinks/pace.ts';
import { destinationsOf } from '../../src/sinks/registry.ts';
import { createDeliveryStore } from '../support/delivery-store.ts';
import { fakeSlack, slackToken } from '../support/fake-slack.ts';
import { startFakeSmtp } from '../support/fake-smtp.ts';
import { collectLog } from '../support/log.ts';
import { network } from '../support/network.ts';
import { fakePagerDuty, routingKey } from '../support/pagerduty.ts';
import { aDelivery, aMember, anAlert, anEventRecord, aPayout } from '../support/telling.ts';

const alertId = 'acme_status:incident:1';
const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce(
    (each: unknown, key) => (typeof each === 'object' && each !== null ? Reflect.get(each, key) : undefined),
    value,
  );

const settingsOf = (smtpPort: number): Readonly<Record<string, unknown>> => ({
  oncall: { type: 'pagerduty', routing_key: routingKey },
  vendors: { type: 'slack', token: slackToken, channel: '#vendors' },
  backup: {
    type: 'webhook',
    url: 'https://backup.test/in/T0ken12345',
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  },
  mail: { type: 'email', host: '127.0.0.1', port: smtpPort, from: 'a@example.com', to: 'b@example.com' },
  chat: { type: 'teams', url: 'https://teams.test/workflows/0123456789' },
  am: { type: 'alertmanager', url: 'http://am.test' },
  io: { type: 'incident_io', url: 'https://io.test/v2/alert_events/http/01ABC', token: 'inc_token_123' },
});

const setUp = async () => {
  const seen: string[] = [];
  const dead = new Set<string>();
  const see = (name: string, url: string, textOf: (body: unknown) => string, status: number) =>
    network.use(
      http.post(url, async ({ request }) => {
        if (dead.has(name)) return HttpResponse.error();
        seen.push(`${name}: ${textOf(await request.json())}`);
        return new HttpResponse(null, { status });
      }),
    );
  const pagerDuty = fakePagerDuty();
  pagerDuty.answer = ({ event_action: action, payload }) => {
    if (dead.has('oncall')) return new HttpResponse(null, { status: 500 });
    seen.push(`oncall: ${action} ${payload.severity} ${payload.summary}`);
    return HttpResponse.json({ status: 'success' }, { status: 202 });
  };
  const slack = fakeSlack();
  slack.answer = (method, body) => {
    if (dead.has('vendors')) return 'service_unavailable';
    seen.push(`vendors: ${method}${body.thread_ts === undefined ? '' : ' in thread'} ${body.text}`);
    return undefined;
  };
  const smtp = await startFakeSmtp();
  see(
    'backup',
    'https://backup.test/in/T0ken12345',
    (body) => `${at(body, 'action')} ${at(body, 'alert', 'state')}`,
    200,
  );
  see(
    'chat',
    'https://teams.test/workflows/0123456789',
    (body) => String(at(body, 'attachments', 0, 'content', 'body', 0, 'inlines', 0, 'text')),
    202,
  );
  see(
    'am',
    'http://am.test/api/v2/alerts',
    (body) => `${at(body, 0, 'annotations', 'state')} ${at(body, 0, 'labels', 'alert_id')}`,
    200,
  );
  see('io', 'https://io.test/v2/alert_events/http/01ABC', (body) => `${at(body, 'status')} ${at(body, 'title')}`, 202);

  const client = createHttpClient(noProxySettings);
  const settings = new Map<string, DestinationSettings>();
  for (const [name, each] of Object.entries(settingsOf(smtp.port))) settings.set(name, destinationSchema.parse(each));
  const config = readConfig({ STRIPE_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' });
  const destinations = createDestinations(
    destinationsOf({ destinations: settings }, config, { client, baseUrl: () => 'http://self.test' }),
  );
  const store = createDeliveryStore();
  const bus = createBus();
  const logged = collectLog();
  const retryMinMs = 5;
  const deliverer = createDeliverer({
    store,
    bus,
    destinations,
    gateOf: createPace({ store, now: Date.now, leaseMs: 18_000, retryMinMs }),
    health: createHealth(store, Date.now),
    limits: { retryMinMs, retryMaxMs: 50, maxAgeSeconds: 60, concurrency: 8, timeoutMs: 5000 },
    publicUrl: 'https://ops.test',
    log: logged.log,
    now: Date.now,
    random: () => 1,
    onCapacity: () => undefined,
  });

  const opened = new Date().toISOString();
  const event = aPayout({
    event_id: alertId,
    source: 'acme_status',
    kind: 'incident',
    service: 'acme',
    summary: 'API errors',
    description: 'We are looking into it.',
    started_at: opened,
  });
  const record = anEventRecord(event, { facts: { page_name: 'Acme', status: 'investigating' } });
  store.putEvent(record, '{}');
  const members = [
    aMember({ event_id: alertId, title: 'API errors', kind: 'incident', item: 'incident', started_at: opened }),
  ];
  const base = anAlert({
    alert_id: alertId,
    scope: 'acme_status',
    source: 'acme_status',
    title: 'API errors',
    members,
    opened_at: opened,
  });
  store.putAlert(base);

  const tell = (action: Action, reason: DeliveryReason, ordinal: number, more: Partial<Alert> = {}) => {
    const now = new Date().toISOString();
    const fresh: Delivery[] = destinations.current().map(({ name, target }) =>
      aDelivery({
        alert_id: alertId,
        event_id: alertId,
        event_ids: [alertId],
        destination: name,
        target,
        action,
        reason,
        ordinal,
        created_at: now,
        next_attempt_at: now,
      }),
    );
    const stored = store.alerts.get(alertId) ?? base;
    store.putAlert({ ...stored, ...more, deliveries: [...stored.deliveries, ...fresh] });
    bus.publish('delivery.queued', { signalId: 's', requestId: 'r', alertId, scope: base.scope, deliveries: fresh });
  };
  const delivered =
    (ordinal: number, without: readonly string[] = []) =>
    () =>
      store.alerts
        .get(alertId)
        ?.deliveries.filter((each) => each.ordinal === ordinal && !without.includes(each.destination))
        .every(({ status }) => status === 'delivered');
  const subjects = () => smtp.mails.map(({ data }) => /^Subject: (.*)/m.exec(data)?.[1]?.trim());
  const of = (name: string) =>
    seen.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  return { tell, delivered, dead, of, subjects, slack, store, deliverer, logged };
};

const soon = { timeout: 15_000, interval: 10 };

it('everybody is told of the outage, its news and its end, though two are dead in the middle', async () => {
  const { tell, delivered, dead, of, subjects, slack, deliverer, logged } = await setUp();
  tell('trigger', 'opened', 1);
  await expect.poll(delivered(1), soon).toBe(true);

  dead.add('oncall').add('vendors');
  tell('update', 'words', 2);
  await expect.poll(delivered(2, ['oncall', 'vendors']), soon).toBe(true);
  expect(of('oncall')).toHaveLength(1);

  dead.clear();
  await expect.poll(delivered(2), soon).toBe(true);
  tell('resolve', 'ended', 3, { state: 'resolved', resolved_at: new Date().toISOString() });
  await expect.poll(delivered(3), soon).toBe(true);
  await deliverer.stop();

  expect(of('oncall')).toEqual([
    'trigger critical API errors (Acme)',
    'trigger critical API errors (Acme)',
    'resolve critical API errors (Acme)',
  ]);
  expect(slack.posts.map(({ text, threadTs }) => `${threadTs === undefined ? '' : '> '}${text}`)).toEqual([
    '✅ Resolved: Acme: API errors',
    '> 🔴 investigating: API errors (Acme)\nWe are looking into it.',
    '> ✅ Resolved after less than a minute.',
  ]);
  expect(of('backup')).toEqual(['trigger open', 'update open', 'resolve resolved']);
  expect(subjects()).toEqual([
    '[critical] Acme: API errors',
    'Re: [critical] Acme: API errors',
    'Re: [critical] Acme: API errors',
  ]);
  expect(of('chat')).toEqual(['Acme: API errors', 'Acme: API errors', 'Resolved: Acme: API errors']);
  expect(of('am')).toEqual([`open ${alertId}`, `open ${alertId}`, `resolved ${alertId}`]);
  expect(of('io')).toEqual(['firing Acme: API errors', 'firing Acme: API errors', 'resolved Acme: API errors']);
  expect(logged.of('delivery.failed')).toEqual([]);
  const text = logged.text();
  for (const secret of [routingKey, slackToken, 'T0ken12345', 'inc_token_123', '0123456789'])
    expect(text).not.toContain(secret);
});
