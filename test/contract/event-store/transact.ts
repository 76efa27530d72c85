// What is kept of a decision, and given back.
import { expect, it } from 'vitest';
import type { Alert } from '../../../src/domain/alert.ts';
import type { EventStore, TransactKeys } from '../../../src/stores/event-store.ts';
import {
  alert,
  at,
  type CreateStore,
  deliveriesOf,
  entry,
  keep,
  keepAlert,
  keepAll,
  keepTold,
  listed,
  longAgo,
  noScopes,
  now,
  payment,
  record,
  reviseEvent,
  stored,
  useStore,
} from './setup.ts';

const look = <T>(store: EventStore, keys: Partial<TransactKeys>, see: (alerts: readonly Alert[]) => T) =>
  store.transact({ ...noScopes, ...keys }, ({ alerts }) => ({ result: see(alerts) }));

export const transactContract = (createStore: CreateStore): void => {
  const { current } = useStore(createStore);

  it('answers when it is asked whether it takes writes', async () => {
    await expect(current().ping()).resolves.toBeUndefined();
  });

  it('knows nothing of what was never stored', async () => {
    const store = current();
    expect(await store.find('evt_1')).toBe(undefined);
    expect(await store.readEvent('evt_1')).toBe(undefined);
    expect(await store.readAlert('evt_1')).toBe(undefined);
    expect(await store.readRaw('evt_1')).toBe(undefined);
    expect(await store.findDelivery('dlv_1')).toBe(undefined);
    expect(await store.listEvents({ limit: 10 })).toEqual({ events: [], next: null });
    expect(await store.listAlerts({ limit: 10 })).toEqual({ alerts: [], next: null });
    expect(await store.listDeliveries({ limit: 10 })).toEqual({ deliveries: [], titles: new Map(), next: null });
    expect(await store.ongoingEvents('acme_status')).toEqual([]);
    expect(await store.dueDeliveries(now, 10)).toEqual([]);
    expect(await store.dueAlerts(now, 10)).toEqual([]);
    expect(await store.stormOf('storm', longAgo)).toEqual({ opened: 0, newest: undefined });
    expect(await store.backlog()).toEqual({ pending: 0, oldestCreatedAt: null, byTarget: new Map() });
    expect(await store.size()).toEqual({ events: 0, newestFirstSeenAt: null });
  });

  it('a decision about what is unknown finds nothing', async () => {
    const keys = {
      eventId: 'evt_1',
      scopes: ['s'],
      endedSince: longAgo,
      alertId: 'a',
      withMembers: true,
      withEndings: true,
    };
    const found = await current().transact(keys, (snapshot) => ({ result: snapshot }));
    expect(found).toEqual({ event: undefined, alerts: [], members: [], endings: [], guests: [] });
  });

  it('gives a stored event back as it is', async () => {
    const store = current();
    const kept = record(
      'evt_1',
      3,
      { description: 'why', resolved_at: at(2), kind: 'status', severity: 'info' },
      {
        facts: { page: 'acme', components: ['API', 'Dashboard'], amount: 1250, livemode: false },
        subject: 'acme_status:component:1',
        scope: 'acme_status',
        traits: { item: 'component', name: 'API', components: ['c1', 'c2'], group: 'g', pageSize: 12 },
        vendor_updated_at: at(1),
        test_mode: true,
        closed_by_hand: 'critical',
        ends_types: ['payout.failed'],
        last_seen_at: at(9),
        seen_count: 7,
        alert_id: 'evt_0',
        alert_is_open: true,
        routed: true,
        routing_reason: 'Sent: critical events are always sent.',
        request_id: 'req-7',
      },
    );
    await keep(store, kept);
    expect(await store.find('evt_1')).toEqual(kept);
    expect(await store.readEvent('evt_1')).toMatchObject({ record: kept, deliveries: [], history: [] });
    expect((await store.listEvents({ limit: 1 })).events).toEqual([{ record: kept, deliveries: [], rawJson: null }]);
    expect(await store.size()).toEqual({ events: 1, newestFirstSeenAt: at(3) });
  });

  it('gives a stored alert back as it is, with its deliveries in their order', async () => {
    const store = current();
    const deliveries = deliveriesOf(
      'evt_1',
      { status: 'failed', attempts: 2, last_error: 'answered 400', next_attempt_at: null, may_have_arrived: true },
      { destination: 'slack', reason: 'joined', event_ids: ['evt_1', 'evt_2'], memo: 'ts-1', key: 'old-key' },
      { action: 'resolve', reason: 'ended', severity: 'warning', cycle: 2, retried_at: at(4) },
      { attempt_started_at: at(4), leased_until: at(5), destination: 'other', delivered_at: at(6) },
    );
    const kept = alert('evt_1', 1, {
      state: 'resolved',
      resolved_at: at(8),
      reopened_at: [at(2), at(3)],
      cycle: 3,
      uncounted: 7,
      related: ['evt_9'],
      eased_since: at(4),
      well_since: at(5),
      first_look: true,
      storm_until: at(6),
      storm_since: at(1),
      storm_key: 'stripe:payout.failed',
      wake_at: at(9),
      deliveries,
    });
    await keepAlert(store, kept, [entry('opened', 1)]);
    expect(await store.readAlert('evt_1')).toEqual({ alert: kept, history: [entry('opened', 1)], attempts: new Map() });
    expect((await store.listAlerts({ limit: 5 })).alerts).toEqual([kept]);
    expect(await look(store, { alertId: 'evt_1' }, (alerts) => alerts)).toEqual([kept]);
  });

  it('hands the decision what is stored, and keeps and returns what it decided', async () => {
    const store = current();
    await keep(store, record('evt_1'));
    const result = await store.transact({ ...noScopes, eventId: 'evt_1' }, ({ event }) => {
      const found = stored(event);
      return { result: `seen ${found.seen_count}`, event: { ...found, seen_count: found.seen_count + 1 } };
    });
    expect(result).toBe('seen 1');
    expect(await store.find('evt_1')).toMatchObject({ seen_count: 2 });
  });

  it('a decision that changes nothing changes nothing', async () => {
    const store = current();
    await keepTold(store, record('evt_1'), deliveriesOf('evt_1', {}));
    const before = [await store.readEvent('evt_1'), await store.readAlert('evt_1')];
    expect(await store.transact({ ...noScopes, eventId: 'evt_1' }, () => ({ result: 'seen' }))).toBe('seen');
    expect([await store.readEvent('evt_1'), await store.readAlert('evt_1')]).toEqual(before);
    expect(await store.transact({ ...noScopes, eventId: 'evt_2' }, ({ event }) => ({ result: event }))).toBe(undefined);
    expect(await listed(store)).toEqual(['evt_1']);
  });

  it('a decision that throws rejects with what it threw, and nothing is kept', async () => {
    const store = current();
    const broken = new Error('the decision is broken');
    const decide = () => {
      throw broken;
    };
    await expect(store.transact({ ...noScopes, eventId: 'evt_1' }, decide)).rejects.toBe(broken);
    expect(await store.find('evt_1')).toBe(undefined);
    await keep(store, record('evt_1'));
    await expect(store.transact({ ...noScopes, eventId: 'evt_1' }, decide)).rejects.toBe(broken);
    expect(await store.find('evt_1')).toEqual(record('evt_1'));
  });

  it('changes other events as far as they are stored', async () => {
    const store = current();
    await keepAll(store, [record('a'), record('b')]);
    await keep(store, record('c'), {
      otherEvents: [
        { ...record('b'), routed: true, alert_id: 'c' },
        { ...record('not stored'), routed: true },
      ],
    });
    expect(await store.find('b')).toMatchObject({ routed: true, alert_id: 'c' });
    expect(await listed(store)).toEqual(['c', 'b', 'a']);
    expect(await listed(store, { alert_id: 'c' })).toEqual(['b']);
  });

  it('opens and closes all payments of an alert at once, and nothing else of it', async () => {
    const store = current();
    await keepAll(store, [
      payment('one', 1, { alert_id: 'a' }),
      payment('two', 2, { alert_id: 'a' }),
      payment('over', 3, { alert_id: 'a' }, { resolved_at: at(3) }),
      payment('another alert’s', 4, { alert_id: 'b' }),
      record('incident', 5, { resolved_at: at(5) }, { alert_id: 'a' }),
    ]);
    const set = (isOpen: boolean) =>
      store.transact({ ...noScopes, alertId: 'a' }, () => ({
        result: undefined,
        paymentsOf: [{ alertId: 'a', isOpen }],
      }));
    const open = () => listed(store, { state: 'open' });
    expect(await open()).toEqual([]);
    await set(true);
    expect(await open()).toEqual(['two', 'one']);
    expect(await store.find('one')).toMatchObject({ alert_is_open: true });
    expect(await store.find('over')).toMatchObject({ alert_is_open: true });
    expect(await store.find('incident')).toMatchObject({ alert_is_open: false });
    await set(false);
    expect(await open()).toEqual([]);
    expect(await store.find('two')).toMatchObject({ alert_is_open: false });
  });

  it('a clock that steps back does not put a newer event behind an older one', async () => {
    const store = current();
    await keep(store, record('first', 10));
    await Promise.all([keep(store, record('second', 5)), keep(store, record('third', 11))]);
    await keep(store, record('fourth', 1));
    expect(await listed(store)).toEqual(['fourth', 'third', 'second', 'first']);
    expect(await store.find('second')).toMatchObject({ first_seen_at: at(10) });
    expect(await listed(store, { since: at(10), until: at(11) })).toEqual(['second', 'first']);
    expect(await store.size()).toEqual({ events: 4, newestFirstSeenAt: at(11) });
  });

  it('when an event was first seen does not change', async () => {
    const store = current();
    await keep(store, record('a', 5));
    await reviseEvent(store, 'a', (found) => ({ ...found, first_seen_at: at(1), routed: true }));
    expect(await store.find('a')).toMatchObject({ first_seen_at: at(5), routed: true });
  });
};
