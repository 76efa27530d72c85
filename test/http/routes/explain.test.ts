import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { fakePagerDuty, routingKey } from '../../support/pagerduty.ts';
import { startService } from '../../support/service.ts';
import { component, fakePage, incident, type SummaryParts, summary } from '../../support/status-page.ts';
import { stripeEvent } from '../../support/stripe.ts';

interface Explained {
  readonly vendor: string;
  readonly page: Readonly<Record<string, unknown>> | null;
  readonly events: readonly {
    readonly verdict: string;
    readonly event_id: string;
    readonly routing_reason: string | null;
    readonly requests: readonly Readonly<Record<string, unknown>>[];
    readonly [field: string]: unknown;
  }[];
}

const setUp = async (env: Readonly<Record<string, string>> = {}) => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await startService(env);
  const explain = async (payload: unknown, query = ''): Promise<Explained> => {
    const response = await service.request(`/routing/explain${query}`, {
      method: 'POST',
      body: JSON.stringify(payload),
    });
    expect(response.status).toBe(200);
    return JSON.parse(await response.text());
  };
  const poll = (parts: SummaryParts) => {
    page.serve(summary(parts));
    return service.pull();
  };
  return { ...service, pagerDuty, explain, poll };
};

/** Each event as its verdict and what would be sent. */
const inShort = ({ events }: Explained) =>
  events.map(({ verdict, event_id: id, requests }) => [verdict, id, ...requests.map(({ action }) => action)].join(' '));

it('what a critical payment would become is told, to the request that PagerDuty would get', async () => {
  const { explain } = await setUp();
  const payout: unknown = JSON.parse(
    await readFile(new URL('../../../fixtures/stripe/payout_failed.json', import.meta.url), 'utf8'),
  );
  expect(await explain(payout)).toEqual({
    vendor: 'stripe',
    page: null,
    events: [
      {
        verdict: 'new',
        event_id: 'evt_1abc',
        event: expect.objectContaining({ severity: 'critical', summary: 'payout.failed: po_123', raw: payout }),
        routed: true,
        routing_reason: 'Sent, because critical events are always sent.',
        history: [
          expect.objectContaining({ change: 'stored' }),
          expect.objectContaining({ change: 'routing_decided' }),
        ],
        requests: [
          {
            destination: 'pagerduty',
            action: 'trigger',
            method: 'POST',
            url: 'https://events.pagerduty.com/v2/enqueue',
            headers: { 'content-type': 'application/json', 'x-request-id': expect.any(String) },
            body: expect.objectContaining({ routing_key: '(set)', event_action: 'trigger', dedup_key: 'evt_1abc' }),
          },
        ],
      },
    ],
  });
});

it('nothing of what is explained is stored, sent, or told in the log but that it was asked', async () => {
  const { explain, events, logged, pagerDuty, app, request } = await setUp();
  const before = logged.lines.length;
  await explain(stripeEvent('evt_1'));
  await explain(
    summary({ updatedAt: '2026-03-01T11:59:00Z', incidents: [incident('1', { impact: 'odd' })] }),
    '?page=acme',
  );
  await app.idle();
  expect(await events()).toEqual([]);
  expect(pagerDuty.requests).toEqual([]);
  expect(await (await request('/pages')).json()).toMatchObject({ pages: [{ condition: 'unknown', page_id: null }] });
  expect(logged.lines.slice(before).map(({ msg }) => msg)).toEqual(Array(4).fill('request.answered'));
  expect(logged.text()).not.toContain(routingKey);
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
  const { explain } = await setUp();
  const { events } = await explain(payload);
  expect(events).toMatchObject([{ verdict: 'new', routing_reason: expect.stringContaining(reason), requests: [] }]);
});

it('what is stored already would be a duplicate, and is told as it is', async () => {
  const { explain, postStripe, app, event } = await setUp();
  await postStripe(stripeEvent('evt_1'));
  await app.idle();
  const before = await event('evt_1');
  const explained = await explain(stripeEvent('evt_1'));
  expect(inShort(explained)).toEqual(['duplicate evt_1']);
  expect(explained.events[0]).toMatchObject({ routed: true, history: [] });
  expect(await event('evt_1')).toEqual(before);
});

it('a summary is compared with what is stored of the page that it is taken for', async () => {
  const { explain, poll, resolve } = await setUp();
  const parts = {
    incidents: [incident('same'), incident('worse', { impact: 'minor' }), incident('gone'), incident('hand')],
    components: [component('a', 'major_outage')],
  };
  await poll(parts);
  await resolve('acme_status:incident:hand');
  const next = summary({
    incidents: [incident('same'), incident('worse'), incident('hand'), incident('new', { impact: 'none' })],
    components: [component('a', 'operational')],
  });
  const explained = await explain(next, '?page=acme');
  expect(explained).toMatchObject({ vendor: 'statuspage', page: { name: 'acme', condition: 'good', items: 5 } });
  expect(inShort(explained)).toEqual([
    'duplicate acme_status:incident:same',
    'changed acme_status:incident:worse trigger',
    'duplicate acme_status:incident:hand',
    'new acme_status:incident:new',
    'resolved acme_status:incident:gone resolve',
    'resolved acme_status:component:a:2026-03-01T11:30:00.000Z resolve',
  ]);
  expect(inShort(await explain(next))).toContain('new vendor_status:incident:same trigger');
});

it('an old copy of a page, or another page’s summary, would not be used, and it is told why', async () => {
  const { explain, poll } = await setUp();
  await poll({ updatedAt: '2026-03-01T11:59:00Z' });
  expect(await explain(summary({ updatedAt: '2026-03-01T11:58:00Z' }), '?page=acme')).toMatchObject({
    page: { condition: 'stale', reason: expect.stringContaining('old copy') },
    events: [],
  });
  expect(await explain(summary({ pageId: 'other', incidents: [incident('1')] }), '?page=acme')).toMatchObject({
    page: { condition: 'failing', reason: expect.stringContaining('another page') },
    events: [],
  });
});

it('what of a summary cannot be read is named, and the rest is told', async () => {
  const { explain } = await setUp();
  const explained = await explain(summary({ incidents: [{ id: 7 }, incident('1')] }));
  expect(explained.page).toMatchObject({ problems: [expect.stringContaining('incidents[0]: id')] });
  expect(inShort(explained)).toEqual(['new vendor_status:incident:1 trigger']);
});

it('without a key it is told what the mock would get, with the token that guards it as set', async () => {
  const { request } = await setUp({ PAGERDUTY_ROUTING_KEY: '', API_TOKEN: 'tok_secret_1' });
  const headers = { authorization: 'Bearer tok_secret_1' };
  const body = JSON.stringify(stripeEvent('evt_1'));
  const text = await (await request('/routing/explain', { method: 'POST', headers, body })).text();
  expect(JSON.parse(text).events[0].requests).toMatchObject([
    { url: 'http://127.0.0.1:9/destinations/pagerduty', headers: { authorization: 'Bearer (set)' } },
  ]);
  expect(text).not.toContain('tok_secret_1');
});

it('an event of which only the id is remembered would be a duplicate of nothing that could be shown', async () => {
  const { explain, postStripe } = await setUp({ EVENT_CAPACITY: '1' });
  await postStripe(stripeEvent('evt_1', 'charge.succeeded'));
  await postStripe(stripeEvent('evt_2', 'charge.succeeded'));
  expect((await explain(stripeEvent('evt_1'))).events).toEqual([
    {
      verdict: 'duplicate',
      event_id: 'evt_1',
      event: null,
      routed: false,
      routing_reason: null,
      history: [],
      requests: [],
    },
  ]);
});

it('what is neither form is refused, with what it lacks of each', async () => {
  const { post } = await setUp();
  const { status, body } = await post('/routing/explain', { id: 'evt_1', type: 'payout.failed', page: {} });
  expect(status).toBe(400);
  expect(body).toMatchObject({
    detail: "the body is neither a vendor's event nor a status page's summary.json",
    errors: [{ path: 'stripe.created' }, { path: 'statuspage.page.id' }, { path: 'statuspage.components' }],
  });
});

it.each(['?page=', '?page=A', '?page=a/b', '?pages=acme'])('%s is refused', async (query) => {
  const { post } = await setUp();
  expect((await post(`/routing/explain${query}`, {})).status).toBe(400);
});

it('a body that is no JSON is refused, and a summary may be larger than a webhook', async () => {
  const { request } = await setUp({ MAX_BODY_BYTES: '1000', STATUS_MAX_BODY_BYTES: '5000' });
  expect((await request('/routing/explain', { method: 'POST', body: '<html>' })).status).toBe(400);
  const large = JSON.stringify(summary({ components: [component('a', 'operational', { text: 'x'.repeat(3000) })] }));
  expect((await request('/routing/explain', { method: 'POST', body: large })).status).toBe(200);
});

it.each([stripeEvent('evt_1'), summary({ incidents: [incident('1')] })])(
  'while the store is away nothing can be told',
  async (payload) => {
    const store = createMemoryStore({ eventCapacity: 9, dedupeCapacity: 9 });
    const find = () => Promise.reject(new StoreUnavailable('store_unavailable', 'it is away'));
    const { post } = await startService({}, { store: { ...store, find } });
    expect((await post('/routing/explain', payload)).status).toBe(503);
  },
);
