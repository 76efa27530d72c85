// What a decision finds of the alerts and events beside its own.
import { expect, it } from 'vitest';
import { type Alert, maxMembers } from '../../../src/domain/alert.ts';
import type { EventStore, TransactKeys } from '../../../src/stores/event-store.ts';
import {
  alert,
  at,
  type CreateStore,
  idOf,
  keep,
  keepAlert,
  keepAll,
  listed,
  longAgo,
  noScopes,
  numbered,
  payment,
  record,
  reviseAlert,
  reviseEvent,
  useStore,
} from './setup.ts';

const look = <T>(store: EventStore, keys: Partial<TransactKeys>, see: (alerts: readonly Alert[]) => T) =>
  store.transact({ ...noScopes, ...keys }, ({ alerts }) => ({ result: see(alerts) }));
const ids = (alerts: readonly Alert[]) => alerts.map(({ alert_id: id }) => id);

export const snapshotContract = (createStore: CreateStore): void => {
  const { current } = useStore(createStore);

  it('a decision finds the alerts of its scopes that are open or ended lately, the oldest first', async () => {
    const store = current();
    const over = (id: string, minute: number) => alert(id, 0, { state: 'resolved', resolved_at: at(minute) });
    await keepAlert(store, over('over at 5', 5));
    await keepAlert(store, alert('open'));
    await keepAlert(store, over('over at 4', 4));
    await keepAlert(store, alert('elsewhere', 0, { scope: 'other_status' }));
    await keepAlert(store, { ...over('over elsewhere', 9), scope: 'other_status' });
    const scopes = ['acme_status'];
    expect(await look(store, { scopes, endedSince: at(5) }, ids)).toEqual(['over at 5', 'open']);
    expect(await look(store, { scopes, endedSince: at(6) }, ids)).toEqual(['open']);
    expect(await look(store, { scopes, endedSince: longAgo }, ids)).toEqual(['over at 5', 'open', 'over at 4']);
    expect(await look(store, { scopes: [...scopes, 'other_status'], endedSince: at(6) }, ids)).toEqual([
      'open',
      'elsewhere',
      'over elsewhere',
    ]);
    expect(await look(store, { scopes: ['nobody'], endedSince: longAgo }, ids)).toEqual([]);
  });

  it('an alert that is over without a time of its end ended before all others', async () => {
    const store = current();
    await keepAlert(store, alert('over', 0, { state: 'resolved', resolved_at: null }));
    const scopes = ['acme_status'];
    expect(await look(store, { scopes, endedSince: longAgo }, ids)).toEqual(['over']);
    expect(await look(store, { scopes, endedSince: '2000' }, ids)).toEqual([]);
  });

  it('a decision finds the alert that it names, in any state and scope, and no alert twice', async () => {
    const store = current();
    await keepAlert(store, alert('over', 0, { state: 'resolved', resolved_at: at(1) }));
    await keepAlert(store, alert('open'));
    expect(await look(store, { alertId: 'over' }, ids)).toEqual(['over']);
    expect(await look(store, { alertId: 'open', scopes: ['acme_status'], endedSince: at(2) }, ids)).toEqual(['open']);
    expect(await look(store, { alertId: 'over', scopes: ['acme_status'], endedSince: at(2) }, ids)).toEqual([
      'over',
      'open',
    ]);
    expect(await look(store, { alertId: 'nothing' }, ids)).toEqual([]);
  });

  it('a decision finds the alert of its event, however long ago that ended, if the scope is its own', async () => {
    const store = current();
    await keepAlert(store, alert('over', 0, { state: 'resolved', resolved_at: at(1) }));
    await keepAlert(store, alert('over too', 0, { state: 'resolved', resolved_at: at(1) }));
    await keepAlert(store, alert('open'));
    await keep(store, record('e', 0, {}, { alert_id: 'over' }));
    const keys = { eventId: 'e', scopes: ['acme_status'], endedSince: at(2) };
    expect(await look(store, keys, ids)).toEqual(['over', 'open']);
    expect(await look(store, { ...keys, alertId: 'over' }, ids)).toEqual(['over', 'open']);
    expect(await look(store, { ...keys, scopes: ['other_status'] }, ids)).toEqual([]);
    expect(await look(store, { ...keys, eventId: 'unknown' }, ids)).toEqual(['open']);
  });

  it('an alert is found by what it is now: ended, opened again, of another scope', async () => {
    const store = current();
    await keepAlert(store, alert('a'));
    const found = () => look(store, { scopes: ['acme_status'], endedSince: at(5) }, ids);
    await reviseAlert(store, 'a', (was) => ({ ...was, state: 'resolved', resolved_at: at(4) }));
    expect(await found()).toEqual([]);
    await reviseAlert(store, 'a', (was) => ({ ...was, resolved_at: at(6) }));
    expect(await found()).toEqual(['a']);
    await reviseAlert(store, 'a', (was) => ({ ...was, state: 'open', resolved_at: null }));
    expect(await found()).toEqual(['a']);
    await reviseAlert(store, 'a', (was) => ({ ...was, scope: 'other_status' }));
    expect(await found()).toEqual([]);
  });

  it('a decision finds the events for which the alert that it names goes on, if it asks for them', async () => {
    const store = current();
    const of = { alert_id: 'a', alert_is_open: true };
    await keepAll(store, [
      record('a', 1, {}, of),
      record('over', 2, { resolved_at: at(2) }, of),
      payment('paid', 3, of),
      payment('not open', 4, { ...of, alert_is_open: false }),
      payment('well again', 4, { ...of, recovered_at: at(4) }),
      record('another alert’s', 5, {}, { alert_id: 'b' }),
      record('no alert’s', 6),
    ]);
    const members = (withMembers: boolean) =>
      store.transact({ ...noScopes, alertId: 'a', withMembers }, (found) => ({ result: found.members.map(idOf) }));
    expect(await members(true)).toEqual(['a', 'paid']);
    expect(await members(false)).toEqual([]);
  });

  it('a decision finds the oldest of very many open events of an alert', async () => {
    const store = current();
    const names = numbered(maxMembers + 2);
    await Promise.all(names.map((id) => keep(store, payment(id, 0, { alert_id: 'a', alert_is_open: true }))));
    const members = await store.transact({ ...noScopes, alertId: 'a', withMembers: true }, (found) => ({
      result: found.members,
    }));
    // What was kept at once was kept in any order.
    const inOrder = (await listed(store)).toReversed();
    expect(inOrder).toHaveLength(names.length);
    expect(members.map(idOf)).toEqual(inOrder.slice(0, maxMembers));
  });

  it('a decision that names neither alert nor scope finds no events of one', async () => {
    const store = current();
    await keep(store, payment('a', 0, { alert_id: 'a', alert_is_open: true, ends_types: ['payout.failed'] }));
    const keys = { ...noScopes, withMembers: true, withEndings: true };
    expect(await store.transact(keys, (result) => ({ result }))).toMatchObject({ members: [], endings: [] });
  });

  it('of several alerts of a scope that ended, one that opens again leaves the others as they are', async () => {
    const store = current();
    const over = (id: string, minute: number) => alert(id, 0, { state: 'resolved', resolved_at: at(minute) });
    for (const [id, minute] of [
      ['a', 5],
      ['b', 3],
      ['c', 4],
    ] as const)
      await keepAlert(store, over(id, minute));
    await reviseAlert(store, 'c', (found) => ({ ...found, state: 'open', resolved_at: null }));
    const since = (minute: number) => look(store, { scopes: ['acme_status'], endedSince: at(minute) }, ids);
    expect(await since(4)).toEqual(['a', 'c']);
    expect(await since(3)).toEqual(['a', 'b', 'c']);
  });

  it('a decision finds the newest events of its first scope that end others, if it asks for them', async () => {
    const store = current();
    const ending = (id: string, scope: string) => payment(id, 0, { scope, ends_types: ['payout.failed'] });
    await keepAll(store, [
      ...numbered(22).map((id) => ending(id, 'one')),
      ending('elsewhere', 'two'),
      payment('ends nothing', 0, { scope: 'one' }),
      payment('ends nothing either', 0, { scope: 'one', ends_types: [] }),
    ]);
    const endings = (scopes: readonly string[], withEndings = true) =>
      store.transact({ scopes, endedSince: longAgo, withEndings }, (found) => ({ result: found.endings.map(idOf) }));
    expect(await endings(['one', 'two'])).toEqual(numbered(22).toReversed().slice(0, 20));
    expect(await endings(['two', 'one'])).toEqual(['elsewhere']);
    expect(await endings(['one'], false)).toEqual([]);
    await reviseEvent(store, 'elsewhere', ({ ends_types: _types, ...rest }) => rest);
    expect(await endings(['two'])).toEqual([]);
  });

  it('a decision finds the payments of its first scope that are open in alerts of another one, if it asks for them', async () => {
    const store = current();
    const guest = { scope: 'one', alert_id: 'storm', alert_scope: 'two', alert_is_open: true };
    const { alert_scope: _scope, ...own } = guest;
    await keepAlert(store, alert('storm', 0, { scope: 'two', members: [] }));
    await keepAll(store, [
      payment('guest', 1, guest),
      payment('elsewhere', 2, { ...guest, scope: 'three' }),
      payment('at home', 3, own),
      payment('well again', 4, { ...guest, recovered_at: at(4) }),
      payment('ends others', 5, { scope: 'one', ends_types: ['payout.failed'] }),
    ]);
    const guests = (scopes: readonly string[], withGuests = true) =>
      store.transact({ scopes, endedSince: longAgo, withGuests, withEndings: true }, (found) => ({
        result: [found.guests.map(idOf), found.endings.map(idOf)],
      }));
    expect(await guests(['one', 'two'])).toEqual([['guest'], ['ends others']]);
    expect(await guests(['one'], false)).toEqual([[], ['ends others']]);
    expect(await guests(['two', 'one'])).toEqual([[], []]);
    const setOpen = (isOpen: boolean) =>
      store.transact({ ...noScopes }, () => ({ result: null, paymentsOf: [{ alertId: 'storm', isOpen }] }));
    await setOpen(false);
    expect(await guests(['one'])).toEqual([[], ['ends others']]);
    await setOpen(true);
    expect(await guests(['one'])).toEqual([['guest'], ['ends others']]);
    await reviseEvent(store, 'guest', (was) => ({ ...was, recovered_at: at(6) }));
    expect(await guests(['one'])).toEqual([[], ['ends others']]);
  });

  it('many events that end others hide no payment that they end, and many such payments no event', async () => {
    const store = current();
    const guest = { alert_id: 'storm', alert_scope: 'two', alert_is_open: true };
    const ending = { ends_types: ['payout.failed'] };
    const names = numbered(20);
    await keepAll(store, [
      payment('oldest guest', 0, { scope: 'one', ...guest }),
      payment('oldest ending', 0, { scope: 'one', ...ending }),
      ...numbered(100).map((name) => payment(`guest ${name}`, 1, { scope: 'one', ...guest })),
      ...names.slice(1).map((name) => payment(`ending ${name}`, 1, { scope: 'one', ...ending })),
    ]);
    const keys = { scopes: ['one'], endedSince: longAgo, withGuests: true, withEndings: true };
    const found = await store.transact(keys, (snapshot) => ({ result: snapshot }));
    expect(found.guests).toHaveLength(101);
    expect(found.endings).toHaveLength(20);
  });
};
