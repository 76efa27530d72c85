import { expect, it } from 'vitest';
import * as z from 'zod';
import type { Member } from '../../../src/domain/alert.ts';
import { dedupKeyOf as dedupKey } from '../../../src/domain/dedup-key.ts';
import type { UnifiedEvent } from '../../../src/domain/event.ts';
import type { Facts } from '../../../src/domain/facts.ts';
import { toEnqueueRequest } from '../../../src/sinks/pagerduty/message.ts';
import { routingKey } from '../../support/pagerduty.ts';
import { aDelivery, aMember, anAlert, aRequest, tellable } from '../../support/telling.ts';

const map = (event: Partial<UnifiedEvent> = {}, facts: Facts = {}, testMode = false) =>
  toEnqueueRequest(aRequest({ about: tellable(event, facts, testMode) }), routingKey);

/** What PagerDuty's published schema and its documented limits allow. */
const enqueueSchema = z.strictObject({
  routing_key: z.string().length(32),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().min(1).max(255),
  client: z.string(),
  client_url: z.url().optional(),
  links: z.array(z.strictObject({ href: z.url(), text: z.string() })).optional(),
  payload: z.strictObject({
    summary: z.string().max(1024).regex(/\S/),
    timestamp: z.iso.datetime(),
    severity: z.enum(['critical', 'warning', 'error', 'info']),
    source: z.string().regex(/\S/),
    component: z.string(),
    group: z.string(),
    class: z.string(),
    custom_details: z.record(z.string(), z.unknown()),
  }),
});

const incident: Partial<UnifiedEvent> = {
  event_id: 'acme_status:incident:1',
  source: 'acme_status',
  kind: 'incident',
  severity: 'warning',
  service: 'acme',
  summary: 'API errors',
  description: null,
};

it('every field is filled from the event, and raw stays here', () => {
  const about = tellable(
    { ...incident, raw: { secret: 'of the vendor' } },
    { page: 'acme', page_name: 'Acme Pay', item: 'incident', impact: 'minor', components: ['API', 'Webhooks'] },
  );
  const delivery = aDelivery({ action: 'resolve', severity: 'warning' });
  const alert = anAlert({ alert_id: 'acme_status:component:7:x', deliveries: [delivery] });
  expect(toEnqueueRequest(aRequest({ delivery, alert, about }), routingKey)).toEqual({
    routing_key: routingKey,
    event_action: 'resolve',
    dedup_key: 'acme_status:component:7:x',
    client: 'vendor-signals',
    payload: {
      summary: 'API errors (Acme Pay, affects API, Webhooks)',
      severity: 'warning',
      source: 'acme_status',
      component: 'acme',
      group: 'acme',
      class: 'incident',
      timestamp: '2026-03-01T12:00:00.000Z',
      custom_details: {
        event_id: 'acme_status:incident:1',
        alert_id: 'acme_status:component:7:x',
        source: 'acme_status',
        kind: 'incident',
        service: 'acme',
        description: null,
        started_at: '2026-03-01T12:00:00.000Z',
        resolved_at: null,
        page: 'acme',
        page_name: 'Acme Pay',
        item: 'incident',
        impact: 'minor',
        components: ['API', 'Webhooks'],
      },
    },
  });
});

const payout: Facts = { amount: 1_200_050, currency: 'eur', failure_code: 'account_closed', account: 'acct_9' };
it.each<[string, Partial<UnifiedEvent>, Facts, boolean, string]>([
  [
    'the vendor, the amount, the reason and whose account',
    {},
    payout,
    false,
    'payout.failed: po_1 (Stripe, 12000.50 EUR, account_closed: The bank account is closed., account acct_9)',
  ],
  [
    'a currency without decimals',
    { description: null },
    { amount: 5000, currency: 'jpy' },
    false,
    'payout.failed: po_1 (Stripe, 5000 JPY)',
  ],
  [
    'a currency with three',
    { description: null },
    { amount: 5000, currency: 'kwd' },
    false,
    'payout.failed: po_1 (Stripe, 5.000 KWD)',
  ],
  ['test mode', { description: null }, {}, true, 'payout.failed: po_1 (Stripe, test mode)'],
  [
    'a component’s group',
    {
      source: 'braze_status',
      kind: 'status',
      summary: 'Dashboard: major_outage',
      service: 'Dashboard',
      description: null,
    },
    { page_name: 'Braze', group: 'US-03', component: 'Dashboard' },
    false,
    'Dashboard: major_outage (Braze, US-03)',
  ],
  ['no vendor where the summary names it', { ...incident, summary: 'acme is down' }, {}, false, 'acme is down'],
  [
    'three components of an incident, and counts the others',
    incident,
    { components: ['A', 'B', 'C', 'D', 'E'] },
    false,
    'API errors (Acme, affects A, B, C and 2 more)',
  ],
  [
    'nothing of a description that is not a payment’s',
    { ...incident, description: 'We look into it.' },
    {},
    false,
    'API errors (Acme)',
  ],
])('the summary has %s', (_, event, facts, testMode, summary) => {
  expect(map(event, facts, testMode).payload.summary).toBe(summary);
});

it('links to the vendor and to the alert in our dashboard, which is the client too', () => {
  const about = tellable(incident, { page_name: 'Acme', url: 'https://stspg.io/abc' });
  const request = aRequest({
    about,
    publicUrl: 'https://ops.example.com/signals',
    alert: anAlert({ alert_id: 'a:b/c d' }),
  });
  const own = 'https://ops.example.com/signals/alerts/a%3Ab%2Fc%20d';
  expect(toEnqueueRequest(request, routingKey)).toMatchObject({
    client_url: own,
    links: [
      { href: 'https://stspg.io/abc', text: 'Acme status page' },
      { href: own, text: 'Alert in vendor-signals' },
    ],
  });
});

it.each(['javascript:alert(1)', 'not a url', `https://x.test/${'y'.repeat(3000)}`])('does not link to %.30s', (url) => {
  expect(map(incident, { url })).not.toHaveProperty('links');
});

it('an update is a trigger under the same key, and says how many it carries', () => {
  const ids = Array.from({ length: 13 }, (_, at) => `c${at}`);
  const members: Member[] = ids.map((event_id) => aMember({ event_id, item: 'component', kind: 'status' }));
  const delivery = aDelivery({ action: 'update', event_id: 'c0', event_ids: ids, severity: 'warning' });
  const request = aRequest({
    delivery,
    alert: anAlert({ members, deliveries: [delivery] }),
    about: tellable({ ...incident, event_id: 'c0', summary: 'API: major_outage' }),
    others: [tellable({ ...incident, summary: 'Web: major_outage' })],
  });
  const message = toEnqueueRequest(request, routingKey);
  expect(message).toMatchObject({ event_action: 'trigger', dedup_key: 'evt_1' });
  expect(message.payload.summary).toBe('API: major_outage (Acme), and 12 more components');
  expect(message.payload.severity).toBe('warning');
  expect(message.payload.custom_details).toMatchObject({ also: ['Web: major_outage (Acme)'] });
});

it.each([
  [['component', 'component'], 'and 2 more components'],
  [['incident', 'component'], 'and 2 more events'],
  [['payment'], 'and 1 more payment'],
] as const)('of %j it says %s', (items, words) => {
  const members = items.map((item, at) => aMember({ event_id: `o${at}`, item }));
  const delivery = aDelivery({ event_ids: ['evt_1', ...members.map(({ event_id }) => event_id)] });
  const request = aRequest({ delivery, alert: anAlert({ members }) });
  expect(toEnqueueRequest(request, routingKey).payload.summary).toMatch(new RegExp(`, ${words}$`));
});

it.each([
  [['evt_1', 'o1', 'o2'], ', and 2 more payments, 1503 in all'],
  [['evt_1'], ', one of 1503'],
] as const)('an alert that counts most of its events says how many it has: of %j "%s"', (ids, words) => {
  const members = ['evt_1', 'o1', 'o2'].map((id) => aMember({ event_id: id }));
  const delivery = aDelivery({ action: 'update', reason: 'joined', event_ids: ids });
  const request = aRequest({ delivery, alert: anAlert({ members, uncounted: 1500 }) });
  expect(toEnqueueRequest(request, routingKey).payload.summary.endsWith(words)).toBe(true);
});

it('what stands in for another destination says so', () => {
  const failed = aDelivery({ destination: 'chat', target: 'slack:1', status: 'pending' });
  const delivery = aDelivery({ reason: 'fallback' });
  const request = aRequest({ delivery, alert: anAlert({ deliveries: [failed, delivery] }) });
  expect(toEnqueueRequest(request, routingKey).payload.summary).toMatch(
    /\. Sent here because the destination "chat" did not accept it\.$/,
  );
});

it('a delivery with a key of its own uses that', () => {
  const request = aRequest({ delivery: aDelivery({ key: 'evt_other' }) });
  expect(toEnqueueRequest(request, routingKey).dedup_key).toBe('evt_other');
});

it.each([
  ['evt_1'],
  ['acme_status:component:a/b:2026-03-01T12:00:00.000Z'],
  ['x'.repeat(255)],
  [`${'x'.repeat(253)}😀`],
])('an alert id that PagerDuty takes is the dedup_key (%#)', (alertId) => {
  expect(dedupKey(alertId)).toBe(alertId);
});

it.each([
  ['256 characters', 'x'.repeat(256), 'x'.repeat(257)],
  ['a megabyte', 'x'.repeat(1_000_000), `${'x'.repeat(999_999)}y`],
  ['half of a surrogate pair', 'evt_\ud83d', 'evt_\ude00'],
  ['a NUL', 'evt_\0', 'evt_'],
])('an alert id of %s becomes a stable hash that no other id shares', (_, alertId, other) => {
  const key = dedupKey(alertId);
  expect(key).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(dedupKey(alertId)).toBe(key);
  expect(dedupKey(other)).not.toBe(key);
});

const bare = { source: 'acme_status', description: null } as const;
it.each([
  ['1024 characters stay when nothing is added', `acme ${'x'.repeat(1019)}`, `acme ${'x'.repeat(1019)}`],
  ['1025 are cut', `acme ${'x'.repeat(1020)}`, `acme ${'x'.repeat(1018)}…`],
  ['the details stay when the event’s own is cut', 'x'.repeat(2000), `${'x'.repeat(1016)}… (Acme)`],
  ['a surrogate pair is not split', `acme ${'x'.repeat(1017)}😀yy`, `acme ${'x'.repeat(1017)}…`],
  ['NUL is dropped', 'acme a\0b', 'acme ab'],
  ['half of a surrogate pair is replaced', 'acme a\ud83db', 'acme a\ufffdb'],
  ['it is one line', '  acme a\r\n b\t', 'acme a b'],
])('summary: %s', (_, summary, expected) => {
  expect(map({ ...bare, summary }).payload.summary).toBe(expected);
});

it.each(['  ', '\0\0', '\u00a0\n'])(
  'a blank summary (%j) is replaced by the key, for PagerDuty refuses it',
  (summary) => {
    expect(map({ summary }).payload.summary).toBe('evt_1');
  },
);

it.each(['x', '\u0001', '😀', '€', '\ud83d', '\0', ' '])('texts of a million times %j fit PagerDuty', (unit) => {
  const text = unit.repeat(1_000_000);
  const facts: Facts = {
    group: text,
    page_name: text,
    reason: text,
    account: text,
    url: text,
    components: Array(500).fill(text),
  };
  const about = tellable({ event_id: text, service: text, summary: text, description: text, raw: text }, facts);
  const delivery = aDelivery({ event_ids: ['a', 'b'] });
  const message = toEnqueueRequest(
    aRequest({
      delivery,
      about,
      others: Array(20).fill(about),
      alert: anAlert({ alert_id: text, title: text }),
      publicUrl: 'https://a.test',
    }),
    routingKey,
  );
  expect(Buffer.byteLength(JSON.stringify({ ...message, client_url: '' }))).toBeLessThan(512_000);
  expect(JSON.stringify(message).isWellFormed()).toBe(true);
  expect(JSON.stringify(message)).not.toMatch(/\\u0000|\\ud[89a-f]/);
});

it.each([
  ['stripe', 'payment', 'critical'],
  ['acme_status', 'incident', 'warning'],
  ['braze_status', 'status', 'info'],
] as const)('an event of %s is valid against the schema of PagerDuty', (source, kind, severity) => {
  const request = toEnqueueRequest(
    aRequest({
      about: tellable({ source, kind, severity }, { url: 'https://x.test/' }),
      publicUrl: 'https://ops.test',
    }),
    routingKey,
  );
  expect(enqueueSchema.parse(request)).toEqual(request);
});
