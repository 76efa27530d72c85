import { expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { type MadeAttempt, recordBegin, recordEnd, recordLate } from '../../src/sinks/record.ts';
import { aDelivery, anAlert, openedAt } from '../support/telling.ts';

const limits = { retryMs: 900_000, leaseMs: 60_000 };
const made: MadeAttempt = {
  startedAt: openedAt,
  result: { outcome: 'delivered', statusCode: 202 },
  endedMs: Date.parse(openedAt) + 1000,
  nextAttemptMs: null,
  hasFallback: false,
};

it('an attempt that was made while the store took no writes is recorded whole', () => {
  const delivery = aDelivery();
  const { result, alerts, attempt } = recordLate(anAlert({ deliveries: [delivery] }), delivery.id, made, limits);
  expect(result?.delivery).toMatchObject({ status: 'delivered', attempts: 1 });
  expect(attempt?.attempt).toMatchObject({ started_at: openedAt, outcome: 'delivered' });
  expect(alerts?.[0]?.history).toMatchObject([{ change: 'delivered' }]);
});

it('nothing is recorded of an alert that is gone, or of a delivery that it does not have', () => {
  expect(recordLate(undefined, 'd', made, limits)).toEqual({ result: undefined });
  expect(recordLate(anAlert(), 'd', made, limits)).toEqual({ result: undefined });
});

it('a delivery that somebody else has ended meanwhile stays as it ended', () => {
  const delivery = aDelivery({ status: 'delivered', attempts: 1 });
  const { result } = recordLate(anAlert({ deliveries: [delivery] }), delivery.id, made, limits);
  expect(result?.delivery.status).toBe('delivered');
});

const inFlight = { attempt_started_at: openedAt, leased_until: '2026-03-01T12:00:18.000Z' };
const endedAt = '2026-03-01T12:00:01.000Z';
const refused: MadeAttempt = {
  ...made,
  result: { outcome: 'permanent', statusCode: 400, error: 'HTTP 400', retryAfterMs: null },
};

it.each<[string, Partial<Delivery>, MadeAttempt, string | null]>([
  ['a trigger that failed', {}, { ...refused, hasFallback: true }, endedAt],
  ['a trigger for which nobody stands in', {}, refused, null],
  ['an update that failed', { action: 'update' }, { ...refused, hasFallback: true }, null],
  ['a trigger that is tried again', {}, { ...refused, hasFallback: true, nextAttemptMs: made.endedMs + 1 }, null],
  ['a trigger that was accepted', {}, { ...made, hasFallback: true }, null],
])('the alert is looked at at once, or not, after %s', (_which, more, attempt, wakeAt) => {
  const delivery = aDelivery({ ...inFlight, ...more });
  const { alerts } = recordEnd(anAlert({ deliveries: [delivery] }), delivery.id, attempt, limits);
  expect(alerts?.[0]?.alert.wake_at).toBe(wakeAt);
});

it('what waited for an attempt is ready when that has ended, and nothing else', () => {
  const trigger = aDelivery(inFlight);
  const update = aDelivery({ action: 'update', ordinal: 2, event_id: 'evt_2' });
  const later = aDelivery({ target: 'other', ordinal: 3, next_attempt_at: '2026-03-01T12:05:00.000Z' });
  const alert = anAlert({ deliveries: [trigger, update, later] });
  expect(recordEnd(alert, trigger.id, made, limits).result?.ready).toEqual([update]);
  const again = recordEnd(alert, trigger.id, { ...refused, nextAttemptMs: made.endedMs }, limits);
  expect(again.result?.ready).toEqual([]);
  expect(again.result?.delivery).toMatchObject({ status: 'pending', last_error: 'HTTP 400' });
});

it('an attempt begins once, and what is not there or not due is left as it is', () => {
  const trigger = aDelivery();
  const begin = (deliveries: readonly Delivery[], id = trigger.id) =>
    recordBegin(anAlert({ deliveries }), id, Date.parse(openedAt), Date.parse(endedAt), limits);
  const begun = begin([trigger]);
  expect(begun.result?.delivery).toMatchObject({ attempt_started_at: openedAt, leased_until: endedAt });
  expect(begun.alerts?.[0]?.alert.deliveries).toEqual([begun.result?.delivery]);
  expect(begin([{ ...trigger, ...inFlight }])).toEqual({ result: undefined });
  expect(begin([trigger], 'other')).toEqual({ result: undefined });
  expect(recordBegin(undefined, trigger.id, 0, 0, limits)).toEqual({ result: undefined });
});
