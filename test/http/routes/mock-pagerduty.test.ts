import { expect, it } from 'vitest';
import { type Api, startApi } from '../../support/api.ts';
import { aPayout } from '../../support/telling.ts';

const path = '/destinations/pagerduty';
const post = ({ request }: Api, body: unknown, requestId = 'req-1') =>
  request(path, { method: 'POST', body: JSON.stringify(body), headers: { 'x-request-id': requestId } });
const received = async ({ request }: Api) => (await request(path)).text();

it('a normalized event is accepted, logged without its raw part, and kept as it came', async () => {
  const service = startApi();
  const event = aPayout({ description: 'a\0b\ud83dc', raw: { deep: [{ text: 'the-raw-note\0\ud83d' }] } });
  const response = await post(service, event);
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({ status: 'success', message: 'Event processed' });
  expect(JSON.parse(await received(service))).toEqual({
    received: [{ received_at: '2026-03-01T12:00:00.000Z', request_id: 'req-1', event }],
  });
  expect(service.logged.of('mock_pagerduty.received')).toMatchObject([
    { request_id: 'req-1', event_id: 'evt_1', severity: 'critical' },
  ]);
  expect(service.logged.text()).not.toContain('the-raw-note');
});

it('before anything came nothing was received', async () => {
  expect(await received(startApi())).toBe('{"received":[]}');
});

it('what was received is shown newest first, each time it came', async () => {
  const service = startApi();
  for (const id of ['1', '2', '2', '3']) {
    await post(service, aPayout({ event_id: `evt_${id}` }), `req-${id}`);
    service.clock.advance(1000);
  }
  const { received: all }: { received: { received_at: string; request_id: string }[] } = JSON.parse(
    await received(service),
  );
  expect(all.map(({ received_at: at, request_id: id }) => `${at} ${id}`)).toEqual([
    '2026-03-01T12:00:03.000Z req-3',
    '2026-03-01T12:00:02.000Z req-2',
    '2026-03-01T12:00:01.000Z req-2',
    '2026-03-01T12:00:00.000Z req-1',
  ]);
});

it('the newest 10000 receipts are kept, and no more', async () => {
  const service = startApi();
  for (let number = 0; number <= 10_000; number++) await post(service, aPayout({ event_id: `evt_${number}` }));
  const { received: all }: { received: { event: { event_id: string } }[] } = JSON.parse(await received(service));
  expect(all).toHaveLength(10_000);
  expect([all[0]?.event.event_id, all[9999]?.event.event_id]).toEqual(['evt_10000', 'evt_1']);
});

it.each([
  ['event_id', { event_id: '' }],
  ['event_id', { event_id: 1 }],
  ['source', { source: 'paypal' }],
  ['source', { source: 'Acme_status' }],
  ['kind', { kind: 'alert' }],
  ['severity', { severity: 'error' }],
  ['service', { service: '' }],
  ['summary', { summary: null }],
  ['summary', { summary: '' }],
  ['description', { description: 7 }],
  ['started_at', { started_at: '2026-03-01T12:00:00Z' }],
  ['started_at', { started_at: '2026-03-01T12:00:00.000+01:00' }],
  ['started_at', { started_at: '2026-02-30T12:00:00.000Z' }],
  ['started_at', { started_at: 1_772_366_400 }],
  ['resolved_at', { resolved_at: 'now' }],
  ['priority', { priority: 'high' }],
])('an event with a wrong "%s" is refused, and not kept: %j', async (field, wrong) => {
  const service = startApi();
  const response = await post(service, { ...aPayout(), ...wrong });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    title: 'Bad Request',
    detail: 'the body is not a normalized event',
    errors: [{ path: field, message: expect.any(String) }],
  });
  expect(await received(service)).toBe('{"received":[]}');
});

it.each(Object.keys(aPayout()))('an event without "%s" is refused', async (field) => {
  const service = startApi();
  const response = await post(service, { ...aPayout(), [field]: undefined });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ path: field }] });
});

it.each(['null', '[]', '"event"', '7', '{}', '[{}]'])('%s is no event', async (body) => {
  const { request } = startApi();
  expect((await request(path, { method: 'POST', body })).status).toBe(400);
});

it('an event with a key called __proto__ is refused', async () => {
  const { request } = startApi();
  const body = JSON.stringify(aPayout()).replace('{', '{"__proto__":{"polluted":true},');
  expect((await request(path, { method: 'POST', body })).status).toBe(400);
});
