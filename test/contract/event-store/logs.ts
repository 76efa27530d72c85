// History, attempts, and the vendor's object: what is written once or added to.
import { expect, it } from 'vitest';
import type { HistoryEntry } from '../../../src/domain/history.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import {
  alert,
  at,
  attempt,
  type CreateStore,
  deliveriesOf,
  entry,
  keep,
  keepAlert,
  keepTold,
  noScopes,
  record,
  reviseEvent,
  stored,
  useStore,
} from './setup.ts';

/** Raw JSON as vendors send it: nested, null, and with keys that objects have a meaning of their own for. */
const hardRaw =
  '{"z":null,"a":[[],{},[null,{"deep":[1.50,-0.25,1e21,true]}]],"":"","__proto__":{"x":1},"n":"\\u0000\\ud800","10":1}';

const tryOnce = (store: EventStore, alertId: string, deliveryId: string, number: number) =>
  store.transact({ ...noScopes, alertId }, ({ alerts }) => ({
    result: undefined,
    alerts: alerts.map((found) => ({ alert: found, history: [] })),
    attempt: { deliveryId, attempt: attempt(number) },
  }));

export const logsContract = (createStore: CreateStore): void => {
  const { current } = useStore(createStore);

  it('keeps the history of an event in the order in which it was made', async () => {
    const store = current();
    await keep(store, record('evt_1'), { eventHistory: [entry('stored', 5)] });
    const decided: HistoryEntry = {
      ...entry('routing_decided', 3),
      reason: 'because',
      fields: { routed: { old: false, new: true }, resolved_at: { old: null, new: at(1) } },
    };
    await keep(store, record('evt_1'), { eventHistory: [decided, entry('updated', 4)] });
    // The event itself need not change.
    await store.transact({ ...noScopes, eventId: 'evt_1' }, () => ({
      result: undefined,
      eventHistory: [entry('updated', 1)],
    }));
    await store.transact({ ...noScopes, eventId: 'unknown' }, () => ({
      result: undefined,
      eventHistory: [entry('updated', 1)],
    }));
    expect((await store.readEvent('evt_1'))?.history).toEqual([
      entry('stored', 5),
      decided,
      entry('updated', 4),
      entry('updated', 1),
    ]);
    expect(await store.find('unknown')).toBe(undefined);
  });

  it('keeps how a very long history began, and the newest of it', async () => {
    const store = current();
    const count = 4000;
    const entryOf = (n: number): HistoryEntry => ({
      ...entry('joined', Math.floor(n / 3)),
      event_id: `b${n}`,
      reason: `number ${n} ${'x'.repeat(100)}`,
    });
    const all = Array.from({ length: count }, (_, n) => entryOf(n));
    await keep(store, record('a'), { eventHistory: [entry('stored')] });
    for (let from = 0; from < count; from += 200) {
      const some = all.slice(from, from + 200);
      await keepAlert(store, alert('a'), some);
      await keep(store, record('a'), { eventHistory: some });
    }
    for (const history of [(await store.readAlert('a'))?.history, (await store.readEvent('a'))?.history]) {
      const kept = (history ?? []).filter(({ change }) => change !== 'stored');
      const place = kept.findIndex(({ change }) => change === 'updated');
      expect(kept[place]?.reason).toContain('is not kept');
      const [before, after] = [kept.slice(0, place), kept.slice(place + 1)];
      expect(before).toEqual(all.slice(0, before.length));
      expect(after).toEqual(all.slice(-after.length));
      expect(before.length).toBeGreaterThan(100);
      expect(after.length).toBeGreaterThan(500);
      expect(kept.length).toBeLessThan(2000);
    }
  });

  it('keeps the history of an alert, and shows an event what of it names the event, by time', async () => {
    const store = current();
    await keepTold(store, record('a', 1), []);
    const opened = { ...entry('opened', 2), event_id: 'a' };
    const joined = { ...entry('joined', 3), event_id: 'b' };
    const delivered: HistoryEntry = { ...entry('delivered', 4), event_id: 'a', destination: 'x', action: 'trigger' };
    await keepAlert(store, alert('a'), [opened, joined]);
    await keepAlert(store, alert('a'), [delivered, entry('eased', 6)]);
    await keep(store, record('a', 1, {}, { alert_id: 'a' }), {
      eventHistory: [entry('stored', 1), entry('updated', 4), entry('resolved', 5)],
    });
    expect((await store.readAlert('a'))?.history).toEqual([opened, joined, delivered, entry('eased', 6)]);
    expect((await store.readEvent('a'))?.history).toEqual([
      entry('stored', 1),
      opened,
      entry('updated', 4),
      delivered,
      entry('resolved', 5),
    ]);
  });

  it('adds to the history of an alert that does not change, and nothing where nothing is to be added', async () => {
    const store = current();
    await keepTold(store, record('a', 1), []);
    const add = (history: readonly HistoryEntry[]) =>
      store.transact({ ...noScopes, eventId: 'a', alertId: 'a' }, ({ alerts }) => ({
        result: undefined,
        alerts: alerts.map((found) => ({ alert: found, history })),
        eventHistory: history.slice(1),
      }));
    await add([]);
    expect((await store.readEvent('a'))?.history).toEqual([]);
    await add([entry('updated', 2)]);
    expect((await store.readAlert('a'))?.history).toEqual([entry('updated', 2)]);
  });

  it('an attempt of a delivery that nobody has is no attempt of another', async () => {
    const store = current();
    const [delivery] = deliveriesOf('a', {});
    await keepTold(store, record('a'), delivery ? [delivery] : []);
    await store.transact(noScopes, () => ({
      result: undefined,
      attempt: { deliveryId: `${delivery?.id} no more`, attempt: attempt(1) },
    }));
    expect((await store.readAlert('a'))?.attempts.get(delivery?.id ?? '') ?? []).toEqual([]);
  });

  it('keeps the attempt of a delivery whose alert the transaction did not read', async () => {
    const store = current();
    const [one, two] = deliveriesOf('a', {}, { destination: 'other' });
    if (!one || !two) throw new Error('two were made');
    await keepTold(store, record('a'), [one, two]);
    await tryOnce(store, 'a', two.id, 1);
    await store.transact(noScopes, () => ({ result: undefined, attempt: { deliveryId: two.id, attempt: attempt(2) } }));
    expect((await store.readAlert('a'))?.attempts).toEqual(new Map([[two.id, [attempt(1), attempt(2)]]]));
  });

  it('keeps the attempts of each delivery in the order in which they were made', async () => {
    const store = current();
    const [one, two] = deliveriesOf('a', {}, { destination: 'other', event_ids: ['b'] });
    if (!one || !two) throw new Error('two were made');
    await keepTold(store, record('a'), [one, two]);
    for (const [{ id }, number] of [[one, 1] as const, [two, 1] as const, [one, 2] as const, [one, 3] as const]) {
      await tryOnce(store, 'a', id, number);
    }
    expect([...((await store.readAlert('a'))?.attempts ?? [])].toSorted()).toEqual(
      [
        [one.id, [attempt(1), attempt(2), attempt(3)]],
        [two.id, [attempt(1)]],
      ].toSorted(),
    );
    // Of its event only those that are shown with it.
    expect((await store.readEvent('a'))?.attempts).toEqual(new Map([[one.id, [attempt(1), attempt(2), attempt(3)]]]));
  });

  it('keeps the attempts of a delivery when the delivery changes', async () => {
    const store = current();
    const [delivery] = deliveriesOf('a', {});
    if (!delivery) throw new Error('one was made');
    await keepTold(store, record('a'), [delivery]);
    await tryOnce(store, 'a', delivery.id, 1);
    await keepAlert(store, alert('a', 0, { deliveries: [{ ...delivery, status: 'delivered', attempts: 1 }] }));
    expect(await store.readAlert('a')).toMatchObject({
      alert: { deliveries: [{ status: 'delivered' }] },
      attempts: new Map([[delivery.id, [attempt(1)]]]),
    });
  });

  it('keeps the attempts of a delivery that moves in the list of its alert, and drops those of one that is gone', async () => {
    const store = current();
    const [one, two, three] = deliveriesOf('a', {}, { destination: 'x' }, { destination: 'y' });
    if (!one || !two || !three) throw new Error('three were made');
    await keepTold(store, record('a'), [one, two, three]);
    for (const [number, { id }] of [one, two, three].entries()) await tryOnce(store, 'a', id, number);
    await store.transact({ ...noScopes, alertId: 'a' }, ({ alerts }) => ({
      result: undefined,
      alerts: alerts.map((found) => ({ alert: { ...found, deliveries: [three, one] }, history: [] })),
      attempt: { deliveryId: three.id, attempt: attempt(7) },
    }));
    expect((await store.readAlert('a'))?.attempts).toEqual(
      new Map([
        [one.id, [attempt(0)]],
        [three.id, [attempt(2), attempt(7)]],
      ]),
    );
  });

  it('shows an event the deliveries that carried it, and the resolves of its alert', async () => {
    const store = current();
    const [first, second, resolve] = deliveriesOf(
      'a',
      {},
      { action: 'update', event_id: 'b', event_ids: ['b', 'c'] },
      { action: 'resolve' },
    );
    await keepTold(
      store,
      record('a'),
      [first, second, resolve].flatMap((each) => each ?? []),
    );
    await keep(store, record('b', 0, {}, { alert_id: 'a' }));
    expect((await store.readEvent('a'))?.deliveries).toEqual([first, resolve]);
    expect((await store.readEvent('b'))?.deliveries).toEqual([second, resolve]);
    const { events } = await store.listEvents({ limit: 5 });
    expect(events.map(({ deliveries }) => deliveries)).toEqual([
      [second, resolve],
      [first, resolve],
    ]);
  });

  it('what was read stays as it was read', async () => {
    const store = current();
    await keepTold(store, record('a'), deliveriesOf('a', {}));
    const change = () =>
      store.transact({ ...noScopes, eventId: 'a', alertId: 'a' }, ({ event, alerts }) => ({
        result: undefined,
        event: { ...stored(event), seen_count: stored(event).seen_count + 1 },
        eventHistory: [entry('updated')],
        alerts: alerts.map((found) => ({ alert: { ...found, cycle: found.cycle + 1 }, history: [entry('eased')] })),
        attempt: { deliveryId: alerts[0]?.deliveries[0]?.id ?? '', attempt: attempt(1) },
      }));
    await change();
    const [event, told] = [await store.readEvent('a'), await store.readAlert('a')];
    await change();
    expect([event?.record.seen_count, event?.history.length]).toEqual([2, 1]);
    expect([told?.alert.cycle, told?.history.length, [...(told?.attempts.values() ?? [])]]).toEqual([
      2,
      1,
      [[attempt(1)]],
    ]);
  });

  it.each([
    ['null'],
    ['"a text \\u0000 \\ud800"'],
    ['[]'],
    [hardRaw],
    [JSON.stringify({ text: 'x'.repeat(2_000_000) })],
  ])('gives the vendor’s object back as it was written, and where it is asked for only', async (rawJson) => {
    const store = current();
    await keep(store, record('evt_1'), { rawJson });
    expect(await store.readRaw('evt_1')).toBe(rawJson);
    expect((await store.readEvent('evt_1'))?.rawJson).toBe(rawJson);
    expect((await store.listEvents({ limit: 1, withRaw: true })).events).toMatchObject([{ rawJson }]);
    expect((await store.listEvents({ limit: 1 })).events).toMatchObject([{ rawJson: null }]);
  });

  it('keeps the vendor’s object until another one is written', async () => {
    const store = current();
    await keep(store, record('a'), { rawJson: '1' });
    await keep(store, record('none'));
    await reviseEvent(store, 'a', (found) => ({ ...found, routed: true }));
    expect(await store.readRaw('a')).toBe('1');
    await keep(store, record('a'), { rawJson: '2' });
    expect(await store.readRaw('a')).toBe('2');
    expect(await store.readRaw('none')).toBe(undefined);
    expect((await store.readEvent('none'))?.rawJson).toBe(null);
  });
};
