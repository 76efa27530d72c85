import { expect, it } from 'vitest';
import { type Api, refuses, startApi } from '../../support/api.ts';
import type { EventView } from '../../support/service.ts';
import { component, incident, summary } from '../../support/status-page.ts';
import { stripeEvent } from '../../support/stripe.ts';

/** Six events, a second apart where they come one by one: three of Stripe, then three of one status page. */
const seeded = async (): Promise<Api> => {
  const api = startApi();
  for (const [id, type] of [
    ['evt_1', 'payout.failed'],
    ['evt_2', 'payment_intent.payment_failed'],
    ['evt_3', 'customer.created'],
  ] as const) {
    await api.postStripe(stripeEvent(id, type));
    api.clock.advance(1000);
  }
  await api.pull(
    summary({
      incidents: [incident('1'), incident('2', { resolved_at: '2026-03-01T11:30:00.000Z' })],
      components: [component('a', 'under_maintenance', { name: 'API' })],
    }),
  );
  return api;
};

const i1 = 'acme_status:incident:1';
const i2 = 'acme_status:incident:2';
const ca = 'acme_status:component:a:2026-03-01T11:30:00.000Z';
const all = [i2, ca, i1, 'evt_3', 'evt_2', 'evt_1'];
const idsOf = (events: readonly EventView[]) => events.map(({ event_id: id }) => id);

it.each([
  ['', all],
  ['?limit=1', [i2]],
  ['?limit=1000', all],
  ['?limit=007', all],
  ['?source=stripe', ['evt_3', 'evt_2', 'evt_1']],
  ['?source=acme_status', [i2, ca, i1]],
  ['?source=unheard_of_status', []],
  ['?kind=incident', [i2, i1]],
  ['?kind=status', [ca]],
  ['?kind=payment', ['evt_3', 'evt_2', 'evt_1']],
  ['?severity=critical', [i2, i1, 'evt_1']],
  ['?severity=warning', ['evt_2']],
  ['?severity=info', [ca, 'evt_3']],
  ['?service=API', [ca]],
  ['?service=acme', [i2, i1]],
  ['?service=api', []],
  ['?state=resolved', [i2, 'evt_3', 'evt_2']],
  ['?state=open', [ca, i1, 'evt_1']],
  ['?alert_id=evt_1', ['evt_1']],
  ['?alert_id=evt_2', []],
  ['?q=INCIDENT', [i2, i1]],
  ['?q=payout+obj_evt_1', ['evt_1']],
  ['?q=payout+2', []],
  ['?q=under_maintenance', [ca]],
  ['?routed=true', [i1, 'evt_1']],
  ['?routed=false', [i2, ca, 'evt_3', 'evt_2']],
  ['?since=2026-03-01T12:00:02.000Z', [i2, ca, i1, 'evt_3']],
  ['?since=2026-03-01T12:00:02Z', [i2, ca, i1, 'evt_3']],
  ['?since=2026-03-01T13:00:02%2B01:00', [i2, ca, i1, 'evt_3']],
  ['?since=2026-03-01T13:00:02+01:00', [i2, ca, i1, 'evt_3']],
  ['?until=2026-03-01T12:00:02.000Z', ['evt_2', 'evt_1']],
  ['?since=2026-03-01T12:00:01Z&until=2026-03-01T12:00:02Z', ['evt_2']],
  ['?since=2026-03-01T12:00:02Z&until=2026-03-01T12:00:01Z', []],
  ['?source=acme_status&severity=critical&state=open&routed=true&kind=incident&service=acme', [i1]],
])('GET /events%s lists the right events, newest first', async (query, ids) => {
  expect(idsOf(await (await seeded()).events(query))).toEqual(ids);
});

it.each([
  ['', all],
  ['&kind=payment', ['evt_3', 'evt_2', 'evt_1']],
  ['&until=2026-03-01T12:00:03.000Z', ['evt_3', 'evt_2', 'evt_1']],
  ['&since=2026-03-01T12:00:01.000Z', [i2, ca, i1, 'evt_3', 'evt_2']],
])('lists of one, two and six follow on each other without a gap (%s)', async (filter, ids) => {
  const { request } = await seeded();
  for (const limit of [1, 2, 6]) {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 10; pages++) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const response = await request(`/events?limit=${limit}${filter}${after}`);
      const page: { events: EventView[]; next_cursor: string | null } = JSON.parse(await response.text());
      seen.push(...idsOf(page.events));
      cursor = page.next_cursor;
    }
    expect(cursor).toBeNull();
    expect(seen).toEqual(ids);
  }
});

it('events that come while somebody pages are not mixed in', async () => {
  const service = await seeded();
  const first: { next_cursor: string } = JSON.parse(await (await service.request('/events?limit=4')).text());
  await service.postStripe(stripeEvent('evt_9'));
  expect(idsOf(await service.events(`?cursor=${first.next_cursor}`))).toEqual(['evt_2', 'evt_1']);
});

it('by default fifty events are listed, and a cursor where there are more', async () => {
  const service = startApi();
  for (let number = 1; number <= 51; number++) await service.postStripe(stripeEvent(`evt_${number}`, 'a.b'));
  const page: { events: EventView[]; next_cursor: string } = JSON.parse(
    await (await service.request('/events')).text(),
  );
  expect([page.events.length, page.events[0]?.event_id]).toEqual([50, 'evt_51']);
  expect(idsOf(await service.events(`?cursor=${page.next_cursor}`))).toEqual(['evt_1']);
});

it('without events the list is empty, in exactly these bytes', async () => {
  const { request } = startApi();
  expect(await (await request('/events')).text()).toBe('{"events":[],"next_cursor":null}');
});

const wholeNumber = 'expected a whole number';
const range = 'expected a number from 1 to 1000';
const iso = 'expected an ISO-8601 time such as 2026-01-31T12:00:00Z';
const badCursor = 'expected a next_cursor of an earlier answer';
it.each([
  ['limit=0', 'limit', range],
  ['limit=1001', 'limit', range],
  [`limit=1${'0'.repeat(400)}`, 'limit', range],
  ['limit=1e3', 'limit', wholeNumber],
  ['limit=-1', 'limit', wholeNumber],
  ['limit=5.0', 'limit', wholeNumber],
  ['limit=0x10', 'limit', wholeNumber],
  ['limit=+5', 'limit', wholeNumber],
  ['limit=', 'limit', wholeNumber],
  ['limit', 'limit', wholeNumber],
  ['limit=5&limit=6', 'limit', 'given 2 times'],
  ['kind=status&kind=status&kind=status', 'kind', 'given 3 times'],
  ['page=2', 'page', 'there is no such parameter'],
  ['Limit=2', 'Limit', 'there is no such parameter (did you mean "limit"?)'],
  ['sevrity=critical', 'sevrity', 'there is no such parameter (did you mean "severity"?)'],
  ['constructor=1', 'constructor', 'there is no such parameter'],
  ['cursor=', 'cursor', badCursor],
  ['cursor=abc', 'cursor', badCursor],
  [`cursor=${Buffer.from('["2026-03-01T12:00:00.000Z"]').toString('base64url')}`, 'cursor', badCursor],
  [`cursor=${Buffer.from('[1]')}`, 'cursor', badCursor],
  [`cursor=${Buffer.from('[1,2]').toString('base64url')}`, 'cursor', badCursor],
  [`cursor=${Buffer.from('["a",-1]').toString('base64url')}`, 'cursor', badCursor],
  [`cursor=${Buffer.from('["a",1.5]').toString('base64url')}`, 'cursor', badCursor],
  ['since=', 'since', iso],
  ['since=yesterday', 'since', iso],
  ['since=2026-03-01', 'since', iso],
  ['since=1772366400', 'since', iso],
  ['since=2026-13-01T00:00:00Z', 'since', iso],
  ['until=2026-03-01T25:00:00Z', 'until', iso],
  ['until=0', 'until', iso],
  ['source=', 'source', 'Too small: expected string to have >=1 characters'],
  ['q=', 'q', 'expected at least one word, of letters or digits'],
  ['q=%21%21', 'q', 'expected at least one word, of letters or digits'],
  ['alert_id=', 'alert_id', 'Too small: expected string to have >=1 characters'],
  ['kind=', 'kind', 'Invalid option: expected one of "incident"|"status"|"payment"'],
  ['kind=Incident', 'kind', 'Invalid option: expected one of "incident"|"status"|"payment"'],
  ['severity=error', 'severity', 'Invalid option: expected one of "info"|"warning"|"critical"'],
  ['state=closed', 'state', 'Invalid option: expected one of "open"|"resolved"'],
  ['routed=yes', 'routed', 'Invalid option: expected one of "true"|"false"'],
  ['routed=1', 'routed', 'Invalid option: expected one of "true"|"false"'],
  ['service=', 'service', 'Too small: expected string to have >=1 characters'],
])('GET /events?%s is answered 400 and names the parameter', async (query, path, message) => {
  const { request } = startApi();
  const response = await request(`/events?${query}`);
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: message.startsWith('given') ? 'a parameter is given more than once' : 'a parameter is invalid',
    request_id: response.headers.get('x-request-id'),
    errors: [{ path, message }],
  });
});

it('a parameter called __proto__ is unknown like any other', async () => {
  const { request } = startApi();
  expect((await request('/events?__proto__=1')).status).toBe(400);
});

it('every wrong parameter is named at once', async () => {
  const { request } = startApi();
  const response = await request('/events?limit=0&kind=x&since=y');
  expect(await response.json()).toMatchObject({ errors: [{ path: 'limit' }, { path: 'kind' }, { path: 'since' }] });
});

const payout = stripeEvent('evt_1', 'payout.failed', {
  data: { object: { id: 'po_1', failure_message: 'The account is closed.' } },
});
const listed = {
  event_id: 'evt_1',
  source: 'stripe',
  kind: 'payment',
  severity: 'critical',
  service: 'stripe',
  summary: 'payout.failed: po_1',
  description: 'The account is closed.',
  started_at: '2026-01-01T00:00:00.000Z',
  resolved_at: null,
  raw: payout,
  facts: expect.objectContaining({ type: 'payout.failed', object_id: 'po_1' }),
  state: 'open',
  alert_id: 'evt_1',
  routed: true,
  delivered_to: ['pagerduty'],
  routing_reason: 'Sent: critical events are always sent.',
  first_seen_at: '2026-03-01T12:00:00.000Z',
  last_seen_at: '2026-03-01T12:00:05.000Z',
  seen_count: 2,
};
const delivery = {
  id: expect.stringMatching(/^dlv_[0-9a-f]{32}$/),
  destination: 'pagerduty',
  action: 'trigger',
  status: 'delivered',
  attempts: 1,
  last_error: null,
  delivered_at: '2026-03-01T12:00:00.000Z',
  next_attempt_at: null,
  earlier: false,
};

it('an event is shown with what became of it, in the list and, with its history, by its id', async () => {
  const service = startApi();
  await service.postStripe(payout);
  await service.idle();
  service.clock.advance(5000);
  await service.postStripe(payout);

  expect(await service.events()).toEqual([{ ...listed, deliveries: [delivery] }]);
  const at = '2026-03-01T12:00:00.000Z';
  const request_id = expect.any(String);
  expect(await service.event('evt_1')).toEqual({
    ...listed,
    deliveries: [
      {
        ...delivery,
        attempt_log: [
          { number: 1, started_at: at, duration_ms: 0, outcome: 'delivered', status_code: 202, error: null },
        ],
      },
    ],
    history: [
      { at, change: 'stored', request_id },
      {
        at,
        change: 'routing_decided',
        request_id,
        reason: 'Sent: critical events are always sent.',
        fields: { routed: { old: false, new: true } },
      },
      { at, change: 'opened', request_id, event_id: 'evt_1', reason: 'it belongs to no open alert' },
      {
        at,
        change: 'delivered',
        request_id,
        event_id: 'evt_1',
        destination: 'pagerduty',
        action: 'trigger',
        fields: { status: { old: 'pending', new: 'delivered' } },
      },
    ],
  });
});

it('a refused delivery is shown with its error, and delivered to nobody', async () => {
  const service = startApi();
  service.answerWith(() => refuses);
  await service.postStripe(payout);
  await service.idle();
  const error = 'HTTP 400';
  expect(await service.event('evt_1')).toMatchObject({
    routed: true,
    delivered_to: [],
    deliveries: [
      {
        status: 'failed',
        last_error: error,
        delivered_at: null,
        attempt_log: [{ number: 1, outcome: 'permanent', status_code: 400, error }],
      },
    ],
    history: [
      { change: 'stored' },
      { change: 'routing_decided' },
      { change: 'opened' },
      { change: 'delivery_failed', reason: error },
    ],
  });
});

it('an update is shown with each field, old and new', async () => {
  const service = startApi();
  await service.pull(summary({ incidents: [incident('1', { impact: 'minor' })] }));
  await service.pull(summary({ incidents: [incident('1', { impact: 'none', name: 'Better' })] }));
  const { history } = await service.event(i1);
  expect(history.filter(({ change }) => change === 'updated')).toMatchObject([
    {
      fields: {
        severity: { old: 'warning', new: 'info' },
        summary: { old: 'Incident 1', new: 'Better' },
      },
    },
  ]);
});

it.each(['a/b', 'a:b', '50%', '%2F', 'a b', 'ü😀', 'a?b#c', 'a+b', 'x'.repeat(200)])(
  'an event is found by its id "%s"',
  async (eventId) => {
    const service = startApi();
    await service.postStripe(stripeEvent(eventId, 'a.b'));
    expect(await service.event(eventId)).toMatchObject({ event_id: eventId, seen_count: 1 });
  },
);

it.each(['evt_2', 'evt_', 'EVT_1', '%E0%A4%A', '%00', '__proto__', 'constructor'])(
  'no event is found at /events/%s',
  async (eventId) => {
    const service = startApi();
    await service.postStripe(stripeEvent('evt_1', 'a.b'));
    const response = await service.request(`/events/${eventId}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'no event with this id is stored',
      request_id: response.headers.get('x-request-id'),
    });
  },
);

it('an id that is remembered although its event was dropped is a duplicate, and not found', async () => {
  const service = startApi({ eventCapacity: 1 });
  await service.postStripe(stripeEvent('evt_1', 'a.b'));
  await service.postStripe(stripeEvent('evt_2', 'a.b'));
  expect(await service.postStripe(stripeEvent('evt_1', 'a.b'))).toEqual({ received: true, deduped: true });
  expect((await service.request('/events/evt_1')).status).toBe(404);
});

it('what the vendor sent is whole, redacted and counted, or left out, as is asked for', async () => {
  const { request, postStripe } = startApi();
  await postStripe(stripeEvent('evt_1', 'customer.created', { email: 'jo@example.com' }));
  const read = async (path: string) => JSON.parse(await (await request(path)).text());
  const whole = await read('/events/evt_1');
  expect(whole.raw).toMatchObject({ id: 'evt_1', email: 'jo@example.com' });
  expect(await read('/events/evt_1?raw=whole')).toEqual(whole);

  const { raw, redactions, ...redacted } = await read('/events/evt_1?raw=redacted');
  expect(raw).toMatchObject({ id: 'evt_1', email: '[email]' });
  expect(redactions).toEqual({ email: 1 });
  const { raw: _raw, ...rest } = whole;
  expect(redacted).toEqual(rest);
  expect(await read('/events/evt_1?raw=none')).toEqual(rest);

  expect((await read('/events?raw=none')).events[0]).not.toHaveProperty('raw');
  expect((await read('/events?raw=redacted')).events[0].raw).toMatchObject({ email: '[email]' });
  for (const path of ['/events?raw=some', '/events/evt_1?raw=some', '/events/evt_1?limit=1']) {
    expect((await request(path)).status).toBe(400);
  }
});
