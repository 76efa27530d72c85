import { expect, it } from 'vitest';
import { accepts, refuses, startApi } from '../../support/api.ts';
import { stripeEvent } from '../../support/stripe.ts';

interface Listing {
  readonly deliveries: readonly {
    readonly id: string;
    readonly event_id: string;
    readonly alert_id: string;
    readonly alert_title: string | null;
  }[];
  readonly next_cursor: string | null;
}

const idsOf = ({ deliveries }: Listing) => deliveries.map(({ event_id: id }) => id);

/** An alert for each id, a minute after the one before, whose trigger was refused. */
const startWith = async (...ids: readonly string[]) => {
  const api = startApi();
  api.answerWith(() => refuses);
  for (const id of ids) {
    await api.postStripe(stripeEvent(id));
    api.clock.advance(60_000);
  }
  api.answerWith(() => accepts);
  const attempts = api.sent.length;
  const list = (query = ''): Promise<Listing> => api.json(`/deliveries${query}`);
  const idOf = async (eventId: string) => (await api.event(eventId)).deliveries[0]?.id ?? '';
  return { ...api, list, idOf, sentSince: () => api.sent.slice(attempts).map(({ alertId }) => alertId) };
};

it('a listing shows each action, for whom it is and what became of it, and nothing of how it is kept', async () => {
  const { list } = await startWith('a');
  expect(await list()).toEqual({
    deliveries: [
      {
        id: expect.stringMatching(/^dlv_[0-9a-f]{32}$/),
        alert_id: 'a',
        event_id: 'a',
        event_ids: ['a'],
        destination: 'pagerduty',
        action: 'trigger',
        reason: 'opened',
        severity: 'critical',
        status: 'failed',
        attempts: 1,
        last_error: 'HTTP 400',
        created_at: '2026-03-01T12:00:00.000Z',
        delivered_at: null,
        next_attempt_at: null,
        alert_title: 'payout.failed: obj_a',
        source: 'stripe',
      },
    ],
    next_cursor: null,
  });
});

it('a listing names an alert by its title, whether it is open or over', async () => {
  const { json, post, list } = await startWith('a', 'b');
  await post('/alerts/a/resolve');
  expect((await json('/alerts?state=resolved')).alerts).toHaveLength(1);
  const names = Object.fromEntries((await list()).deliveries.map((each) => [each.alert_id, each.alert_title]));
  expect(names).toEqual({ a: 'payout.failed: obj_a', b: 'payout.failed: obj_b' });
});

it('a listing goes on where its cursor says, newest first', async () => {
  const { list } = await startWith('a', 'b', 'c');
  const first = await list('?limit=2');
  expect(idsOf(first)).toEqual(['c', 'b']);
  const second = await list(`?limit=2&cursor=${first.next_cursor}`);
  expect(idsOf(second)).toEqual(['a']);
  expect(second.next_cursor).toBe(null);
});

it.each([
  ['?status=failed', ['b', 'a']],
  ['?status=delivered', []],
  ['?action=resolve', []],
  ['?action=trigger', ['b', 'a']],
  ['?destination=pagerduty', ['b', 'a']],
  ['?destination=other', []],
  ['?since=2026-03-01T12:01:00Z', ['b']],
  ['?until=2026-03-01T13:01:00%2B01:00', ['a']],
])('%s lists what it asks for', async (query, ids) => {
  const { list } = await startWith('a', 'b');
  expect(idsOf(await list(query))).toEqual(ids);
});

it.each([
  ['?status=broken', 'status'],
  ['?action=page', 'action'],
  ['?destination=', 'destination'],
  ['?limit=0', 'limit'],
  ['?limit=1001', 'limit'],
  ['?since=yesterday', 'since'],
  ['?cursor=WzFd', 'cursor'],
  ['?cursor=x', 'cursor'],
  ['?statuses=failed', 'statuses'],
])('%s is refused, naming the parameter', async (query, path) => {
  const { request } = await startWith();
  const response = await request(`/deliveries${query}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ path }] });
});

it('a delivery that failed is sent again, and shown as it waits', async () => {
  const { post, idOf, sentSince } = await startWith('a');
  const id = await idOf('a');
  expect(await post(`/deliveries/${id}/retry`)).toMatchObject({
    status: 200,
    body: { retried: true, delivery: { id, status: 'pending', attempts: 1 } },
  });
  expect(sentSince()).toEqual(['a']);
  expect(await post(`/deliveries/${id}/retry`)).toMatchObject({
    body: { retried: false, delivery: { status: 'delivered' } },
  });
});

it('what is over is not sent again, and the answer says why', async () => {
  const { post, idOf, sentSince } = await startWith('a');
  const id = await idOf('a');
  await post('/alerts/a/resolve');
  expect(await post(`/deliveries/${id}/retry`)).toMatchObject({
    status: 409,
    body: { title: 'Conflict', detail: expect.stringMatching(/^it is not sent again: /) },
  });
  expect(sentSince()).toEqual([]);
});

it('a delivery that is not stored is not found', async () => {
  const { post } = await startWith();
  expect(await post('/deliveries/dlv_1/retry')).toMatchObject({ status: 404 });
});

it('all that failed is sent again at once, but for what is over; the second time there is nothing left', async () => {
  const { post, sentSince } = await startWith('a', 'b', 'c');
  await post('/alerts/b/resolve');
  expect(await post('/deliveries/retry')).toEqual({ status: 200, body: { retried: 2, skipped: 1 } });
  expect(await post('/deliveries/retry', {})).toEqual({ status: 200, body: { retried: 0, skipped: 1 } });
  expect(sentSince().toSorted()).toEqual(['a', 'c']);
});

it('only alerts that were opened since a time are told again when one is given', async () => {
  const { post, sentSince } = await startWith('a', 'b');
  expect((await post('/deliveries/retry', { since: '2026-03-01T13:01:00+01:00' })).body).toMatchObject({ retried: 1 });
  // What it accepts then revives the other: it had refused everything for a minute.
  expect(sentSince()[0]).toBe('b');
});

it.each([{ since: 'yesterday' }, { since: 7 }, { from: '2026-03-01' }, [], null])(
  'to retry all of %j is refused, and sends nothing',
  async (body) => {
    const { post, sentSince } = await startWith('a');
    expect(await post('/deliveries/retry', body)).toMatchObject({ status: 400 });
    expect(sentSince()).toEqual([]);
  },
);

it.each([
  ['GET', '/deliveries'],
  ['POST', '/deliveries/retry'],
  ['POST', '/deliveries/dlv_1/retry'],
  ['POST', '/events/a/resolve'],
  ['GET', '/alerts'],
  ['POST', '/alerts/a/resolve'],
  ['POST', '/silences'],
  ['DELETE', '/silences/a'],
  ['GET', '/rules'],
  ['GET', '/destinations'],
  ['POST', '/routing/explain'],
])('%s %s needs the token', async (method, path) => {
  const { request } = startApi({ apiToken: 'token' });
  expect((await request(path, { method })).status).toBe(401);
});
