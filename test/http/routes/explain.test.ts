import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { type ApiOptions, startApi } from '../../support/api.ts';
import { rulesOf } from '../../support/rules.ts';
import { component, incident, type SummaryParts, summary } from '../../support/status-page.ts';
import { stripeEvent } from '../../support/stripe.ts';

interface Explained {
  readonly vendor: string;
  readonly at: string;
  readonly page: Readonly<Record<string, unknown>> | null;
  readonly events: readonly {
    readonly verdict: string;
    readonly event_id: string;
    readonly routing_reason: string | null;
    readonly requests: readonly Readonly<Record<string, unknown>>[];
    readonly [field: string]: unknown;
  }[];
}

const setUp = (options: ApiOptions = {}) => {
  const api = startApi(options);
  const explain = async (payload: unknown, query = ''): Promise<Explained> => {
    const { status, body } = await api.post(`/routing/explain${query}`, payload);
    expect(status).toBe(200);
    return body;
  };
  return { ...api, explain, poll: (parts: SummaryParts) => api.pull(summary(parts)) };
};

/** Each event as its verdict and what would be sent. */
const inShort = ({ events }: Explained) =>
  events.map(({ verdict, event_id: id, requests }) => [verdict, id, ...requests.map(({ action }) => action)].join(' '));

it('what a critical payment would become is told, to the request that PagerDuty would get', async () => {
  const { explain } = setUp();
  const payout: unknown = JSON.parse(
    await readFile(new URL('../../../fixtures/stripe/payout_failed.json', import.meta.url), 'utf8'),
  );
  expect(await explain(payout)).toEqual({
    vendor: 'stripe',
    at: '2026-03-01T12:00:00.000Z',
    page: null,
    events: [
      {
        verdict: 'new',
        event_id: 'evt_1abc',
        event: expect.objectContaining({ severity: 'critical', summary: 'payout.failed: po_123', raw: payout }),
        facts: expect.objectContaining({ type: 'payout.failed', object_id: 'po_123' }),
        rules: {
          severity: 'critical',
          built_in_severity: 'critical',
          severity_because: null,
          route: null,
          because: 'critical events are always sent',
        },
        alert: {
          alert_id: 'evt_1abc',
          title: 'payout.failed: po_123',
          state: 'open',
          how: 'opens',
          because: 'it belongs to no open alert',
        },
        routed: true,
        routing_reason: 'Sent: critical events are always sent.',
        history: [
          expect.objectContaining({ change: 'stored' }),
          expect.objectContaining({ change: 'routing_decided' }),
          expect.objectContaining({ change: 'opened', event_id: 'evt_1abc' }),
        ],
        requests: [
          {
            destination: 'pagerduty',
            action: 'trigger',
            method: 'POST',
            url: 'https://pagerduty.test/',
            headers: {},
            body: { action: 'trigger', dedup_key: 'evt_1abc' },
          },
        ],
      },
    ],
  });
});

it('nothing of what is explained is stored, sent, or told in the log but that it was asked', async () => {
  const { explain, events, logged, sent, json } = setUp();
  const before = logged.lines.length;
  await explain(stripeEvent('evt_1'));
  await explain(
    summary({ updatedAt: '2026-03-01T11:59:00Z', incidents: [incident('1', { impact: 'odd' })] }),
    '?page=acme',
  );
  expect(await events()).toEqual([]);
  expect((await json('/alerts')).alerts).toEqual([]);
  expect(sent).toEqual([]);
  expect(await json('/pages')).toMatchObject({ pages: [{ condition: 'unknown', page_id: null }] });
  expect(logged.lines.slice(before).map(({ msg }) => msg)).toEqual(Array(5).fill('request.answered'));
});

it('what belongs to an open alert would join it, as an update; what is stored stays as it is', async () => {
  const { explain, poll } = setUp();
  await poll({});
  const named = { components: [{ id: 'a', name: 'Payments' }] };
  await poll({ incidents: [incident('1', named)] });
  const down = [component('a', 'major_outage', { name: 'Payments' })];
  const explained = await explain(summary({ incidents: [incident('1', named)], components: down }), '?page=acme');
  expect(inShort(explained)).toEqual([
    'duplicate acme_status:incident:1',
    'new acme_status:component:a:2026-03-01T11:30:00.000Z update',
  ]);
  expect(explained.events).toMatchObject([
    { alert: { how: 'stays' } },
    { alert: { alert_id: 'acme_status:incident:1', how: 'joins', because: expect.stringContaining('incident') } },
  ]);
});

it('the rules are asked at the time that is given, and each decision names its rule', async () => {
  const rules = rulesOf(`
version: 1
destinations: { pagerduty: { type: mock } }
windows: { night: { from: "22:00", to: "07:00" } }
severity: [{ when: { type: payout.failed }, is: warning }]
routes:
  - { name: at night, when: { during: night }, send: [] }
  - { name: by day, send: [pagerduty] }
`);
  const { explain } = setUp({ rules });
  const at = async (time: string) => (await explain(stripeEvent('evt_1'), `?at=${time}`)).events[0];
  const day = await at('2026-03-02T12:00:00Z');
  expect(day).toMatchObject({
    rules: {
      severity: 'warning',
      built_in_severity: 'critical',
      severity_because: 'severity row 1 (vendor-signals.yaml:5)',
      route: { name: 'by day', place: 'vendor-signals.yaml:8' },
    },
    requests: [{ action: 'trigger' }],
  });
  expect(await at('2026-03-03T03:00:00%2B01:00')).toMatchObject({
    rules: { route: { name: 'at night' } },
    requests: [],
  });
  const { status } = await setUp().post('/routing/explain?at=tomorrow', stripeEvent('evt_1'));
  expect(status).toBe(400);
});

it('a silence shows in the reason', async () => {
  const { explain, post } = setUp();
  await post('/silences', { when: { source: 'stripe' }, until: '2h', because: 'Tests' });
  const { events } = await explain(stripeEvent('evt_1'));
  expect(events).toMatchObject([
    { routing_reason: expect.stringMatching(/^Silenced until .*: Tests\.$/), requests: [] },
  ]);
});

it.each<[string, object, string]>([
  [
    'a warning',
    stripeEvent('e', 'payment_intent.payment_failed'),
    'warning events are sent only if ROUTE_WARNING=true',
  ],
  ['an unknown type', stripeEvent('e', 'odd.type'), 'info events are never sent'],
  ['test mode', stripeEvent('e', 'payout.failed', { livemode: false }), 'only if ROUTE_TEST_MODE=true'],
])('why %s would be sent nowhere is told', async (_which, payload, reason) => {
  const { explain } = setUp();
  const { events } = await explain(payload);
  expect(events).toMatchObject([{ verdict: 'new', routing_reason: expect.stringContaining(reason), requests: [] }]);
});

it('what is stored already would be a duplicate, and is told as it is', async () => {
  const { explain, postStripe, event } = setUp();
  await postStripe(stripeEvent('evt_1'));
  const before = await event('evt_1');
  const explained = await explain(stripeEvent('evt_1'));
  expect(inShort(explained)).toEqual(['duplicate evt_1']);
  expect(explained.events[0]).toMatchObject({ routed: true, history: [] });
  expect(await event('evt_1')).toEqual(before);
});

it('a summary is compared with what is stored of the page that it is taken for', async () => {
  const { explain, poll, post } = setUp();
  const parts = {
    incidents: [incident('same'), incident('worse', { impact: 'minor' }), incident('gone'), incident('hand')],
    components: [component('a', 'major_outage')],
  };
  await poll(parts);
  await post('/events/acme_status:incident:hand/resolve');
  const next = summary({
    incidents: [incident('same'), incident('worse'), incident('hand'), incident('new', { impact: 'none' })],
    components: [component('a', 'operational')],
  });
  const explained = await explain(next, '?page=acme');
  expect(explained).toMatchObject({ vendor: 'statuspage', page: { name: 'acme', condition: 'good', items: 5 } });
  expect(inShort(explained)).toEqual([
    'duplicate acme_status:incident:same',
    'changed acme_status:incident:worse update',
    'duplicate acme_status:incident:hand',
    'new acme_status:incident:new',
    'resolved acme_status:incident:gone',
    'resolved acme_status:component:a:2026-03-01T11:30:00.000Z',
  ]);
  expect(inShort(await explain(next))).toContain('new vendor_status:incident:same trigger');
});

it('the end of an alert would be told', async () => {
  const { explain, poll } = setUp();
  await poll({ incidents: [incident('1')] });
  expect(inShort(await explain(summary({}), '?page=acme'))).toEqual(['resolved acme_status:incident:1 resolve']);
});

it('an old copy of a page, or another page’s summary, would not be used, and it is told why', async () => {
  const { explain, poll } = setUp();
  await poll({ updatedAt: '2026-03-01T11:59:00Z' });
  expect(await explain(summary({ updatedAt: '2026-03-01T11:58:00Z' }), '?page=acme')).toMatchObject({
    page: { condition: 'stale', reason: expect.stringContaining('old copy') },
    events: [],
  });
  expect(await explain(summary({ pageId: 'other', incidents: [incident('1')] }), '?page=acme')).toMatchObject({
    page: { condition: 'failing', reason: expect.stringContaining('another status page') },
    events: [],
  });
});

it('what of a summary cannot be read is named, and the rest is told', async () => {
  const { explain } = setUp();
  const explained = await explain(summary({ incidents: [{ id: 7 }, incident('1')] }));
  expect(explained.page).toMatchObject({ problems: [expect.stringContaining('incidents[0]: id')] });
  expect(inShort(explained)).toEqual(['new vendor_status:incident:1 trigger']);
});

it('an event of which only the id is remembered would be a duplicate of nothing that could be shown', async () => {
  const { explain, postStripe } = setUp({ eventCapacity: 1 });
  await postStripe(stripeEvent('evt_1', 'charge.succeeded'));
  await postStripe(stripeEvent('evt_2', 'charge.succeeded'));
  expect((await explain(stripeEvent('evt_1'))).events).toEqual([
    {
      verdict: 'duplicate',
      event_id: 'evt_1',
      event: null,
      facts: null,
      rules: null,
      alert: null,
      routed: false,
      routing_reason: null,
      history: [],
      requests: [],
    },
  ]);
});

it('what is neither form is refused, with what it lacks of each', async () => {
  const { post } = setUp();
  const { status, body } = await post('/routing/explain', { id: 'evt_1', type: 'payout.failed', page: {} });
  expect(status).toBe(400);
  expect(body).toMatchObject({
    detail: "the body is neither a vendor's event nor a status page's summary.json",
  });
  const paths = body.errors.map(({ path }: { readonly path: string }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['stripe.created', 'statuspage.page.id', 'statuspage.components', 'instatus.components']),
  );
});

it.each(['?page=', '?page=A', '?page=a/b', '?pages=acme'])('%s is refused', async (query) => {
  const { post } = setUp();
  expect((await post(`/routing/explain${query}`, {})).status).toBe(400);
});

it('a body that is no JSON is refused, and a summary may be larger than a webhook', async () => {
  const { request } = setUp({ maxBodyBytes: 2500 });
  expect((await request('/routing/explain', { method: 'POST', body: '<html>' })).status).toBe(400);
  const large = JSON.stringify(summary({ components: [component('a', 'operational', { text: 'x'.repeat(3000) })] }));
  expect((await request('/routing/explain', { method: 'POST', body: large })).status).toBe(200);
});

it.each([stripeEvent('evt_1'), summary({ incidents: [incident('1')] })])(
  'while the store is away nothing can be told',
  async (payload) => {
    const transact = () => Promise.reject(new StoreUnavailable('store_unavailable', 'it is away'));
    const { post } = setUp({ store: { transact } });
    expect((await post('/routing/explain', payload)).status).toBe(503);
  },
);

it('a payment whose alert ended long ago is shown with that alert', async () => {
  const { explain, post, postStripe, clock } = setUp();
  await postStripe(stripeEvent('evt_1'));
  await post('/events/evt_1/resolve');
  clock.advance(60 * 86_400_000);
  const { events } = await explain(stripeEvent('evt_1'));
  expect(events).toMatchObject([
    { verdict: 'duplicate', event_id: 'evt_1', alert: { state: 'resolved' }, requests: [] },
  ]);
});
