// What a backend must do beyond `eventStoreContract` when it keeps its events after the process has ended.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import type { Change, EventRecord, EventStore, HistoryEntry } from '../../src/stores/event-store.ts';
import { aDelivery, aRecord } from '../support/builders.ts';

export interface DurableBackend {
  /** A store with nothing in it. */
  create(): EventStore | Promise<EventStore>;
  /** Another store over what the one that was created last has kept, which is closed by now. */
  reopen(): EventStore | Promise<EventStore>;
}

const at = (minute: number): string => new Date(Date.parse('2026-03-01T12:00:00.000Z') + minute * 60_000).toISOString();
const ms = (minute: number): number => Date.parse(at(minute));
const longAfter = at(100_000);

type Parts = Partial<Omit<EventRecord, 'event'>>;

/** A payment of this id, first seen at this minute after noon: routed, with nothing left to do. */
const payment = (id: string, minute = 0, parts: Parts = {}, event: Partial<UnifiedEvent> = {}): EventRecord =>
  aRecord(
    { event_id: id, source: 'stripe', kind: 'payment', ...event },
    { subject: id, first_seen_at: at(minute), last_seen_at: at(minute), ...parts },
  );

const incident = (id: string, minute = 0, event: Partial<UnifiedEvent> = {}): EventRecord =>
  payment(id, minute, {}, { source: 'acme_status', kind: 'incident', ...event });

const stored: HistoryEntry = { at: at(0), change: 'stored', request_id: 'req-1' };
const failedTry: Attempt = {
  number: 1,
  started_at: at(0),
  duration_ms: 12,
  outcome: 'transient',
  status_code: 503,
  error: 'answered 503',
};

const keep = (store: EventStore, record: EventRecord, rest: Partial<Change<undefined>> = {}): Promise<void> =>
  store.change(record.event.event_id, () => ({ ...rest, result: undefined, record }));

const keepAll = async (store: EventStore, records: readonly EventRecord[]): Promise<void> => {
  for (const record of records) await keep(store, record);
};

const listed = async (store: EventStore): Promise<readonly string[]> =>
  (await store.list({ limit: 1000 })).records.map(({ event }) => event.event_id);

export const durableStoreContract = (name: string, { create, reopen }: DurableBackend): void => {
  describe(`the ${name} store, which is durable,`, () => {
    let store: EventStore;
    beforeEach(async () => {
      store = await create();
    });
    afterEach(() => store.close());

    const closeAndReopen = async (): Promise<void> => {
      await store.close();
      store = await reopen();
    };

    it('has all of an event after it was opened again', async () => {
      const inFlight = aDelivery({ event_id: 'a', attempts: 1, attempt_started_at: at(1), leased_until: at(5) });
      const record: EventRecord = { ...incident('a'), version: 2, deliveries: [inFlight] };
      await keep(store, record, { history: [stored], attempt: { deliveryId: inFlight.id, attempt: failedTry } });
      await closeAndReopen();

      expect(await store.find('a')).toEqual(record);
      const attempts = new Map([[inFlight.id, [failedTry]]]);
      expect(await store.read('a')).toEqual({ record, history: [stored], attempts });
      expect(await store.openEvents('acme_status')).toMatchObject([{ event_id: 'a' }]);
      expect(await store.undecided(longAfter, 10)).toMatchObject([{ eventId: 'a' }]);
    });

    it('honours a lease that was taken before it was opened again', async () => {
      const inFlight = aDelivery({ event_id: 'a', attempt_started_at: at(1), leased_until: at(5) });
      await keep(store, payment('a', 0, { deliveries: [inFlight] }));
      await closeAndReopen();
      expect(await store.dueDeliveries(ms(4), 10)).toEqual([]);
      expect(await store.dueDeliveries(ms(5), 10)).toMatchObject([{ deliveryId: inFlight.id }]);
    });

    it('has the states after it was opened again', async () => {
      await store.saveState('page:acme', { condition: 'blind' });
      await closeAndReopen();
      expect(await store.loadState('page:acme')).toEqual({ condition: 'blind' });
    });

    it('keeps what was under way when it was closed', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `evt_${index}`);
      const changes = ids.map((id) => keep(store, payment(id)));
      await closeAndReopen();
      await Promise.all(changes);
      expect([...(await listed(store))].sort()).toEqual([...ids].sort());
    });

    it('goes on counting arrivals where it stopped, so that a page continues after it was opened again', async () => {
      await keepAll(store, [payment('a'), payment('b'), payment('c')]);
      const { next } = await store.list({ limit: 1 });
      await closeAndReopen();
      await keepAll(store, [payment('d')]);
      expect(await listed(store)).toEqual(['d', 'c', 'b', 'a']);
      const page = await store.list({ limit: 5, before: next ?? undefined });
      expect(page.records.map(({ event }) => event.event_id)).toEqual(['b', 'a']);
    });

    it('a change continues what was stored before it was opened again', async () => {
      await keep(store, payment('a'), { history: [stored] });
      await closeAndReopen();
      const seen = await store.change('a', (found) => {
        if (found === undefined || found === 'forgotten') return { result: 0 };
        const record = { ...found, seen_count: found.seen_count + 1 };
        return { result: record.seen_count, record, history: [{ ...stored, change: 'updated' }] };
      });
      expect(seen).toBe(2);
      expect((await store.read('a'))?.history.map(({ change }) => change)).toEqual(['stored', 'updated']);
    });

    const owing = (status: 'pending' | 'delivered' | 'failed' | 'superseded') => [
      aDelivery({ event_id: 'a', status, next_attempt_at: null }),
    ];
    it.each<[string, EventRecord, boolean]>([
      ['a payment', payment('a'), true],
      ['an incident that is over', incident('a', 0, { resolved_at: at(1) }), true],
      ['an incident that is open', incident('a'), false],
      [
        'an incident that was resolved by hand, and of which its vendor has not said so',
        { ...incident('a', 0, { resolved_at: at(1) }), closed_by_hand: 'critical' },
        false,
      ],
      ['an outage that is open', incident('a', 0, { kind: 'status' }), false],
      ['an event whose last change is undecided', payment('a', 0, { version: 2 }), false],
      ['an event with a delivery pending', payment('a', 0, { deliveries: owing('pending') }), false],
      ['an event with a delivery delivered', payment('a', 0, { deliveries: owing('delivered') }), true],
      ['an event with a delivery failed', payment('a', 0, { deliveries: owing('failed') }), true],
      ['an event with a delivery superseded', payment('a', 0, { deliveries: owing('superseded') }), true],
    ])('whether it prunes %s', async (_which, record, goes) => {
      await keep(store, record);
      expect(await store.prune(longAfter, 10)).toBe(goes ? 1 : 0);
      expect(await listed(store)).toEqual(goes ? [] : ['a']);
    });

    it('prunes the oldest first, at most as many as asked for, and tells how many', async () => {
      await keepAll(store, [payment('a', 1), payment('b', 2), incident('open', 3), payment('c', 4), payment('d', 5)]);
      expect(await store.prune(longAfter, 3)).toBe(3);
      expect(await listed(store)).toEqual(['d', 'open']);
      expect(await store.prune(longAfter, 3)).toBe(1);
      expect(await store.prune(longAfter, 3)).toBe(0);
      expect(await listed(store)).toEqual(['open']);
    });

    it('prunes what was first seen before the moment, not at it, however lately it was seen again', async () => {
      await keepAll(store, [payment('a', 1, { last_seen_at: at(9) }), payment('b', 2), payment('c', 3)]);
      expect(await store.prune(at(2), 10)).toBe(1);
      expect(await listed(store)).toEqual(['c', 'b']);
    });

    it('prunes an event once what was owed for it is settled', async () => {
      await keep(store, payment('a', 0, { deliveries: owing('pending') }));
      expect(await store.prune(longAfter, 10)).toBe(0);
      await keep(store, payment('a', 0, { deliveries: owing('delivered') }));
      expect(await store.prune(longAfter, 10)).toBe(1);
    });

    it('knows nothing more of a pruned event, which begins anew when it is seen again', async () => {
      const delivery = aDelivery({ event_id: 'a', status: 'failed', next_attempt_at: null });
      await keep(store, payment('a', 0, { deliveries: [delivery] }), {
        history: [stored],
        attempt: { deliveryId: delivery.id, attempt: failedTry },
      });
      await store.prune(longAfter, 10);
      expect(await store.find('a')).toBe(undefined);
      expect(await store.read('a')).toBe(undefined);
      expect(await store.change('a', (found) => ({ result: found }))).toBe(undefined);

      const again = payment('a', 7);
      await keep(store, again, { history: [stored] });
      expect(await store.read('a')).toEqual({ record: again, history: [stored], attempts: new Map() });
    });

    it('pages on behind an event that was pruned meanwhile', async () => {
      await keepAll(store, [incident('a', 1), payment('b', 2), incident('c', 3)]);
      const { next } = await store.list({ limit: 2 });
      await store.prune(longAfter, 10);
      const page = await store.list({ limit: 2, before: next ?? undefined });
      expect(page.records.map(({ event }) => event.event_id)).toEqual(['a']);
    });

    const cursorOfNow = async (): Promise<string> => {
      const now = await store.changes(null, 1);
      return now === 'lost' ? now : now.cursor;
    };
    const toldAfter = async (cursor: string) => {
      const changes = await store.changes(cursor, 100);
      return changes === 'lost' ? changes : changes.records.map(({ event }) => event.event_id);
    };

    it('goes on from a cursor of before it was opened again, and gives no number twice', async () => {
      await keepAll(store, [payment('a', 1), payment('b', 2)]);
      const cursor = await cursorOfNow();
      await keep(store, payment('c', 3));
      await closeAndReopen();
      expect(await toldAfter(cursor)).toEqual(['c']);
      await keep(store, payment('d', 4));
      expect(await toldAfter(cursor)).toEqual(['c', 'd']);
    });

    it('a cursor is lost when something that changed after it was pruned, and not otherwise', async () => {
      await keep(store, payment('old', 1));
      const before = await cursorOfNow();
      await keep(store, payment('newer', 2));
      const after = await cursorOfNow();
      await keep(store, incident('open', 3));
      expect(await store.prune(at(2), 10)).toBe(1);
      expect(await toldAfter(before)).toEqual(['newer', 'open']);
      expect(await store.prune(longAfter, 10)).toBe(1);
      expect(await toldAfter(before)).toBe('lost');
      expect(await toldAfter(after)).toEqual(['open']);
      await closeAndReopen();
      expect(await toldAfter(before)).toBe('lost');
      expect(await toldAfter(after)).toEqual(['open']);
    });

    it('gives the number of what was pruned to nothing else, even when it was opened again', async () => {
      const before = await cursorOfNow();
      await keep(store, payment('a', 1));
      const after = await cursorOfNow();
      await store.prune(longAfter, 10);
      await closeAndReopen();
      await keep(store, payment('b', 2));
      expect(await toldAfter(before)).toBe('lost');
      expect(await toldAfter(after)).toEqual(['b']);
    });

    it('does work of one name, gives its result or its error, and does the next', async () => {
      const broken = new Error('the work is broken');
      expect(await store.exclusively('work', async () => 'done')).toBe('done');
      await expect(store.exclusively('work', () => Promise.reject(broken))).rejects.toBe(broken);
      expect(await store.exclusively('work', async () => 'done again')).toBe('done again');
    });

    it('a process that is alone leads, as often as it asks', async () => {
      expect(await store.lead('poll', 60_000)).toBe(true);
      expect(await store.lead('poll', 60_000)).toBe(true);
    });
  });
};
