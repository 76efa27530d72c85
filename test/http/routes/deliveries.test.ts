import { expect, it } from 'vitest';
import type { UnifiedEvent } from '../../../src/domain/event.ts';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { aDelivery, aRecord } from '../../support/builders.ts';
import { fakePagerDuty } from '../../support/pagerduty.ts';
import { startService } from '../../support/service.ts';

const over = { resolved_at: '2026-03-01T11:50:00.000Z' };
const failed = (event_id: string) =>
  aDelivery({ event_id, status: 'failed', attempts: 2, last_error: 'HTTP 403', next_attempt_at: null });

interface Listing {
  readonly deliveries: readonly { readonly event_id: string }[];
  readonly next_cursor: string | null;
}

const idsOf = ({ deliveries }: Listing) => deliveries.map(({ event_id: id }) => id);

/** A service that holds an event for each id, first seen a minute after the one before, with a page that failed. */
const startWith = async (events: Readonly<Record<string, Partial<UnifiedEvent>>>, env: Record<string, string> = {}) => {
  const store = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  for (const [minute, [event_id, event]] of Object.entries(events).entries()) {
    const first_seen_at = new Date(Date.parse('2026-03-01T11:00:00.000Z') + minute * 60_000).toISOString();
    const record = aRecord({ event_id, ...event }, { first_seen_at, deliveries: [failed(event_id)] });
    await store.change(event_id, () => ({ result: undefined, record }));
  }
  const pagerDuty = fakePagerDuty();
  const service = await startService(env, { store });
  const list = async (query = ''): Promise<Listing> =>
    JSON.parse(await (await service.request(`/deliveries${query}`)).text());
  return { ...service, pagerDuty, list };
};

it('a listing shows what is owed to whom, what became of it, and nothing of how it is kept', async () => {
  const { list } = await startWith({ a: {} });
  expect(await list()).toEqual({
    deliveries: [
      {
        id: failed('a').id,
        event_id: 'a',
        destination: 'pagerduty',
        action: 'trigger',
        status: 'failed',
        attempts: 2,
        last_error: 'HTTP 403',
        created_at: '2026-03-01T11:30:00.000Z',
        delivered_at: null,
        next_attempt_at: null,
      },
    ],
    next_cursor: null,
  });
});

it('a listing goes on where its cursor says, newest first', async () => {
  const { list } = await startWith({ a: {}, b: {}, c: {} });
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
  ['?destination=pagerduty', ['b', 'a']],
  ['?destination=other', []],
  ['?since=2026-03-01T11:01:00Z', ['b']],
  ['?until=2026-03-01T12:01:00%2B01:00', ['a']],
])('%s lists what it asks for', async (query, ids) => {
  const { list } = await startWith({ a: {}, b: {} });
  expect(idsOf(await list(query))).toEqual(ids);
});

it.each([
  ['?status=broken', 'status'],
  ['?action=page', 'action'],
  ['?destination=', 'destination'],
  ['?limit=0', 'limit'],
  ['?limit=1001', 'limit'],
  ['?since=yesterday', 'since'],
  ['?cursor=WyIyMDI2LTAzLTAxVDExOjAwOjAwLjAwMFoiLDFd', 'cursor'],
  ['?cursor=x', 'cursor'],
  ['?statuses=failed', ''],
])('%s is refused, naming the parameter', async (query, path) => {
  const { request } = await startWith({});
  const response = await request(`/deliveries${query}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ path }] });
});

it('a delivery that failed is sent again, as the request asks, and shown as it is owed', async () => {
  const { post, app, pagerDuty } = await startWith({ a: {} });
  expect(await post(`/deliveries/${failed('a').id}/retry`)).toMatchObject({
    status: 200,
    body: { retried: true, delivery: { id: failed('a').id, status: 'pending', attempts: 2 } },
  });
  await app.idle();
  expect(pagerDuty.accepted).toEqual(['trigger a']);
});

it('what is over is not sent again, and the answer says why', async () => {
  const { post, pagerDuty } = await startWith({ a: over });
  expect(await post(`/deliveries/${failed('a').id}/retry`)).toMatchObject({
    status: 409,
    body: {
      title: 'Conflict',
      detail: 'it is not sent again: its event is over, and nobody is paged for what is over',
    },
  });
  expect(pagerDuty.requests).toEqual([]);
});

it('what was owed to a person is refused while only the mock is configured', async () => {
  const { post } = await startWith({ a: {} }, { PAGERDUTY_ROUTING_KEY: '' });
  expect(await post(`/deliveries/${failed('a').id}/retry`)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('it was owed to a real PagerDuty') },
  });
});

it('a delivery that is not stored is not found', async () => {
  const { post } = await startWith({});
  expect(await post('/deliveries/dlv_1/retry')).toMatchObject({ status: 404 });
});

it('all that failed is sent again at once, but for what is over; the second time there is nothing left', async () => {
  const { post, app, pagerDuty } = await startWith({ a: {}, b: over, c: {} });
  expect(await post('/deliveries/retry')).toEqual({ status: 200, body: { retried: 2, skipped: 1 } });
  await app.idle();
  expect(await post('/deliveries/retry', {})).toEqual({ status: 200, body: { retried: 0, skipped: 1 } });
  expect(pagerDuty.accepted.toSorted()).toEqual(['trigger a', 'trigger c']);
});

it('only what was first seen since a moment is sent again when one is given', async () => {
  const { post, app, pagerDuty } = await startWith({ a: {}, b: {} });
  expect((await post('/deliveries/retry', { since: '2026-03-01T12:01:00+01:00' })).body).toMatchObject({ retried: 1 });
  await app.idle();
  expect(pagerDuty.accepted).toEqual(['trigger b']);
});

it.each([{ since: 'yesterday' }, { since: 7 }, { from: '2026-03-01' }, [], null])(
  'to retry all of %j is refused, and sends nothing',
  async (body) => {
    const { post, pagerDuty } = await startWith({ a: {} });
    expect(await post('/deliveries/retry', body)).toMatchObject({ status: 400 });
    expect(pagerDuty.requests).toEqual([]);
  },
);

it.each([
  ['GET', '/deliveries'],
  ['POST', '/deliveries/retry'],
  ['POST', '/deliveries/dlv_1/retry'],
  ['POST', '/events/a/resolve'],
  ['POST', '/routing/explain'],
])('%s %s needs the token', async (method, path) => {
  const { request, pagerDuty } = await startWith({ a: {} }, { API_TOKEN: 'token' });
  expect((await request(path, { method })).status).toBe(401);
  expect(pagerDuty.requests).toEqual([]);
});
