import { expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { backoffMs, nextAttemptMs } from '../../src/sinks/backoff.ts';
import type { SendResult } from '../../src/sinks/destination.ts';
import { aDelivery } from '../support/builders.ts';

const limits = { retryMinMs: 1000, retryMaxMs: 300_000 };

it.each([
  [1, 1000],
  [2, 2000],
  [3, 4000],
  [9, 256_000],
  [10, 300_000],
  [11, 300_000],
  [5000, 300_000],
])('after %i attempts the wait is at most %i ms, and at least half of it', (attempts, full) => {
  expect(backoffMs(attempts, limits, 1)).toBe(full);
  expect(backoffMs(attempts, limits, 0.5)).toBe(full * 0.75);
  expect(backoffMs(attempts, limits, 0)).toBe(full / 2);
});

it('never waits longer than the largest delay, even when it is the smallest too', () => {
  expect(backoffMs(1, { retryMinMs: 7, retryMaxMs: 7 }, 1)).toBe(7);
  expect(backoffMs(100, { retryMinMs: 7, retryMaxMs: 7 }, 1)).toBe(7);
});

const failed = (retryAfterMs: number | null, outcome: 'transient' | 'permanent' = 'transient'): SendResult => ({
  outcome,
  statusCode: 503,
  error: 'no',
  retryAfterMs,
});

/** All times are seconds since the delivery was created, which is given up after an hour. */
it.each<[string, SendResult, Partial<Delivery>, number, number | null]>([
  ['after the backoff', failed(null), { attempts: 1 }, 10, 12],
  ['after the time asked for, where that is longer', failed(60_000), {}, 10, 70],
  ['after the backoff, where that is longer', failed(1000), { attempts: 3 }, 10, 18],
  ['after fifteen minutes, where more is asked for', failed(86_400_000), {}, 10, 910],
  ['a last time when it reaches its greatest age', failed(60_000), {}, 3590, 3600],
  ['not again once it has reached that', failed(null), {}, 3600, null],
  [
    'for as long again when it was asked for once more',
    failed(null),
    { retried_at: '2026-03-01T12:30:00.000Z' },
    3700,
    3701,
  ],
  ['not again when it was refused for good', failed(null, 'permanent'), {}, 10, null],
  ['not again when it was accepted', { outcome: 'delivered', statusCode: 202 }, {}, 10, null],
])('a delivery is tried %s', (_when, result, more, nowSeconds, atSeconds) => {
  const createdMs = Date.parse('2026-03-01T11:30:00.000Z');
  const delivery = aDelivery({ created_at: '2026-03-01T11:30:00.000Z', ...more });
  const nowMs = createdMs + nowSeconds * 1000;
  const at = nextAttemptMs(delivery, result, { ...limits, maxAgeSeconds: 3600 }, nowMs, 1);
  expect(at === null ? null : (at - createdMs) / 1000).toBe(atSeconds);
});
