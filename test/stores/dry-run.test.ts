import { expect, it } from 'vitest';
import { createOverlayStore } from '../../src/stores/dry-run.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import {
  alert,
  at,
  deliveriesOf,
  entry,
  keep,
  keepTold,
  longAgo,
  noScopes,
  payment,
  record,
  reviseAlert,
  stored,
} from '../contract/event-store/setup.ts';

const id = 'acme_status:incident:1';
const scope = { scopes: ['acme_status'], endedSince: at(0) };

const setUp = async () => {
  const under = createMemoryStore({ eventCapacity: 99, dedupeCapacity: 99 });
  await keepTold(under, record(id), deliveriesOf(id, {}), { storm_key: 'storm' });
  await under.saveState('page', { condition: 'good' });
  return { under, overlay: createOverlayStore(under) };
};

const count = (store: Pick<EventStore, 'transact'>): Promise<number> =>
  store.transact({ ...noScopes, eventId: id }, ({ event }) => {
    const changed = { ...stored(event), seen_count: stored(event).seen_count + 1 };
    return { result: changed.seen_count, event: changed, eventHistory: [entry('updated')] };
  });

it('reads what the store under it holds', async () => {
  const { under, overlay } = await setUp();
  expect(await overlay.find(id)).toEqual(await under.find(id));
  expect(await overlay.find('other')).toBe(undefined);
  expect(await overlay.ongoingEvents('acme_status')).toEqual(await under.ongoingEvents('acme_status'));
  expect(await overlay.loadState('page')).toEqual({ condition: 'good' });
  expect(await overlay.stormOf('storm', longAgo)).toEqual(await under.stormOf('storm', longAgo));
  const keys = { ...scope, eventId: id, alertId: id, withMembers: true, withEndings: true };
  const seen = await overlay.transact(keys, (snapshot) => ({ result: snapshot }));
  expect(seen).toEqual(await under.transact(keys, (snapshot) => ({ result: snapshot })));
  expect(seen.alerts).toHaveLength(1);
});

it('goes on from its own changes, and leaves the store under it as it was', async () => {
  const { under, overlay } = await setUp();
  const before = [await under.readEvent(id), await under.readAlert(id)];
  expect(await count(overlay)).toBe(2);
  expect(await count(overlay)).toBe(3);
  await overlay.saveState('page', { condition: 'blind' });
  expect(await overlay.changeState('page', (state) => ({ state: [state], result: 'changed' }))).toBe('changed');
  await keep({ ...under, ...overlay }, record('new', 1), {
    alerts: [{ alert: alert('new', 1), history: [entry('opened')] }],
  });

  expect(await overlay.find(id)).toMatchObject({ seen_count: 3 });
  expect(await overlay.loadState('page')).toEqual([{ condition: 'blind' }]);
  expect((await overlay.ongoingEvents('acme_status')).map(({ event_id: each }) => each)).toEqual([id, 'new']);
  expect([await under.readEvent(id), await under.readAlert(id)]).toEqual(before);
  expect(await under.find('new')).toBe(undefined);
  expect(await under.loadState('page')).toEqual({ condition: 'good' });
});

it('finds the alerts of a scope as they were made: opened, ended, ended too long ago', async () => {
  const { under, overlay } = await setUp();
  const both = { ...under, ...overlay };
  const found = () =>
    overlay.transact(scope, ({ alerts }) => ({
      result: alerts.map(({ alert_id: each, state }) => `${each} ${state}`),
    }));
  await keep(both, record('new'), { alerts: [{ alert: alert('new', 1, { storm_key: 'storm' }), history: [] }] });
  expect(await found()).toEqual([`${id} open`, 'new open']);
  expect(await overlay.stormOf('storm', longAgo)).toMatchObject({ opened: 2, newest: { alert_id: 'new' } });
  const end = (minute: number) =>
    reviseAlert(both, id, (was) => ({ ...was, state: 'resolved', resolved_at: at(minute) }));
  await end(2);
  expect(await found()).toEqual([`${id} resolved`, 'new open']);
  await end(-2);
  expect(await found()).toEqual(['new open']);
  // An alert that was changed is not counted as one more.
  expect(await overlay.stormOf('storm', longAgo)).toMatchObject({ opened: 2 });
});

it('finds the alert of a storm that goes on as it was left last', async () => {
  const { under, overlay } = await setUp();
  await reviseAlert({ ...under, ...overlay }, id, (was) => ({ ...was, storm_until: at(20) }));
  expect(await overlay.stormOf('storm', longAgo)).toMatchObject({ opened: 1, newest: { storm_until: at(20) } });
});

it('finds members and endings as they were made', async () => {
  const { under, overlay } = await setUp();
  const both = { ...under, ...overlay };
  await keep(under, payment('paid', 1, { alert_id: id, alert_is_open: true }));
  await keep(under, payment('ending', 1, { scope: 'acme_status', ends_types: ['x'] }));
  const found = () =>
    overlay.transact({ ...scope, alertId: id, withMembers: true, withEndings: true }, ({ members, endings }) => ({
      result: [members, endings].map((records) => records.map(({ event }) => event.event_id)),
    }));
  expect(await found()).toEqual([[id, 'paid'], ['ending']]);
  await keep(both, record(id, 0, { resolved_at: at(1) }, { alert_id: id }));
  await keep(both, payment('newer', 2, { scope: 'acme_status', ends_types: ['x'] }));
  expect(await found()).toEqual([['paid'], ['newer', 'ending']]);
  await overlay.transact(noScopes, () => ({ result: undefined, paymentsOf: [{ alertId: id, isOpen: false }] }));
  expect(await found()).toEqual([[], ['newer', 'ending']]);
});

it('loses no change of its own, however many are made at once', async () => {
  const { overlay } = await setUp();
  expect((await Promise.all(Array.from({ length: 20 }, () => count(overlay)))).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 2),
  );
});

it('does its work without keeping anybody else from theirs', async () => {
  const { overlay } = await setUp();
  expect(await overlay.withLock('page', async () => 'done')).toBe('done');
});

it('changes a state from what the store under it has, and keeps one that is nothing as null', async () => {
  const { under, overlay } = await setUp();
  const seen = await overlay.changeState('page', (state) => ({ state: undefined, result: state }));
  expect(seen).toEqual({ condition: 'good' });
  expect(await overlay.loadState('page')).toBe(null);
  expect(await under.loadState('page')).toEqual({ condition: 'good' });
});
