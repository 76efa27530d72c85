import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { fakePagerDuty } from '../../support/pagerduty.ts';
import { startService } from '../../support/service.ts';
import { stripeEvent } from '../../support/stripe.ts';

const startWithEvent = async () => {
  const pagerDuty = fakePagerDuty();
  const service = await startService();
  await service.postStripe(stripeEvent('evt_1'));
  await service.app.idle();
  return { ...service, pagerDuty };
};

it('an open event is resolved now, and the answer shows it as it is shown by its own address', async () => {
  const { resolve, event, clock } = await startWithEvent();
  clock.advance(60_000);
  const answer = await resolve('evt_1', 'The bank has it.');
  expect(answer).toMatchObject({ resolved: true, event: { resolved_at: '2026-03-01T12:01:00.000Z' } });
  expect(await resolve('evt_1')).toEqual({ resolved: false, event: await event('evt_1') });
});

it('of ten who resolve an event at once, one does', async () => {
  const { resolve, event, pagerDuty } = await startWithEvent();
  const answers = await Promise.all(Array.from({ length: 10 }, () => resolve('evt_1')));
  expect(answers.filter(({ resolved }) => resolved)).toHaveLength(1);
  expect((await event('evt_1')).history.filter(({ change }) => change === 'resolved')).toHaveLength(1);
  expect(pagerDuty.accepted).toEqual(['trigger evt_1', 'resolve evt_1']);
});

it('an event that is not stored is not found', async () => {
  const { post } = await startWithEvent();
  expect(await post('/events/evt_2/resolve', { note: 'gone' })).toMatchObject({
    status: 404,
    body: { detail: 'no event with this id is stored' },
  });
});

it('a note is kept as it is, and stands in the log on one line, once', async () => {
  const { resolve, event, logged } = await startWithEvent();
  await resolve('evt_1', '  It\r\nis "fine" \u0000 \ud800 😀.\n');
  const { history } = await event('evt_1');
  const reasons = history.map(({ reason }) => reason);
  expect(reasons).toContain('resolved by hand: It\r\nis "fine" \u0000 \ud800 😀.');
  expect(logged.of('event.resolved_by_hand')).toEqual([
    expect.objectContaining({ event_id: 'evt_1', note: 'It is "fine" \u0000 \ud800 😀.', level: 'info' }),
  ]);
  expect(logged.text()).not.toContain('obj_evt_1');
});

it.each([undefined, {}, { note: '' }, { note: ' \n' }])('no note need be given: %j', async (body) => {
  const { post, event } = await startWithEvent();
  expect((await post('/events/evt_1/resolve', body)).body).toMatchObject({ resolved: true });
  const { history } = await event('evt_1');
  expect(history.find(({ change }) => change === 'resolved')?.reason).toBe('resolved by hand');
});

it.each([{ note: 'x'.repeat(1001) }, { note: 7 }, { note: null }, { notes: 'x' }, [], 'note', null])(
  'the body %j is refused, and resolves nothing',
  async (body) => {
    const { post, event } = await startWithEvent();
    expect(await post('/events/evt_1/resolve', body)).toMatchObject({ status: 400 });
    expect(await event('evt_1')).toMatchObject({ resolved_at: null });
  },
);

it('a note may have a thousand characters', async () => {
  const { post } = await startWithEvent();
  expect((await post('/events/evt_1/resolve', { note: 'x'.repeat(1000) })).status).toBe(200);
});

it('a store that is away is said to be so, with when to come back', async () => {
  const store = createMemoryStore({ eventCapacity: 9, dedupeCapacity: 9 });
  const away = { ...store, find: () => Promise.reject(new StoreUnavailable('store_unavailable', 'it is away')) };
  const { request } = await startService({}, { store: away });
  const response = await request('/events/evt_1/resolve', { method: 'POST' });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
});
