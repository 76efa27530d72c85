// What is read of a backlog, over answers of the database that a test makes.
import { expect, it } from 'vitest';
import { longestWaitMs } from '../../../src/domain/delivery.ts';
import { toIso } from '../../../src/lib/time.ts';
import type { Session } from '../../../src/stores/postgres/connections.ts';
import { readDueDeliveries } from '../../../src/stores/postgres/pending.ts';
import { toKey } from '../../../src/stores/rows.ts';
import { aDelivery } from '../../support/builders.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const anHourAhead = toIso(nowMs + 3_600_000);

it('after our clock stepped back, what is in flight does not make it read the whole backlog', async () => {
  // Of all, the next attempt was to be an hour ahead. One is attempted just now, by the clock as it is.
  const waiting = Array.from({ length: 10_000 }, (_, ordinal) =>
    aDelivery({ alert_id: `evt_${ordinal}`, next_attempt_at: anHourAhead }),
  );
  const inFlight = aDelivery({
    alert_id: 'evt_flying',
    next_attempt_at: anHourAhead,
    attempt_started_at: toIso(nowMs),
    leased_until: toIso(nowMs + longestWaitMs / 2),
  });
  const bodies = [inFlight, ...waiting].map((delivery) => ({ body: JSON.stringify(delivery), scope: toKey('stripe') }));
  const limits: number[] = [];
  const session: Pick<Session, 'rows'> = {
    async rows(schema, _sql, values = []) {
      const limit = Number(values[2]);
      limits.push(limit);
      return bodies.slice(0, limit).map((row) => schema.parse(row));
    },
  };
  const due = await readDueDeliveries(session, { nowMs, leaseNowMs: nowMs }, 1000, []);
  expect(due).toHaveLength(1000);
  expect(Math.max(...limits)).toBeLessThanOrEqual(2000);
});

it.each([
  ['ahead of', 600_000],
  ['behind', -600_000],
])(
  'our clock is %s the one by which leases end: all are asked for that may be due by either',
  async (_how, aheadMs) => {
    const leaseNowMs = nowMs - aheadMs;
    const begun = (alertId: string, leaseEndsMs: number) =>
      aDelivery({
        alert_id: alertId,
        next_attempt_at: toIso(leaseNowMs - 20_000),
        attempt_started_at: toIso(leaseNowMs - 20_000),
        leased_until: toIso(leaseEndsMs),
      });
    const deliveries = [
      begun('left', leaseNowMs - 1),
      begun('under_way', leaseNowMs + 1),
      aDelivery({ alert_id: 'waits', next_attempt_at: toIso(nowMs + 1) }),
      aDelivery({ alert_id: 'due', next_attempt_at: toIso(nowMs) }),
    ];
    const asked: unknown[] = [];
    const session: Pick<Session, 'rows'> = {
      async rows(schema, _sql, values = []) {
        asked.push(...values.slice(0, 2));
        return deliveries.map((each) => schema.parse({ body: JSON.stringify(each), scope: toKey('stripe') }));
      },
    };
    const due = await readDueDeliveries(session, { nowMs, leaseNowMs }, 1000, []);
    expect(due.map(({ alert_id: id }) => id)).toEqual(['left', 'due']);
    const [until, after] = [Math.max(nowMs, leaseNowMs), Math.min(nowMs, leaseNowMs) + longestWaitMs];
    expect(asked).toEqual([toIso(until), toIso(after)]);
  },
);
