import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLive } from '../../../src/http/live/feed.ts';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { createBus } from '../../../src/pipeline/bus.ts';
import type { EventFilters } from '../../../src/stores/event-filter.ts';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { anAlert, aRecord } from '../../support/builders.ts';
import { readLive } from '../../support/live.ts';
import { collectLog } from '../../support/log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const maxClients = 500;

const start = () => {
  const store = createMemoryStore({ eventCapacity: 3000, dedupeCapacity: 3000 });
  const changes = vi.spyOn(store, 'changes');
  const bus = createBus();
  const logged = collectLog();
  const live = createLive({ store, bus, log: logged.log, maxClients });
  return {
    live,
    changes,
    logged,
    /** Stores an event with a severity that makes it news. */
    keep: (id: string, event: Parameters<typeof aRecord>[0] = {}) =>
      store.transact({ eventId: id, scopes: [], endedSince: '' }, () => ({
        result: undefined,
        event: aRecord({ event_id: id, ...event }),
        rawJson: '{"card":"4242"}',
        eventHistory: [],
      })),
    keepAlert: (id: string, more: Parameters<typeof anAlert>[0] = {}) =>
      store.transact({ scopes: [], endedSince: '', alertId: id }, () => ({
        result: undefined,
        alerts: [{ alert: anAlert({ alert_id: id, ...more }), history: [] }],
      })),
    say: (eventId: string) =>
      bus.publish('event.stored', {
        signalId: 's',
        requestId: 'r',
        eventId,
        change: 'stored',
        source: 'acme_status',
        severity: 'info',
        alertId: null,
      }),
    async open(filters: EventFilters = {}, after: string | null = null, events: 'whole' | 'ids' = 'whole') {
      const stream = await live.open({ filters, events }, after);
      if (stream === 'full') throw new Error('it is full');
      return readLive(stream);
    },
  };
};

it('tells a client from when on it misses nothing, and then what changes', async () => {
  const { open, keep } = start();
  await keep('before');
  const client = await open();
  expect(await client.take(1)).toEqual(['ready']);
  await keep('a');
  await keep('b');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await client.take(2)).toEqual(['changed a', 'changed b']);
});

it('tells each event in the shape of the listing, without what the vendor sent', async () => {
  const { open, keep } = start();
  const client = await open();
  await keep('a');
  await vi.advanceTimersByTimeAsync(1000);
  await client.next();
  const { data } = (await client.next()) ?? {};
  expect(data).toMatchObject({ event_id: 'a', severity: 'critical', deliveries: [], seen_count: 1 });
  expect(data).not.toHaveProperty('raw');
});

it('asks at once when this process stores something, and not for each event', async () => {
  const { open, keep, say, changes } = start();
  const client = await open();
  await vi.advanceTimersByTimeAsync(1000);
  changes.mockClear();
  for (const id of ['a', 'b', 'c']) {
    await keep(id);
    say(id);
  }
  await vi.advanceTimersByTimeAsync(200);
  expect(await client.take(4)).toEqual(['ready', 'changed a', 'changed b', 'changed c']);
  expect(changes).toHaveBeenCalledOnce();
});

it('many clients are told less often', async () => {
  const { open, keep, say, changes } = start();
  const [client] = await Promise.all(Array.from({ length: 400 }, () => open()));
  await vi.advanceTimersByTimeAsync(1000);
  changes.mockClear();
  await keep('a');
  say('a');
  await vi.advanceTimersByTimeAsync(799);
  expect(changes).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await client?.take(2)).toEqual(['ready', 'changed a']);
});

it('goes on from a cursor, and tells once what was missed meanwhile as it is now', async () => {
  const { open, keep } = start();
  const first = await open();
  await first.take(1);
  await first.close();
  await keep('a');
  await keep('b');
  await keep('a', { summary: 'Another' });
  const second = await open({}, first.cursor());
  expect(await second.take(3)).toEqual(['changed b', 'changed a', 'ready']);
});

it('a client that was cut off within a batch hears all of it again', async () => {
  const { open, keep } = start();
  const first = await open();
  await keep('a');
  await keep('b');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await first.take(2)).toEqual(['ready', 'changed a']);
  const second = await open({}, first.cursor());
  expect(await second.take(2)).toEqual(['changed a', 'changed b']);
});

it('misses nothing between what a client is told when it comes and what all are told', async () => {
  const { open, keep } = start();
  const early = await open();
  const joined = await open({}, (await early.take(1)) && early.cursor());
  await keep('a');
  const late = await open({}, early.cursor());
  await vi.advanceTimersByTimeAsync(1000);
  await keep('b');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await early.take(2)).toEqual(['changed a', 'changed b']);
  expect(await joined.take(3)).toEqual(['ready', 'changed a', 'changed b']);
  // Twice does no harm; not at all would.
  expect(await late.take(4)).toEqual(['changed a', 'ready', 'changed a', 'changed b']);
});

it('a client with filters hears what they let through, and the id of what they do not', async () => {
  const { open, keep } = start();
  const client = await open({ severity: 'critical', state: 'open' });
  await keep('a');
  await keep('b', { severity: 'info' });
  await vi.advanceTimersByTimeAsync(1000);
  await keep('a', { resolved_at: '2026-03-01T12:00:00.000Z' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(await client.take(4)).toEqual(['ready', 'changed a', 'gone b', 'gone a']);
});

it('tells each alert in the shape of the listing, beside the events', async () => {
  const { open, keep, keepAlert } = start();
  const client = await open();
  await keep('a');
  await keepAlert('a', { title: 'Payments are down' });
  await vi.advanceTimersByTimeAsync(1000);
  await client.next();
  const messages = [await client.next(), await client.next()];
  expect(messages.map((message) => message?.event).toSorted()).toEqual(['alert', 'changed']);
  expect(messages.find((message) => message?.event === 'alert')?.data).toMatchObject({
    alert_id: 'a',
    title: 'Payments are down',
    event_ids: ['a'],
    deliveries: [],
  });
  expect(messages.map((message) => message?.id === undefined)).toEqual([true, false]);
});

it('a client to which ids are enough hears those of the events, and the alerts whole', async () => {
  const { open, keep, keepAlert } = start();
  const client = await open({ severity: 'critical' }, null, 'ids');
  await client.take(1);
  await keep('a');
  await keep('b', { severity: 'info' });
  await keepAlert('a', { title: 'Payments are down' });
  await vi.advanceTimersByTimeAsync(1000);
  const messages = [await client.next(), await client.next(), await client.next()];
  expect(messages.map((message) => [message?.event, message?.data])).toEqual([
    ['alert', expect.objectContaining({ title: 'Payments are down' })],
    ['changed', { event_id: 'a' }],
    ['gone', { event_id: 'b' }],
  ]);
  expect(messages.at(-1)?.id).toBe(client.cursor());
});

it('a client with filters hears of the alerts of its source, or of its alert, and of no others', async () => {
  const { open, keep, keepAlert } = start();
  const ofStripe = await open({ source: 'stripe' });
  const ofAlert = await open({ alert_id: 'a' });
  const ofCritical = await open({ severity: 'critical' });
  await keepAlert('a');
  await keepAlert('b', { source: 'stripe' });
  await vi.advanceTimersByTimeAsync(1000);
  await keep('last', { source: 'stripe', kind: 'payment' });
  await vi.advanceTimersByTimeAsync(1000);
  const eventsOf = async (client: typeof ofStripe, count: number) => {
    const names: unknown[] = [];
    for (let at = 0; at < count; at++) names.push((await client.next())?.data);
    return names;
  };
  expect(await eventsOf(ofStripe, 3)).toMatchObject([{}, { alert_id: 'b' }, { event_id: 'last' }]);
  expect(await eventsOf(ofAlert, 3)).toMatchObject([{}, { alert_id: 'a' }, { event_id: 'last' }]);
  expect(await eventsOf(ofCritical, 4)).toMatchObject([{}, { alert_id: 'a' }, { alert_id: 'b' }, { event_id: 'last' }]);
});

it('of too many alerts at once nobody is told each', async () => {
  const { open, keepAlert } = start();
  const client = await open();
  for (let count = 0; count < 600; count++) await keepAlert(`alert_${count}`);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await client.take(2)).toEqual(['ready', 'reset']);
});

it.each(['another-store.7', 'nonsense'])(
  'a cursor that means nothing here (%s) is answered with a reset',
  async (cursor) => {
    const { open, keep } = start();
    const client = await open({}, cursor);
    expect(await client.take(1)).toEqual(['reset']);
    await keep('a');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await client.take(1)).toEqual(['changed a']);
  },
);

it('of too many changes at once nobody is told each', async () => {
  const { open, keep } = start();
  const client = await open();
  await client.take(1);
  const cursor = client.cursor();
  for (let count = 0; count < 600; count++) await keep(`evt_${count}`);
  await vi.advanceTimersByTimeAsync(1000);
  expect(await client.take(1)).toEqual(['reset']);
  expect(await (await open({}, cursor)).take(1)).toEqual(['reset']);
});

it('what was missed and is too long to be told at once is answered with a reset', async () => {
  const { open, keep } = start();
  const first = await open();
  await first.take(1);
  for (let count = 0; count < 20; count++) await keep(`evt_${count}`, { description: 'x'.repeat(100_000) });
  expect(await (await open({}, first.cursor())).take(1)).toEqual(['reset']);
});

it('says every 15 seconds that it is alive, and where it is', async () => {
  const { open, keep } = start();
  const client = await open();
  await client.take(1);
  const before = client.cursor();
  await keep('a');
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await client.take(2)).toEqual(['changed a', 'alive']);
  expect(client.cursor()).not.toBe(before);
});

it('asks the store for nothing while nobody is connected', async () => {
  const { open, changes, say } = start();
  const client = await open();
  await client.close();
  changes.mockClear();
  say('a');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(changes).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  await open();
  expect(changes).toHaveBeenCalled();
});

it('a store that is away is said once, asked again, and nothing is missed', async () => {
  const { open, keep, changes, logged } = start();
  const client = await open();
  await client.take(1);
  changes.mockRejectedValue(new StoreUnavailable('store_unavailable', 'away'));
  await keep('a');
  await vi.advanceTimersByTimeAsync(5000);
  expect(logged.of('live.cannot_read').filter(({ level }) => level !== 'debug')).toHaveLength(1);
  await expect(open()).rejects.toBeInstanceOf(StoreUnavailable);
  changes.mockRestore();
  await vi.advanceTimersByTimeAsync(1000);
  expect(await client.take(1)).toEqual(['changed a']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(logged.of('live.reads_again')).toHaveLength(1);
});

it('a client that does not read is cut off, and the others are not', async () => {
  const { open, keep } = start();
  const slow = await open();
  const other = await open();
  await other.take(1);
  for (let round = 0; round < 3; round++) {
    for (let count = 0; count < 5; count++) await keep(`${round}-${count}`, { description: 'x'.repeat(100_000) });
    await vi.advanceTimersByTimeAsync(1000);
    expect(await other.take(5)).toHaveLength(5);
  }
  expect(await slow.next()).toBe(undefined);
});

it('takes so many clients, and another when one has gone', async () => {
  const { live, open } = start();
  const clients = await Promise.all(Array.from({ length: maxClients }, () => open()));
  expect(await live.open({ filters: {}, events: 'whole' }, null)).toBe('full');
  await clients[0]?.close();
  expect(await live.open({ filters: {}, events: 'whole' }, null)).not.toBe('full');
});

it('ends every stream when it is closed, and takes no more', async () => {
  const { live, open } = start();
  const client = await open();
  await live.close();
  expect(await client.take(2)).toEqual(['ready', 'the end']);
  expect(await live.open({ filters: {}, events: 'whole' }, null)).toBe('full');
  expect(vi.getTimerCount()).toBe(0);
});

it('a client that comes while it is being closed hears the end', async () => {
  const { live, open } = start();
  const [client] = await Promise.all([open(), live.close()]);
  expect(await client.take(2)).toEqual(['ready', 'the end']);
});

it('of the alerts that were missed, only those that the filters ask for are told', async () => {
  const { open, keepAlert } = start();
  const first = await open();
  await first.take(1);
  await first.close();
  await keepAlert('a');
  const filters = { source: 'other_status' };
  expect(await (await open(filters, first.cursor())).take(1)).toEqual(['ready']);
  expect(await (await open({}, first.cursor())).take(2)).toEqual(['alert', 'ready']);
});

it('a store that cannot say where its feed stands makes clients read everything again', async () => {
  const { open, changes } = start();
  changes.mockResolvedValue('lost');
  expect(await (await open()).take(1)).toEqual(['reset']);
});

it('what is stored during a reading that fails is told right after it, and not a second later', async () => {
  const { open, keep, say, changes } = start();
  const client = await open();
  await client.take(1);
  const failing = Promise.withResolvers<never>();
  changes.mockReturnValueOnce(failing.promise);
  await vi.advanceTimersByTimeAsync(1000);
  await keep('a');
  say('a');
  failing.reject(new StoreUnavailable('store_unavailable', 'away'));
  await vi.advanceTimersByTimeAsync(200);
  changes.mockClear();
  await vi.advanceTimersByTimeAsync(500);
  expect(await client.take(1)).toEqual(['changed a']);
  expect(changes).not.toHaveBeenCalled();
});
