import { expect, it } from 'vitest';
import { type MadeAttempt, recordLate } from '../../src/sinks/record.ts';
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
