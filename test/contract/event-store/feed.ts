// What is told of changes, to the live stream and to all others that follow.
import { expect, it } from 'vitest';
import type { Delivery } from '../../../src/domain/delivery.ts';
import type { EventRecord } from '../../../src/domain/event-record.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import { aMember } from '../../support/builders.ts';
import {
  alert,
  at,
  type CreateStore,
  deliveriesOf,
  hardText,
  idsOf,
  keep,
  keepAlert,
  keepAll,
  keepTold,
  noScopes,
  numbered,
  payment,
  record,
  reviseAlert,
  reviseDelivery,
  reviseEvent,
  useStore,
} from './setup.ts';

/** The ids of what changed after the cursor, and the cursor to go on from. */
const changesAfter = async (store: EventStore, cursor: string | null, limit = 100) => {
  const changes = await store.changes(cursor, limit);
  if (changes === 'lost') throw new Error('the cursor is lost');
  return { ...changes, ids: idsOf(changes.events), alertIds: changes.alerts.map(({ alert_id: id }) => id) };
};
const cursorOfNow = async (store: EventStore) => (await changesAfter(store, null)).cursor;

export const feedContract = (createStore: CreateStore): void => {
  const { current } = useStore(createStore);

  it('tells nothing of what was stored before somebody asked', async () => {
    await keepTold(current(), record('a'), deliveriesOf('a', {}));
    const start = await changesAfter(current(), null);
    expect([start.ids, start.alertIds]).toEqual([[], []]);
    expect(await changesAfter(current(), start.cursor)).toMatchObject({ ids: [], alertIds: [] });
    expect(start.cursor).toMatch(/^[\x21-\x7e]+$/);
  });

  it('tells what was stored and what changed since, as it is now, and then nothing more', async () => {
    const store = current();
    const start = await cursorOfNow(store);
    await keepAll(store, [record('a', 1), record('b', 2)]);
    const first = await changesAfter(store, start);
    expect(first.events.map((shown) => shown.record)).toEqual([record('a', 1), record('b', 2)]);
    expect((await changesAfter(store, first.cursor)).ids).toEqual([]);

    await reviseEvent(store, 'a', (found) => ({ ...found, routed: true }));
    await keep(store, record('c', 3));
    await reviseEvent(store, 'a', (found) => ({ ...found, event: { ...found.event, severity: 'info' } }));
    const second = await changesAfter(store, first.cursor);
    expect(second.ids).toEqual(['c', 'a']);
    expect(second.events[1]?.record).toMatchObject({ routed: true, event: { severity: 'info' } });
    expect((await changesAfter(store, second.cursor)).ids).toEqual([]);
    expect((await changesAfter(store, start)).ids).toEqual(['b', 'c', 'a']);
  });

  it('tells of alerts alone where only they are asked for, past as many events as there are between', async () => {
    const store = current();
    const start = await cursorOfNow(store);
    await keepTold(store, record('a', 1), deliveriesOf('a', {}));
    await keepAll(store, [record('b', 2), record('c', 3)]);
    await keepTold(store, record('d', 4), deliveriesOf('d', {}));

    const first = await store.changes(start, 1, 'alerts');
    if (first === 'lost') throw new Error('the cursor is lost');
    const second = await store.changes(first.cursor, 1, 'alerts');
    if (second === 'lost') throw new Error('the cursor is lost');
    expect([first.events, second.events]).toEqual([[], []]);
    expect([first, second].map(({ alerts }) => alerts.map(({ alert_id: id }) => id))).toEqual([['a'], ['d']]);
    const third = await store.changes(second.cursor, 10, 'alerts');
    expect(third).toMatchObject({ events: [], alerts: [] });
    if (third !== 'lost') expect((await changesAfter(store, third.cursor)).ids).toEqual([]);
  });

  it.each<[string, boolean, Partial<EventRecord>]>([
    ['a mere sighting', false, { seen_count: 2, last_seen_at: at(9) }],
    ['a routing decision', true, { routed: true, routing_reason: 'because' }],
    ['an alert that takes it in', true, { alert_id: 'b' }],
    ['nothing at all', false, {}],
  ])('whether %s is told of an event', async (_what, isTold, change) => {
    await keep(current(), record('a'));
    const start = await cursorOfNow(current());
    await reviseEvent(current(), 'a', (found) => ({ ...found, ...change }));
    expect((await changesAfter(current(), start)).ids).toEqual(isTold ? ['a'] : []);
  });

  it.each<[string, boolean, Partial<Delivery>]>([
    ['the beginning of an attempt', false, { attempt_started_at: at(1), leased_until: at(2) }],
    ['a failed attempt', true, { attempts: 1, last_error: 'answered 503', next_attempt_at: at(3) }],
    ['an accepted delivery', true, { status: 'delivered', attempts: 1, delivered_at: at(1), next_attempt_at: null }],
  ])('whether %s is told of the alert, and of the events that it carries', async (_what, isTold, step) => {
    const store = current();
    const deliveries = deliveriesOf('a', { destination: 'other' }, { event_ids: ['a', 'b', 'not stored'] });
    await keepTold(store, record('a'), deliveries);
    await keepAll(store, [record('b', 1, {}, { alert_id: 'a' }), record('c', 2, {}, { alert_id: 'a' })]);
    const start = await cursorOfNow(store);
    await reviseDelivery(store, 'a', 1, step);
    const { ids, alertIds, events } = await changesAfter(store, start);
    expect([ids, alertIds]).toEqual(isTold ? [['a', 'b'], ['a']] : [[], []]);
    if (isTold) expect(events[1]?.deliveries).toMatchObject([step]);
  });

  it('tells every event of an alert what became of its resolve', async () => {
    const store = current();
    await keepTold(store, record('a'), deliveriesOf('a', { status: 'delivered' }, { action: 'resolve' }), {
      members: ['a', 'b'].map((id) => aMember({ event_id: id })),
    });
    await keep(store, record('b', 1, {}, { alert_id: 'a' }));
    const start = await cursorOfNow(store);
    await reviseDelivery(store, 'a', 1, { status: 'delivered', attempts: 1, delivered_at: at(1) });
    expect([...(await changesAfter(store, start)).ids].toSorted()).toEqual(['a', 'b']);
  });

  it('tells an alert that was opened or changed, and the events that a new delivery carries', async () => {
    const store = current();
    await keep(store, record('a', 1, {}, { alert_id: 'a' }));
    const start = await cursorOfNow(store);
    await keepAlert(store, alert('a'));
    const opened = await changesAfter(store, start);
    expect([opened.ids, opened.alerts]).toEqual([[], [alert('a')]]);
    await reviseAlert(store, 'a', (found) => ({ ...found, title: 'Worse than it was' }));
    const changed = await changesAfter(store, opened.cursor);
    expect(changed).toMatchObject({ ids: [], alerts: [{ title: 'Worse than it was' }] });
    await reviseAlert(store, 'a', (found) => ({ ...found, deliveries: deliveriesOf('a', {}) }));
    expect(await changesAfter(store, changed.cursor)).toMatchObject({ ids: ['a'], alertIds: ['a'] });
    const last = await cursorOfNow(store);
    await reviseAlert(store, 'a', (found) => found);
    expect(await changesAfter(store, last)).toMatchObject({ ids: [], alertIds: [] });
  });

  it('tells the payments that are open, or not any more, because their alert is', async () => {
    const store = current();
    await keepAll(store, [payment('a', 1, { alert_id: 'a' }), payment('b', 2, { alert_id: 'a', alert_is_open: true })]);
    const start = await cursorOfNow(store);
    await store.transact(noScopes, () => ({ result: undefined, paymentsOf: [{ alertId: 'a', isOpen: true }] }));
    expect((await changesAfter(store, start)).ids).toEqual(['a']);
  });

  it.each([1, 2, 7, 8])('tells what changed in portions of %i without a gap or a repeat', async (limit) => {
    const store = current();
    const start = await cursorOfNow(store);
    const ids = numbered(7);
    await Promise.all(ids.map((id) => keep(store, record(id))));
    for (const id of ids.slice(0, 3)) await keepAlert(store, alert(id));
    const told: string[] = [];
    const toldAlerts: string[] = [];
    let cursor = start;
    for (let portions = 0; portions < 12; portions++) {
      const portion = await changesAfter(store, cursor, limit);
      expect(Math.max(portion.ids.length, portion.alertIds.length)).toBeLessThanOrEqual(limit);
      told.push(...portion.ids);
      toldAlerts.push(...portion.alertIds);
      cursor = portion.cursor;
    }
    expect(told.toSorted()).toEqual(ids);
    expect(toldAlerts.toSorted()).toEqual(ids.slice(0, 3));
  });

  it('misses nothing that is stored while a reader follows', async () => {
    const store = current();
    const ids = numbered(200);
    let cursor = await cursorOfNow(store);
    const told = new Set<string>();
    const readOn = async () => {
      const portion = await changesAfter(store, cursor, 7);
      for (const id of portion.ids) told.add(id);
      cursor = portion.cursor;
      return portion.ids.length;
    };
    let isDone = false;
    const reading = (async () => {
      while (!isDone) {
        await readOn();
        await new Promise(setImmediate);
      }
    })();
    await Promise.all(
      ids.map(async (id, index) => {
        for (let turns = 0; turns < index % 5; turns++) await new Promise(setImmediate);
        await keep(store, record(id));
      }),
    );
    isDone = true;
    await reading;
    while ((await readOn()) > 0);
    expect([...told].toSorted()).toEqual(ids.toSorted());
  });

  it.each(['', 'nonsense', '999999999', '999999999.0', '999999999999999999.1', 'abcdef.1', '-1', '1.1.1', hardText])(
    'a cursor that is not its own (%j) is lost',
    async (cursor) => {
      await keep(current(), record('a'));
      expect(await current().changes(cursor, 10)).toBe('lost');
    },
  );
};
