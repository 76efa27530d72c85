// What waits to be done: deliveries to be attempted, alerts to be looked at, storms that are counted.
import { expect, it } from 'vitest';
import { type Delivery, longestWaitMs } from '../../../src/domain/delivery.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import {
  alert,
  at,
  type CreateStore,
  deliveriesOf,
  hardText,
  keepAlert,
  longAgo,
  ms,
  now,
  numbered,
  reviseAlert,
  reviseDelivery,
  useStore,
} from './setup.ts';

const dueIds = async (store: EventStore, limit = 10, withoutTargets?: readonly string[]) =>
  (await store.dueDeliveries(now, limit, withoutTargets)).map(({ id }) => id);

export const workContract = (createStore: CreateStore): void => {
  const { current } = useStore(createStore);

  it.each<[string, Partial<Delivery>, boolean]>([
    ['that waits for nothing', {}, true],
    ['whose time is just come', { next_attempt_at: at(0) }, true],
    ['whose time is not come', { next_attempt_at: at(1) }, false],
    ['with no time to wait for', { next_attempt_at: null }, true],
    ['that is in flight', { attempt_started_at: at(-1), leased_until: at(1) }, false],
    ['whose lease ran out', { attempt_started_at: at(-2), leased_until: at(-1) }, true],
    ['that waits for as long as any may', { next_attempt_at: at(longestWaitMs / 60_000) }, false],
    ['that waits for longer than any may', { next_attempt_at: at(longestWaitMs / 60_000 + 1) }, true],
    ['that is leased for longer than any may', { leased_until: at(longestWaitMs / 60_000 + 1) }, true],
    ['that is delivered', { status: 'delivered' }, false],
    ['that failed', { status: 'failed' }, false],
    ['that is superseded', { status: 'superseded' }, false],
  ])('whether a delivery %s is due', async (_which, overrides, isDue) => {
    const [delivery] = deliveriesOf('a', { request_id: 'req-9', severity: 'warning', ...overrides });
    if (!delivery) throw new Error('one was made');
    await keepAlert(current(), alert('a', 0, { scope: 'the scope', deliveries: [delivery] }));
    const { id, alert_id, target, destination, reaches_people, action, severity, created_at, request_id } = delivery;
    const due = { id, alert_id, target, destination, reaches_people, action, severity, created_at, request_id };
    expect(await current().dueDeliveries(now, 10)).toEqual(isDue ? [{ ...due, scope: 'the scope' }] : []);
  });

  it('a delivery is not due while one of its two times is still to come, however unbelievable the other is', async () => {
    const store = current();
    const never = at(longestWaitMs / 60_000 + 9);
    await keepAlert(
      store,
      alert('a', 0, { deliveries: deliveriesOf('a', { next_attempt_at: never, leased_until: at(1) }) }),
    );
    await keepAlert(
      store,
      alert('b', 0, { deliveries: deliveriesOf('b', { next_attempt_at: at(1), leased_until: never }) }),
    );
    expect(await store.dueDeliveries(ms(0), 10)).toEqual([]);
    expect(await store.dueDeliveries(ms(1), 10)).toHaveLength(2);
  });

  it('deliveries that are not due take no room from those that are', async () => {
    const store = current();
    const never = at(longestWaitMs / 60_000 + 9);
    const inFlight = { next_attempt_at: never, leased_until: at(1) };
    for (const id of numbered(5)) await keepAlert(store, alert(id, 0, { deliveries: deliveriesOf(id, inFlight) }));
    const due = deliveriesOf('due', { created_at: at(9) });
    await keepAlert(store, alert('due', 0, { deliveries: due }));
    expect(await dueIds(store, 1)).toEqual(due.map(({ id }) => id));
  });

  it.each([
    ['pending', 0],
    ['delivered', 1],
    ['failed', 1],
  ] as const)('while a trigger is %s, number %i is due', async (status, due) => {
    const deliveries = deliveriesOf('a', { status }, { action: 'update' }, { action: 'resolve' });
    await keepAlert(current(), alert('a', 0, { deliveries }));
    expect(await dueIds(current())).toEqual([deliveries[due]?.id]);
  });

  it('nothing is due while the attempt that a resolve waits for is in flight', async () => {
    const flying = { attempt_started_at: at(-1), leased_until: at(1) };
    await keepAlert(current(), alert('a', 0, { deliveries: deliveriesOf('a', flying, { action: 'resolve' }) }));
    expect(await dueIds(current())).toEqual([]);
  });

  it('the deliveries of one alert to two targets are due side by side, unless a target is left out', async () => {
    const deliveries = deliveriesOf('a', { target: 'one' }, { target: hardText, action: 'update' });
    await keepAlert(current(), alert('a', 0, { deliveries }));
    expect(await dueIds(current())).toEqual(deliveries.map(({ id }) => id));
    expect(await dueIds(current(), 10, ['one'])).toEqual([deliveries[1]?.id]);
    expect(await dueIds(current(), 10, [hardText, 'nowhere'])).toEqual([deliveries[0]?.id]);
    expect(await dueIds(current(), 10, ['one', hardText])).toEqual([]);
  });

  it('gives resolves first, then critical triggers, other triggers, updates, of each the oldest first', async () => {
    const store = current();
    const waiting = [
      ['update', 'critical', -9],
      ['trigger', 'warning', -8],
      ['trigger', 'info', -6],
      ['trigger', 'critical', -3],
      ['trigger', 'critical', -4],
      ['resolve', 'info', -1],
      ['resolve', 'critical', -2],
      ['trigger', 'warning', -7],
    ] as const;
    const names = new Map<string, string>();
    for (const [index, [action, severity, minute]] of waiting.entries()) {
      const created = { created_at: at(minute), next_attempt_at: at(minute) };
      const deliveries = deliveriesOf(`evt_${index}`, { action, severity, ...created });
      for (const { id } of deliveries) names.set(id, `${action} ${severity} ${minute}`);
      await keepAlert(store, alert(`evt_${index}`, 0, { deliveries }));
    }
    const order = [
      'resolve critical -2',
      'resolve info -1',
      'trigger critical -4',
      'trigger critical -3',
      'trigger warning -8',
      'trigger warning -7',
      'trigger info -6',
      'update critical -9',
    ];
    expect((await dueIds(store)).map((id) => names.get(id))).toEqual(order);
    expect((await dueIds(store, 3)).map((id) => names.get(id))).toEqual(order.slice(0, 3));
  });

  it('a delivery that came to its end is not due any more, one that is tried again is', async () => {
    await keepAlert(current(), alert('a', 0, { deliveries: deliveriesOf('a', {}) }));
    await reviseDelivery(current(), 'a', 0, { status: 'failed', next_attempt_at: null });
    expect(await dueIds(current())).toEqual([]);
    await reviseDelivery(current(), 'a', 0, { status: 'pending', next_attempt_at: at(0) });
    expect(await dueIds(current())).toHaveLength(1);
  });

  it('counts what is pending by target, and tells since when the oldest of it waits, due or not', async () => {
    const store = current();
    const tricky = `"created_at":"2000-01-01T00:00:00.000Z" ${hardText}`;
    const since = (minute: number, overrides: Partial<Delivery> = {}) => ({ created_at: at(minute), ...overrides });
    const keepDeliveries = (id: string, ...each: readonly Partial<Delivery>[]) =>
      keepAlert(store, alert(id, 0, { deliveries: deliveriesOf(id, ...each) }));
    await keepDeliveries('a', since(3, { target: 'one' }), since(4, { target: 'one', action: 'resolve' }));
    await keepDeliveries('b', since(-9, { target: 'one', status: 'delivered' }));
    await keepDeliveries(tricky, since(2, { target: tricky, last_error: tricky, next_attempt_at: at(9) }));
    await keepDeliveries('d', since(1, { target: 'one', attempts: 3, leased_until: at(9) }));
    expect(await store.backlog()).toEqual({
      pending: 4,
      oldestCreatedAt: at(1),
      byTarget: new Map([
        ['one', { pending: 3, oldestCreatedAt: at(1) }],
        [tricky, { pending: 1, oldestCreatedAt: at(2) }],
      ]),
    });
    await reviseDelivery(store, 'd', 0, { status: 'failed' });
    expect(await store.backlog()).toMatchObject({ pending: 3, oldestCreatedAt: at(2) });
    expect((await store.backlog()).byTarget.get('one')).toEqual({ pending: 2, oldestCreatedAt: at(3) });
  });

  it('knows the alerts whose time has come, the earliest first', async () => {
    const store = current();
    await keepAlert(store, alert('later', 0, { wake_at: at(5) }));
    await keepAlert(store, alert('second', 0, { wake_at: at(0), scope: 'scope of it', request_id: 'req-2' }));
    await keepAlert(store, alert('first', 0, { wake_at: at(-1) }));
    await keepAlert(store, alert('never', 0));
    const second = { alertId: 'second', scope: 'scope of it', requestId: 'req-2' };
    expect(await store.dueAlerts(now, 10)).toEqual([
      { alertId: 'first', scope: 'acme_status', requestId: 'req-first' },
      second,
    ]);
    expect(await store.dueAlerts(now, 1)).toHaveLength(1);
    expect(await store.dueAlerts(now - 60_001, 10)).toEqual([]);
    await reviseAlert(store, 'first', (found) => ({ ...found, wake_at: null }));
    expect(await store.dueAlerts(now, 10)).toEqual([second]);
    expect((await store.dueAlerts(ms(5), 10)).map(({ alertId }) => alertId)).toEqual(['second', 'later']);
  });

  it('of alerts whose time comes at once, the one that was opened first is looked at first', async () => {
    const store = current();
    for (const [id, minute] of [
      ['b', 0],
      ['c', -1],
      ['a', 0],
      ['d', -2],
    ] as const) {
      await keepAlert(store, alert(id, 0, { wake_at: at(minute) }));
    }
    expect((await store.dueAlerts(now, 10)).map(({ alertId }) => alertId)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('of deliveries that are as urgent and as old, that of the older alert is due first', async () => {
    const store = current();
    const [first, second] = [deliveriesOf('b', {}), deliveriesOf('a', {})];
    await keepAlert(store, alert('b', 0, { deliveries: first }));
    await keepAlert(store, alert('a', 0, { deliveries: second }));
    expect(await dueIds(store)).toEqual([...first, ...second].map(({ id }) => id));
  });

  it('the newest alert of a storm is the one that was opened last, whichever changed last', async () => {
    const store = current();
    for (const [minute, id] of ['a', 'b'].entries()) await keepAlert(store, alert(id, minute, { storm_key: 'storm' }));
    await reviseAlert(store, 'a', (found) => ({ ...found, summary: 'changed' }));
    expect(await store.stormOf('storm', longAgo)).toMatchObject({ opened: 2, newest: { alert_id: 'b' } });
  });

  it('counts the alerts of a storm that were opened since, and knows the newest, however long ago it opened', async () => {
    const store = current();
    const of = (id: string, minute: number, key: string) => alert(id, minute, { storm_key: key });
    await keepAlert(store, of('a', 1, hardText));
    await keepAlert(store, of('b', 2, hardText));
    await keepAlert(store, of('other', 3, 'other'));
    await keepAlert(store, of('c', 3, hardText));
    expect(await store.stormOf(hardText, longAgo)).toMatchObject({ opened: 3, newest: { alert_id: 'c' } });
    expect(await store.stormOf(hardText, at(2))).toMatchObject({ opened: 2, newest: { alert_id: 'c' } });
    expect(await store.stormOf(hardText, at(4))).toMatchObject({ opened: 0, newest: { alert_id: 'c' } });
    expect(await store.stormOf('nothing', longAgo)).toEqual({ opened: 0, newest: undefined });
    await reviseAlert(store, 'c', (found) => ({ ...found, storm_key: null }));
    expect(await store.stormOf(hardText, at(2))).toMatchObject({ opened: 1, newest: { alert_id: 'b' } });
  });
};
