import { expect, it, vi } from 'vitest';
import { type EventRecord, isOpen } from '../../src/domain/event-record.ts';
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
  hasKeys: true,
  showsRaw: false,
  updateEveryMs: null,
  perMinute: null,
  fallback: null,
  preview: () => ({ method: 'POST', url: '', headers: {}, body: null }),
  send: async () => delivered,
});

/** Two destinations, one of which wants to know; what it answers, in turn, and what it was told. */
const setUp = (answers: SendResult[] = [], states = new Map<string, unknown>(), isAway = () => false) => {
  const bus = createBus();
  const told: string[] = [];
  let nowMs = Date.parse('2026-03-01T12:00:00Z');
  const logged = collectLog();
  const records = new Map<string, EventRecord>();
  let hanging: Promise<SendResult> | undefined;
  const knows: Destination = {
    ...destination('oncall'),
    async tellMaintenance({ phase, at }) {
      told.push(`${phase} ${at}`);
      return (await hanging) ?? answers.shift() ?? delivered;
    },
  };
  const maintenances = tellMaintenances({
    store: {
      find: async (eventId) => records.get(eventId),
      async listEvents({ kind }) {
        if (isAway()) throw new Error('the store is away');
        const open = [...records.values()].filter((record) => record.event.kind === kind && isOpen(record));
        return { events: open.map((record) => ({ record, rawJson: null, deliveries: [] })), next: null };
      },
      loadState: async (key) => states.get(key),
      async changeState(key, change) {
        const { state, result } = change(states.get(key));
        states.set(key, state);
        return result;
      },
    },
    bus,
    destinations: () => [knows, destination('other')],
    pageSources: () => ['acme_status'],
    log: logged.log,
    now: () => nowMs,
  });
  const pass = async (ms: number) => {
    nowMs += ms;
    await maintenances.run();
  };
  const show = (seen: EventRecord, eventId = id) => {
    records.set(eventId, { ...seen, event: { ...seen.event, event_id: eventId } });
  };
  const see = (seen: EventRecord, eventId = id) => {
    show(seen, eventId);
    bus.publish('event.stored', {
      signalId: 's',
      requestId: 'r',
      eventId,
      change: 'updated',
      source: 'acme_status',
      severity: 'info',
      alertId: null,
    });
  };
  return { maintenances, told, logged, see, show, pass, hang: (answer: Promise<SendResult>) => (hanging = answer) };
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

it('tells no beginning of a status page that is not read any more', async () => {
  const { told, show, pass } = setUp();
  const { event, ...rest } = maintenance('in_progress');
  show({ ...rest, event: { ...event, source: 'former_status' } });
  await pass(5000);
  expect(told).toEqual([]);
});

it('tries for an hour, a little later each time, and then says that it was not told', async () => {
  const { maintenances, told, logged, see, pass } = setUp(Array.from({ length: 50 }, () => failed));
  see(maintenance('in_progress'));
  await maintenances.idle();
  const counts: number[] = [];
  for (const ms of [9_000, 1_000, 59_000, 1_000, 299_000, 1_000]) {
    await pass(ms);
    counts.push(told.length);
  }
  expect(counts).toEqual([1, 2, 2, 3, 3, 4]);
  for (let minute = 0; minute < 60; minute++) await pass(60_000);
  const tries = told.length;
  await pass(3_600_000);
  expect(told).toHaveLength(tries);
  expect(logged.of('maintenance.not_told')).toMatchObject([
    { level: 'error', destination: 'oncall', error: 'HTTP 503' },
  ]);
});

it('waits as long as it is asked to', async () => {
  const { maintenances, told, see, pass } = setUp([{ ...failed, outcome: 'throttled', retryAfterMs: 120_000 }]);
  see(maintenance('in_progress'));
  await maintenances.idle();
  await pass(119_000);
  expect(told).toHaveLength(1);
  await pass(1_000);
  expect(told).toHaveLength(2);
});

it('tells the end after the beginning, when the beginning had to be tried again', async () => {
  const { maintenances, told, see, pass } = setUp([failed]);
  see(maintenance('in_progress'));
  await maintenances.idle();
  see(maintenance('completed', '2026-03-01T13:00:00.000Z'));
  await maintenances.idle();
  expect(told).toEqual(['began 2026-03-01T11:00:00.000Z']);
  await pass(10_000);
  expect(told.slice(1)).toEqual(['began 2026-03-01T11:00:00.000Z', 'ended 2026-03-01T13:00:00.000Z']);
});

it('goes on after a process that died before, or while, it told', async () => {
  const states = new Map<string, unknown>();
  const first = setUp([], states);
  const hangs = Promise.withResolvers<SendResult>();
  first.hang(hangs.promise);
  first.see(maintenance('in_progress'));
  await vi.waitFor(() => expect(first.told).toHaveLength(1));

  const after = setUp([], states);
  after.show(maintenance('in_progress'));
  await after.maintenances.run();
  expect(after.told).toEqual([]);
  await after.pass(60_000);
  expect(after.told).toEqual(['began 2026-03-01T11:00:00.000Z']);
  await after.pass(60_000);
  expect(after.told).toHaveLength(1);
});

it('loses none of sixty that begin at once while the destination does not answer well', async () => {
  const { maintenances, told, see, pass } = setUp(Array.from({ length: 60 }, () => failed));
  const begun = maintenance('in_progress');
  for (let n = 0; n < 60; n++) see(begun, `${id}${n}`);
  await maintenances.idle();
  for (let n = 0; n < 10; n++) await pass(60_000);
  expect(told).toHaveLength(120);
});

it('does not try again what is refused for good', async () => {
  const { maintenances, told, see } = setUp([{ ...failed, outcome: 'permanent' }]);
  see(maintenance('in_progress'));
  await maintenances.idle();
  expect(told).toHaveLength(1);
});

it('an incident is no maintenance', async () => {
  const { maintenances, told, see } = setUp();
  see(aRecord(anEvent({ event_id: id }), { facts: { item: 'incident', status: 'in_progress' } }));
  await maintenances.idle();
  expect(told).toEqual([]);
});

it('tells what was seen while the store was away when it is back, and says once that it was', async () => {
  let isAway = true;
  const { maintenances, told, logged, see, pass } = setUp([], new Map(), () => isAway);
  see(maintenance('in_progress'));
  await maintenances.idle();
  await pass(10_000);
  expect(told).toEqual([]);
  expect(logged.of('maintenances.not_looked_at').map(({ level }) => level)).toEqual(['warn', 'debug']);
  isAway = false;
  await pass(10_000);
  expect(told).toEqual(['began 2026-03-01T11:00:00.000Z']);
  await pass(10_000);
  expect(told).toHaveLength(1);
});

it('tells what a process had stored that died before it looked', async () => {
  const states = new Map<string, unknown>();
  const begun = setUp([], states);
  begun.show(maintenance('in_progress'));
  await begun.maintenances.run();
  expect(begun.told).toEqual(['began 2026-03-01T11:00:00.000Z']);

  const ended = setUp([], states);
  ended.show(maintenance('completed', '2026-03-01T13:00:00.000Z'));
  await ended.pass(1000);
  await ended.pass(1000);
  expect(ended.told).toEqual(['ended 2026-03-01T13:00:00.000Z']);
});

it('what is queued is told although the events cannot be listed', async () => {
  let isAway = false;
  const { maintenances, told, see, pass } = setUp([failed], new Map(), () => isAway);
  see(maintenance('in_progress'));
  await maintenances.idle();
  isAway = true;
  await pass(10_000);
  expect(told).toHaveLength(2);
});
