import { expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import type { Destination, SendResult } from '../../src/sinks/destination.ts';
import { createDestinations } from '../../src/sinks/destinations.ts';
import { createRepeater, lastTold } from '../../src/sinks/repeat-open.ts';
import { createClock } from '../support/clock.ts';
import { collectLog } from '../support/log.ts';
import { aPager } from '../support/pager.ts';
import { aDelivery, anAlert, openedAt } from '../support/telling.ts';

const told = (more: Partial<Delivery> = {}): Delivery => aDelivery({ status: 'delivered', ...more });
const open = (alert_id: string, ...deliveries: readonly Delivery[]): Alert => anAlert({ alert_id, deliveries });

it.each<[string, readonly Delivery[], boolean]>([
  ['was told', [told()], true],
  ['may have been told', [aDelivery({ status: 'failed', may_have_arrived: true })], true],
  ['was not told yet', [aDelivery()], false],
  ['was told the end, which waits', [told(), aDelivery({ action: 'resolve', ordinal: 2 })], false],
  ['was told somewhere else', [told({ target: 'other' })], false],
  [
    'was told, and another one is owed the end',
    [told(), told({ target: 'other', action: 'resolve', ordinal: 2 })],
    true,
  ],
  ['was told after an earlier end', [told({ action: 'resolve', cycle: 0 }), told({ ordinal: 2 })], true],
  ['was told in an earlier cycle', [told({ cycle: 0 })], false],
])('an open alert that %s is repeated: %#', (_, deliveries, expected) => {
  expect(lastTold(open('a', ...deliveries), 'test:pager') !== undefined).toBe(expected);
});

const setUp = (
  alerts: readonly Alert[],
  result: SendResult = { outcome: 'delivered', statusCode: 200 },
  hasLease = true,
  /** As they are when they are sent. */
  now = alerts,
) => {
  const sent: string[] = [];
  const asides: (string | undefined)[] = [];
  const destination = aPager({
    updateEveryMs: 0,
    repeatEveryMs: 60_000,
    send: async ({ alert, otherSide }) => {
      sent.push(alert.alert_id);
      asides.push(otherSide);
      return result;
    },
  });
  const clock = createClock(openedAt);
  const logged = collectLog();
  const store = {
    listAlerts: async ({ limit, before }: { limit: number; before?: { sequence: number } | undefined }) => {
      const from = before?.sequence ?? 0;
      return {
        alerts: alerts.slice(from, from + limit),
        next: from + limit < alerts.length ? { sequence: from + limit } : null,
      };
    },
    async readAlert(alertId: string) {
      const alert = now.find(({ alert_id: id }) => id === alertId);
      return alert && { alert, history: [], attempts: new Map() };
    },
    find: async () => undefined,
    readRaw: async () => undefined,
    tryLease: async () => hasLease,
  };
  const quiet: Destination = { ...destination, name: 'quiet', target: 'test:quiet' };
  const { repeatEveryMs: _, ...once } = quiet;
  const repeater = createRepeater({
    store,
    destinations: createDestinations([destination, once]),
    publicUrl: null,
    otherSide: async ({ alert_id: id }) => `of ${id}`,
    log: logged.log,
    now: clock.now,
  });
  return { repeater, clock, sent, asides, logged };
};

it('all that is open and was told is sent again when its time has come, and not before', async () => {
  const alerts = Array.from({ length: 250 }, (_, at) => open(`a${at}`, ...(at % 2 === 0 ? [told()] : [])));
  const { repeater, clock, sent } = setUp(alerts);
  await repeater.run();
  expect(sent).toHaveLength(125);
  clock.advance(59_000);
  await repeater.run();
  expect(sent).toHaveLength(125);
  clock.advance(1000);
  await repeater.run();
  expect(sent).toHaveLength(250);
});

it('what has ended since it was listed is not said to be open again', async () => {
  const ended = open('a', told(), aDelivery({ action: 'resolve', ordinal: 2, status: 'delivered' }));
  const { repeater, sent } = setUp([open('a', told()), open('b', told())], undefined, true, [ended, open('b', told())]);
  await repeater.run();
  expect(sent).toEqual(['b']);
});

it('says what the other side says each time, for a repeat takes the place of what was there', async () => {
  const { repeater, asides } = setUp([open('a', told()), open('b', told())]);
  await repeater.run();
  expect(asides).toEqual(['of a', 'of b']);
});

it('another replica does it while it has the lease', async () => {
  const { repeater, sent } = setUp([open('a', told())], undefined, false);
  await repeater.run();
  expect(sent).toEqual([]);
});

it.each([
  ['is refused is a line in the log, and the others go on', 'permanent', 400, ['a', 'b']],
  ['is not answered ends the round, for the others would not be either', 'transient', 503, ['a']],
] as const)('a repeat that %s', async (_, outcome, statusCode, expected) => {
  const result = { outcome, statusCode, error: `HTTP ${statusCode}`, retryAfterMs: null };
  const { repeater, sent, logged } = setUp([open('a', told()), open('b', told())], result);
  await repeater.run();
  expect(sent).toEqual(expected);
  expect(logged.of('alert.repeat_failed')).toMatchObject(
    expected.map((alert_id) => ({ level: 'warn', alert_id, destination: 'pager', error: `HTTP ${statusCode}` })),
  );
});
