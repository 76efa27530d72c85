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
  const due = await readDueDeliveries(session, nowMs, 1000, []);
  expect(due).toHaveLength(1000);
  expect(Math.max(...limits)).toBeLessThanOrEqual(2000);
});
