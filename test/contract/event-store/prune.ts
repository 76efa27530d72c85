// What retention removes, and what followers of the changes learn of it.
import { expect, it } from 'vitest';
import type { Alert } from '../../../src/domain/alert.ts';
import type { EventRecord } from '../../../src/domain/event-record.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import {
  alert,
  at,
  attempt,
  deliveriesOf,
  entry,
  idsOf,
  keep,
  keepAlert,
  keepAll,
  listed,
  longAgo,
  noScopes,
  payment,
  record,
  reviseAlert,
  reviseDelivery,
  reviseEvent,
} from './setup.ts';

const longAfter = at(100_000);
const over = { state: 'resolved', resolved_at: at(1) } as const;

const toldAfter = async (store: EventStore, cursor: string) => {
  const changes = await store.changes(cursor, 100);
  return changes === 'lost' ? changes : idsOf(changes.events);
};
const cursorOfNow = async (store: EventStore): Promise<string> => {
  const now = await store.changes(null, 1);
  return now === 'lost' ? now : now.cursor;
};

/** An event of an alert, and that alert. */
const keepWith = (store: EventStore, event: EventRecord, overrides: Partial<Alert>) =>
  keep(store, { ...event, alert_id: 'alert' }, { alerts: [{ alert: alert('alert', 0, overrides), history: [] }] });

export const pruneContract = (current: () => EventStore, closeAndReopen: () => Promise<void>): void => {
  it.each<[string, EventRecord, boolean]>([
    ['a payment', payment('a'), true],
    ['an incident that is over', record('a', 0, { resolved_at: at(1) }), true],
    ['an incident that is open', record('a'), false],
    [
      'an incident that was resolved by hand, and of which its vendor has not said so',
      record('a', 0, { resolved_at: at(1) }, { closed_by_hand: 'critical' }),
      false,
    ],
    ['an outage that is open', record('a', 0, { kind: 'status' }), false],
  ])('whether it prunes %s', async (_which, event, goes) => {
    await keep(current(), event);
    expect(await current().prune(longAfter, 10)).toBe(goes ? 1 : 0);
    expect(await listed(current())).toEqual(goes ? [] : ['a']);
  });

  it.each<[string, Partial<Alert>, boolean]>([
    ['that is open', {}, false],
    ['that has ended', over, true],
    ['that has ended, with a delivery pending', { ...over, deliveries: deliveriesOf('alert', {}) }, false],
    ['that has ended, its deliveries too', { ...over, deliveries: deliveriesOf('alert', { status: 'failed' }) }, true],
  ])('whether it prunes an event of an alert %s', async (_which, overrides, goes) => {
    const store = current();
    await keepWith(store, payment('a'), overrides);
    expect(await store.prune(longAfter, 10)).toBe(goes ? 1 : 0);
    expect(await listed(store)).toEqual(goes ? [] : ['a']);
    expect((await store.readAlert('alert')) === undefined).toBe(goes);
  });

  it('an alert goes with its last event', async () => {
    const store = current();
    const deliveries = deliveriesOf('alert', { status: 'delivered' });
    await keepWith(store, payment('a', 1), { ...over, deliveries });
    await keep(store, payment('b', 5, { alert_id: 'alert' }));
    expect(await store.prune(at(3), 10)).toBe(1);
    expect((await store.readAlert('alert'))?.alert.deliveries).toEqual(deliveries);
    expect(await store.prune(longAfter, 10)).toBe(1);
    expect(await store.readAlert('alert')).toBe(undefined);
    expect(await store.findDelivery(deliveries[0]?.id ?? '')).toBe(undefined);
    expect(await store.listAlerts({ limit: 5 })).toEqual({ alerts: [], next: null });
    expect(await store.listDeliveries({ limit: 5 })).toEqual({ deliveries: [], titles: new Map(), next: null });
    expect(
      await store.transact({ scopes: ['acme_status'], endedSince: longAgo }, (found) => ({ result: found.alerts })),
    ).toEqual([]);
  });

  it('prunes the oldest first, at most as many as asked for, and tells how many', async () => {
    const store = current();
    await keepAll(store, [payment('a', 1), payment('b', 2), record('open', 3), payment('c', 4), payment('d', 5)]);
    expect(await store.prune(longAfter, 3)).toBe(3);
    expect(await listed(store)).toEqual(['d', 'open']);
    expect(await store.prune(longAfter, 3)).toBe(1);
    expect(await store.prune(longAfter, 3)).toBe(0);
    expect(await listed(store)).toEqual(['open']);
  });

  it('prunes what was first seen before the moment, not at it, however lately it was seen again', async () => {
    await keepAll(current(), [payment('a', 1, { last_seen_at: at(9) }), payment('b', 2), payment('c', 3)]);
    expect(await current().prune(at(2), 10)).toBe(1);
    expect(await listed(current())).toEqual(['c', 'b']);
  });

  it('prunes an event once its alert has ended and nothing of it is pending', async () => {
    const store = current();
    await keepWith(store, payment('a'), { deliveries: deliveriesOf('alert', {}) });
    expect(await store.prune(longAfter, 10)).toBe(0);
    await reviseAlert(store, 'alert', (found) => ({ ...found, ...over }));
    expect(await store.prune(longAfter, 10)).toBe(0);
    await reviseDelivery(store, 'alert', 0, { status: 'delivered' });
    expect(await store.prune(longAfter, 10)).toBe(1);
  });

  it('knows nothing more of a pruned event, which begins anew when it is seen again', async () => {
    const store = current();
    const [delivery] = deliveriesOf('a', { status: 'failed', next_attempt_at: null });
    if (!delivery) throw new Error('one was made');
    await keep(store, payment('a', 0, { alert_id: 'a' }), {
      rawJson: '1',
      eventHistory: [entry('stored')],
      alerts: [{ alert: alert('a', 0, { ...over, deliveries: [delivery] }), history: [entry('opened')] }],
      attempt: { deliveryId: delivery.id, attempt: attempt(1) },
    });
    await store.prune(longAfter, 10);
    expect(await store.find('a')).toBe(undefined);
    expect(await store.readEvent('a')).toBe(undefined);
    expect(await store.readRaw('a')).toBe(undefined);
    expect(await listed(store, { q: 'payments' })).toEqual([]);
    expect(await store.transact({ ...noScopes, eventId: 'a', alertId: 'a' }, (found) => ({ result: found }))).toEqual({
      event: undefined,
      alerts: [],
      members: [],
      endings: [],
      guests: [],
    });
    const again = payment('a', 7);
    await keep(store, again, { eventHistory: [entry('stored', 7)] });
    expect(await store.readEvent('a')).toEqual({
      record: again,
      deliveries: [],
      rawJson: null,
      history: [entry('stored', 7)],
      attempts: new Map(),
    });
  });

  it('pages on behind an event that was pruned meanwhile', async () => {
    const store = current();
    await keepAll(store, [record('a', 1), payment('b', 2), record('c', 3)]);
    const { next } = await store.listEvents({ limit: 2 });
    await store.prune(longAfter, 10);
    const page = await store.listEvents({ limit: 2, before: next ?? undefined });
    expect(idsOf(page.events)).toEqual(['a']);
  });

  it('goes on from a cursor of before it was opened again, and gives no number twice', async () => {
    await keepAll(current(), [payment('a', 1), payment('b', 2)]);
    const cursor = await cursorOfNow(current());
    await keep(current(), payment('c', 3));
    await keepAlert(current(), alert('a', 3));
    await closeAndReopen();
    expect(await toldAfter(current(), cursor)).toEqual(['c']);
    await keep(current(), payment('d', 4));
    expect(await toldAfter(current(), cursor)).toEqual(['c', 'd']);
    expect(await current().changes(cursor, 5)).toMatchObject({ alerts: [{ alert_id: 'a' }] });
  });

  it('a cursor is lost when something that changed after it was pruned, and not otherwise', async () => {
    await keep(current(), payment('old', 1));
    const before = await cursorOfNow(current());
    await keep(current(), payment('newer', 2));
    const after = await cursorOfNow(current());
    await keep(current(), record('open', 3));
    expect(await current().prune(at(2), 10)).toBe(1);
    expect(await toldAfter(current(), before)).toEqual(['newer', 'open']);
    expect(await current().prune(longAfter, 10)).toBe(1);
    expect(await toldAfter(current(), before)).toBe('lost');
    expect(await toldAfter(current(), after)).toEqual(['open']);
    await closeAndReopen();
    expect(await toldAfter(current(), before)).toBe('lost');
    expect(await toldAfter(current(), after)).toEqual(['open']);
  });

  it('a cursor is lost when an alert that changed after it was pruned', async () => {
    await keepWith(current(), payment('a'), {});
    const before = await cursorOfNow(current());
    await reviseAlert(current(), 'alert', (found) => ({ ...found, ...over }));
    const after = await cursorOfNow(current());
    expect(await current().prune(longAfter, 10)).toBe(1);
    expect(await toldAfter(current(), before)).toBe('lost');
    expect(await toldAfter(current(), after)).toEqual([]);
  });

  it('a cursor that was lost stays so when what is pruned later had changed before', async () => {
    const before = await cursorOfNow(current());
    await keepAll(current(), [payment('a', 1), payment('b', 2)]);
    const between = await cursorOfNow(current());
    await reviseEvent(current(), 'a', (found) => ({ ...found, routing_reason: 'another' }));
    expect(await current().prune(at(2), 10)).toBe(1);
    expect(await current().prune(longAfter, 10)).toBe(1);
    expect(await toldAfter(current(), before)).toBe('lost');
    expect(await toldAfter(current(), between)).toBe('lost');
  });

  it('gives the numbers of what was pruned to nothing else, even when it was opened again', async () => {
    const before = await cursorOfNow(current());
    await keepAll(current(), [payment('a', 1), payment('b', 2)]);
    const { next } = await current().listEvents({ limit: 1 });
    const after = await cursorOfNow(current());
    await current().prune(longAfter, 10);
    await closeAndReopen();
    await keep(current(), payment('c', 2));
    expect(await toldAfter(current(), before)).toBe('lost');
    expect(await toldAfter(current(), after)).toEqual(['c']);
    expect((await current().listEvents({ limit: 5, before: next ?? undefined })).events).toEqual([]);
  });
};
