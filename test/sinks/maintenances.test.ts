import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { EventRecord } from '../../src/domain/event-record.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import type { Destination, SendResult } from '../../src/sinks/destination.ts';
import { tellMaintenances } from '../../src/sinks/maintenances.ts';
import { anEvent, aRecord } from '../support/builders.ts';
import { collectLog } from '../support/log.ts';

const id = 'acme_status:incident:m1';
const delivered: SendResult = { outcome: 'delivered', statusCode: 202 };
const failed: SendResult = { outcome: 'transient', statusCode: 503, error: 'HTTP 503', retryAfterMs: null };

const maintenance = (status: string, end: string | null = null): EventRecord =>
  aRecord(anEvent({ event_id: id, severity: 'info', resolved_at: end }), {
    facts: { item: 'maintenance', status },
    traits: { item: 'maintenance', name: null, components: [], group: null, pageSize: 3 },
  });

const destination = (name: string): Destination => ({
  type: 'fake',
  name,
  target: `target-of-${name}`,
  reachesPeople: true,
  showsWords: false,
  showsRaw: false,
  updateEveryMs: null,
  perMinute: null,
  fallback: null,
  preview: () => ({ method: 'POST', url: '', headers: {}, body: null }),
  send: async () => delivered,
});

/** Two destinations, one of which wants to know; what it answers, in turn, and what it was told. */
const setUp = (answers: SendResult[] = [], waitForever = false) => {
  const bus = createBus();
  const told: string[] = [];
  const waits: number[] = [];
  const waiting = Promise.withResolvers<void>();
  const states = new Map<string, unknown>();
  const logged = collectLog();
  let record = maintenance('scheduled');
  const knows: Destination = {
    ...destination('oncall'),
    async tellMaintenance({ phase, at }) {
      told.push(`${phase} ${at}`);
      return answers.shift() ?? delivered;
    },
  };
  const maintenances = tellMaintenances({
    store: {
      find: async () => record,
      async changeState(key, change) {
        const { state, result } = change(states.get(key));
        states.set(key, state);
        return result;
      },
    },
    bus,
    destinations: () => [knows, destination('other')],
    log: logged.log,
    wait: async (ms, abort) => {
      waits.push(ms);
      waiting.resolve();
      if (waitForever) await delay(3_600_000, undefined, { signal: abort });
    },
  });
  const see = (seen: EventRecord) => {
    record = seen;
    bus.publish('event.stored', {
      signalId: 's',
      requestId: 'r',
      eventId: id,
      change: 'updated',
      source: 'acme_status',
      severity: 'info',
      alertId: null,
    });
  };
  return { maintenances, told, waits, waiting: waiting.promise, logged, see };
};

it('tells the beginning and the end once each, and nothing of what is only planned', async () => {
  const { maintenances, told, see } = setUp();
  for (const seen of [
    maintenance('scheduled'),
    maintenance('in_progress'),
    maintenance('verifying'),
    maintenance('completed', '2026-03-01T13:00:00.000Z'),
    maintenance('completed', '2026-03-01T13:00:00.000Z'),
  ]) {
    see(seen);
    await maintenances.idle();
  }
  expect(told).toEqual(['began 2026-03-01T11:00:00.000Z', 'ended 2026-03-01T13:00:00.000Z']);
});

it('tells no end of what it never told the beginning of: called off, or over before we knew', async () => {
  const { maintenances, told, see } = setUp();
  see(maintenance('completed', '2026-03-01T13:00:00.000Z'));
  await maintenances.idle();
  expect(told).toEqual([]);
});

it('tries a few times, and then says that it was not told', async () => {
  const { maintenances, told, waits, logged, see } = setUp([failed, failed, failed, failed, failed]);
  see(maintenance('in_progress'));
  await maintenances.idle();
  expect(told).toHaveLength(4);
  expect(waits).toEqual([10_000, 60_000, 300_000]);
  expect(logged.of('maintenance.not_told')).toMatchObject([
    { level: 'error', destination: 'oncall', error: 'HTTP 503' },
  ]);
});

it('does not try again what is refused for good', async () => {
  const { maintenances, told, see } = setUp([{ ...failed, outcome: 'permanent' }]);
  see(maintenance('in_progress'));
  await maintenances.idle();
  expect(told).toHaveLength(1);
});

it('a stop does not wait for the next try', async () => {
  const { maintenances, told, waiting, logged, see } = setUp([failed], true);
  see(maintenance('in_progress'));
  await waiting;
  await maintenances.stop();
  expect(told).toHaveLength(1);
  expect(logged.of('maintenance.not_told')).toEqual([]);
});

it('an incident is no maintenance', async () => {
  const { maintenances, told, see } = setUp();
  see(aRecord(anEvent({ event_id: id }), { facts: { item: 'incident', status: 'in_progress' } }));
  await maintenances.idle();
  expect(told).toEqual([]);
});
