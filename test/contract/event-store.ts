// What every backend of the event store must do. A backend's own test calls this with a factory of empty stores.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import type { DeliveryQuery, EventQuery, EventRecord, EventStore, HistoryEntry } from '../../src/stores/event-store.ts';
import { aDelivery, aRecord } from '../support/builders.ts';

/** NUL, both lone halves of a surrogate pair, a whole pair, quotes and line breaks. */
const hardText = 'a\u0000b \ud800 \udc00 😀 \'"\\ \r\n\u2028 %_';

/** Raw JSON as vendors send it: nested, null, and with keys that objects have a meaning of their own for. */
const hardRaw: unknown = JSON.parse(
  '{"z":null,"a":[[],{},[null,{"deep":[1.5,-0.25,1e21,true]}]],"":"","__proto__":{"x":1},"constructor":"c","10":1,"9":2}',
);

const at = (minute: number): string => new Date(Date.parse('2026-03-01T12:00:00.000Z') + minute * 60_000).toISOString();
const now = Date.parse(at(0));
const muchLater = at(100_000);

/** A record of the event with this id, first seen at this minute after noon. */
const record = (
  id: string,
  minute = 0,
  event: Partial<UnifiedEvent> = {},
  overrides: Partial<Omit<EventRecord, 'event'>> = {},
): EventRecord =>
  aRecord(
    { event_id: id, ...event },
    { subject: id, first_seen_at: at(minute), last_seen_at: at(minute), ...overrides },
  );

const entry = (change: HistoryEntry['change'], minute = 0): HistoryEntry => ({
  at: at(minute),
  change,
  request_id: 'r',
});

const attempt = (number: number): Attempt => ({
  number,
  started_at: at(number),
  duration_ms: 12,
  outcome: 'transient',
  status_code: 503,
  error: `try ${number}`,
});

const keep = (store: EventStore, kept: EventRecord, history: readonly HistoryEntry[] = []): Promise<void> =>
  store.change(kept.event.event_id, () => ({ result: undefined, record: kept, history }));

const keepAll = async (store: EventStore, records: readonly EventRecord[]): Promise<void> => {
  for (const kept of records) await keep(store, kept);
};

/** Replaces the record of a stored event by what `revise` makes of it. */
const revise = (store: EventStore, id: string, change: (stored: EventRecord) => EventRecord): Promise<void> =>
  store.change(id, (found) => {
    if (found === undefined || found === 'forgotten') throw new Error(`${id} is not stored`);
    return { result: undefined, record: change(found) };
  });

const idsOf = (records: readonly EventRecord[]): readonly string[] => records.map(({ event }) => event.event_id);
const listed = async (store: EventStore, query: Partial<EventQuery> = {}) =>
  idsOf((await store.list({ limit: 1000, ...query })).records);

const idsOfDeliveries = async (store: EventStore, query: Partial<DeliveryQuery> = {}) =>
  (await store.listDeliveries({ limit: 1000, ...query })).deliveries.map(({ id }) => id);

/** Four events: two with a trigger, one with a page that was closed, and one with two destinations. */
const keepDeliveries = async (store: EventStore) => {
  const failed = aDelivery({ event_id: 'a', status: 'failed' });
  const pending = aDelivery({ event_id: 'b' });
  const delivered = aDelivery({ event_id: 'c', status: 'delivered' });
  const resolve = aDelivery({ event_id: 'c', action: 'resolve', status: 'failed' });
  const other = aDelivery({ event_id: 'd', destination: hardText, status: 'superseded' });
  await keepAll(store, [
    record('a', 1, {}, { deliveries: [failed] }),
    record('b', 2, {}, { deliveries: [pending] }),
    record('nothing owed', 2),
    record('c', 3, {}, { deliveries: [delivered, resolve] }),
    record('d', 3, {}, { deliveries: [other] }),
  ]);
  return { failed, pending, delivered, resolve, other };
};

const numbered = (count: number, prefix = 'evt'): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}_${index}`);

export const eventStoreContract = (name: string, createStore: () => EventStore | Promise<EventStore>): void => {
  describe(`the ${name} store`, () => {
    let store: EventStore;
    beforeEach(async () => {
      store = await createStore();
    });
    afterEach(() => store.close());

    it('answers when it is asked whether it does', async () => {
      await expect(store.ping()).resolves.toBeUndefined();
    });

    it('knows nothing of an event that was never stored', async () => {
      expect(await store.find('evt_1')).toBe(undefined);
      expect(await store.read('evt_1')).toBe(undefined);
      expect(await store.list({ limit: 10 })).toEqual({ records: [], next: null });
      expect(await store.listDeliveries({ limit: 10 })).toEqual({ deliveries: [], next: null });
      expect(await store.findDelivery('dlv_1')).toBe(undefined);
      expect(await store.openEvents('acme_status')).toEqual([]);
      expect(await store.dueDeliveries(now, 10)).toEqual([]);
      expect(await store.undecided(muchLater, 10)).toEqual([]);
    });

    it('gives a stored event back as it is', async () => {
      const kept = record(
        'evt_1',
        3,
        { description: 'why', resolved_at: at(2), kind: 'status', severity: 'info' },
        {
          subject: 'acme_status:component:1',
          vendor_updated_at: at(1),
          test_mode: true,
          closed_by_hand: 'critical',
          last_seen_at: at(9),
          seen_count: 7,
          version: 4,
          routed_version: 3,
          routed: true,
          routing_reason: 'Sent, because critical events are always sent.',
          request_id: 'req-7',
          deliveries: [
            aDelivery({
              event_id: 'evt_1',
              status: 'failed',
              attempts: 2,
              last_error: 'answered 400',
              next_attempt_at: null,
              may_have_arrived: true,
            }),
            aDelivery({
              event_id: 'evt_1',
              cycle: 2,
              retried_at: at(4),
              attempt_started_at: at(4),
              leased_until: at(5),
            }),
            aDelivery({ event_id: 'evt_1', destination: 'other', status: 'delivered', delivered_at: at(6) }),
          ],
        },
      );
      await keep(store, kept);

      expect(await store.find('evt_1')).toEqual(kept);
      expect((await store.read('evt_1'))?.record).toEqual(kept);
      expect((await store.list({ limit: 1 })).records).toEqual([kept]);
    });

    it('hands the decision what is stored, and keeps and returns what it decided', async () => {
      await keep(store, record('evt_1'));
      const result = await store.change('evt_1', (found) => {
        if (found === undefined || found === 'forgotten') return { result: 'not there' };
        return { result: `seen ${found.seen_count}`, record: { ...found, seen_count: found.seen_count + 1 } };
      });
      expect(result).toBe('seen 1');
      expect(await store.find('evt_1')).toMatchObject({ seen_count: 2 });
    });

    it('a decision that keeps nothing changes nothing', async () => {
      await keep(store, record('evt_1'), [entry('stored')]);
      const before = await store.read('evt_1');
      expect(await store.change('evt_1', () => ({ result: 'seen' }))).toBe('seen');
      expect(await store.read('evt_1')).toEqual(before);
    });

    it('a decision that keeps nothing of an unknown event leaves it unknown', async () => {
      expect(await store.change('evt_1', (found) => ({ result: found }))).toBe(undefined);
      expect(await store.find('evt_1')).toBe(undefined);
      expect(await listed(store)).toEqual([]);
    });

    it('a decision that throws rejects with what it threw, and nothing is kept', async () => {
      const broken = new Error('the decision is broken');
      const decide = () => {
        throw broken;
      };
      await expect(store.change('evt_1', decide)).rejects.toBe(broken);
      expect(await store.find('evt_1')).toBe(undefined);

      await keep(store, record('evt_1'));
      await expect(store.change('evt_1', decide)).rejects.toBe(broken);
      expect(await store.find('evt_1')).toEqual(record('evt_1'));
    });

    it('of fifty who store one event at once, one does and the others find it stored', async () => {
      const results = await Promise.all(
        numbered(50).map((requestId) =>
          store.change('evt_1', (found) =>
            found === undefined
              ? {
                  result: 'stored',
                  record: record('evt_1', 0, {}, { request_id: requestId }),
                  history: [entry('stored')],
                }
              : { result: 'found' },
          ),
        ),
      );
      expect(results.filter((result) => result === 'stored')).toHaveLength(1);
      expect(results.filter((result) => result === 'found')).toHaveLength(49);
      expect((await store.read('evt_1'))?.history).toEqual([entry('stored')]);
    });

    it('no change is lost when fifty change one event at once', async () => {
      await keep(store, record('evt_1'));
      await Promise.all(
        numbered(50).map(() =>
          store.change('evt_1', (found) => {
            if (found === undefined || found === 'forgotten') return { result: undefined };
            const count = found.seen_count + 1;
            return {
              result: undefined,
              record: { ...found, seen_count: count },
              history: [{ ...entry('updated'), reason: String(count) }],
            };
          }),
        ),
      );
      expect(await store.find('evt_1')).toMatchObject({ seen_count: 51 });
      const reasons = (await store.read('evt_1'))?.history.map(({ reason }) => reason);
      expect(reasons).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 2)));
    });

    it('fifty different events stored at once are all stored', async () => {
      const ids = numbered(50);
      await Promise.all(ids.map((id) => keep(store, record(id))));
      expect([...(await listed(store))].sort()).toEqual([...ids].sort());
    });

    it('keeps the history in the order in which it was made', async () => {
      await keep(store, record('evt_1'), [entry('stored', 5)]);
      const decided: HistoryEntry = {
        ...entry('routing_decided', 3),
        reason: 'because',
        fields: { routed: { old: false, new: true }, resolved_at: { old: null, new: at(1) } },
      };
      const delivered: HistoryEntry = { ...entry('delivered', 4), destination: 'pagerduty', action: 'trigger' };
      await keep(store, record('evt_1'), [decided, delivered]);
      await store.change('evt_1', () => ({ result: undefined, history: [entry('updated', 1)] }));

      expect((await store.read('evt_1'))?.history).toEqual([
        entry('stored', 5),
        decided,
        delivered,
        entry('updated', 1),
      ]);
    });

    it('keeps the attempts of each delivery in the order in which they were made', async () => {
      await keep(store, record('evt_1'));
      for (const [deliveryId, number] of [
        ['dlv_a', 1],
        ['dlv_b', 1],
        ['dlv_a', 2],
        ['dlv_a', 3],
      ] as const) {
        await store.change('evt_1', () => ({ result: undefined, attempt: { deliveryId, attempt: attempt(number) } }));
      }
      const detail = await store.read('evt_1');
      expect([...(detail?.attempts ?? [])].sort()).toEqual([
        ['dlv_a', [attempt(1), attempt(2), attempt(3)]],
        ['dlv_b', [attempt(1)]],
      ]);
    });

    it('what was read stays as it was read', async () => {
      await keep(store, record('evt_1'), [entry('stored')]);
      const change = () =>
        store.change('evt_1', (found) => ({
          result: undefined,
          ...(found !== undefined &&
            found !== 'forgotten' && { record: { ...found, seen_count: found.seen_count + 1 } }),
          history: [entry('updated')],
          attempt: { deliveryId: 'dlv_a', attempt: attempt(1) },
        }));
      await change();
      const first = await store.read('evt_1');
      await change();
      expect(first?.record.seen_count).toBe(2);
      expect(first?.history).toHaveLength(2);
      expect(first?.attempts.get('dlv_a')).toEqual([attempt(1)]);
    });

    it('keeps any text, wherever it stands', async () => {
      const id = `evt_${hardText}`;
      const delivery = aDelivery({ event_id: id, destination: hardText, last_error: hardText, request_id: hardText });
      const event = { service: hardText, summary: hardText, description: hardText, raw: { [hardText]: [hardText] } };
      const kept = record(id, 0, event, {
        subject: hardText,
        routing_reason: hardText,
        request_id: hardText,
        routed_version: 0,
        deliveries: [delivery],
      });
      const changed: HistoryEntry = {
        ...entry('updated'),
        request_id: hardText,
        reason: hardText,
        destination: hardText,
        fields: { [hardText]: { old: hardText, new: { [hardText]: hardText } } },
      };
      const tried = { ...attempt(1), error: hardText };
      await store.change(id, () => ({
        result: undefined,
        record: kept,
        history: [changed],
        attempt: { deliveryId: delivery.id, attempt: tried },
      }));

      expect(await store.find(id)).toEqual(kept);
      expect(await store.read(id)).toEqual({
        record: kept,
        history: [changed],
        attempts: new Map([[delivery.id, [tried]]]),
      });
      expect(await listed(store, { service: hardText })).toEqual([id]);
      expect(await store.openEvents('acme_status')).toEqual([
        { event_id: id, subject: hardText, started_at: kept.event.started_at },
      ]);
      expect(await store.dueDeliveries(now, 10)).toEqual([
        { eventId: id, deliveryId: delivery.id, requestId: hardText },
      ]);
      expect(await store.undecided(muchLater, 10)).toEqual([{ eventId: id, requestId: hardText }]);
    });

    it('ids that differ only in what UTF-8 cannot hold are two events', async () => {
      const ids = ['evt_\ud800', 'evt_\ud801', 'evt_\ufffd', 'evt_', 'evt_\u0000', 'EVT_', 'evt_ '];
      await keepAll(
        store,
        ids.map((id) => record(id)),
      );
      expect(await listed(store)).toEqual([...ids].reverse());
      for (const id of ids) expect(await store.find(id)).toEqual(record(id));
    });

    it.each([
      ['null', null],
      ['a text', hardText],
      ['an empty list', []],
      ['a nested object', hardRaw],
    ])('gives %s back as the vendor sent it', async (_what, raw) => {
      await keep(store, record('evt_1', 0, { raw }));
      const found = await store.find('evt_1');
      const text = found === undefined || found === 'forgotten' ? 'nothing' : JSON.stringify(found.event.raw);
      expect(text).toBe(JSON.stringify(raw));
    });

    it('keeps a large event whole', async () => {
      const raw = { text: 'x'.repeat(2_000_000) };
      await keep(store, record('evt_1', 0, { raw }));
      expect((await store.read('evt_1'))?.record.event.raw).toEqual(raw);
    });

    it('lists the newest first, and what was seen in one instant in order of arrival', async () => {
      await keepAll(store, [record('a', 1), record('b', 1), record('c', 2), record('d', 3), record('e', 3)]);
      expect(await listed(store)).toEqual(['e', 'd', 'c', 'b', 'a']);
    });

    it('an event that changes keeps its place in the list', async () => {
      await keepAll(store, [record('a', 1), record('b', 2)]);
      await revise(store, 'a', (stored) => ({ ...stored, last_seen_at: at(9), version: 2 }));
      expect(await listed(store)).toEqual(['b', 'a']);
    });

    it.each([
      [1, ['d'], true],
      [3, ['d', 'c', 'b'], true],
      [4, ['d', 'c', 'b', 'a'], false],
      [5, ['d', 'c', 'b', 'a'], false],
    ])('lists at most %i, and says where to go on only if there is more', async (limit, ids, hasNext) => {
      await keepAll(store, [record('a', 1), record('b', 2), record('c', 3), record('d', 4)]);
      const page = await store.list({ limit });
      expect(idsOf(page.records)).toEqual(ids);
      expect(page.next !== null).toBe(hasNext);
    });

    it('pages through all events without a gap or a repeat, while new ones arrive', async () => {
      const ids = numbered(23);
      // Seven to an toIso, so that pages end within one.
      await keepAll(
        store,
        ids.map((id, index) => record(id, Math.floor(index / 7))),
      );
      const paged: string[] = [];
      let page = await store.list({ limit: 5 });
      paged.push(...idsOf(page.records));
      for (let round = 0; page.next !== null; round++) {
        await keep(store, record(`late_${round}`, 3));
        page = await store.list({ limit: 5, before: page.next });
        expect(page.records.length).toBeLessThanOrEqual(5);
        paged.push(...idsOf(page.records));
      }
      expect(paged).toEqual([...ids].reverse());
    });

    it('pages through what a filter leaves without a gap or a repeat', async () => {
      const ids = numbered(20);
      await keepAll(
        store,
        ids.map((id, index) => record(id, index, { severity: index % 3 === 0 ? 'info' : 'critical' })),
      );
      const first = await store.list({ limit: 4, severity: 'info' });
      expect(idsOf(first.records)).toEqual(['evt_18', 'evt_15', 'evt_12', 'evt_9']);
      const second = await store.list({ limit: 4, severity: 'info', before: first.next ?? undefined });
      expect(idsOf(second.records)).toEqual(['evt_6', 'evt_3', 'evt_0']);
      expect(second.next).toBe(null);
    });

    it.each<[Partial<EventQuery>, readonly string[]]>([
      [{}, ['d', 'c', 'b', 'a']],
      [{ source: 'acme_status' }, ['b', 'a']],
      [{ source: 'nobody_status' }, []],
      [{ kind: 'payment' }, ['d', 'c']],
      [{ kind: 'outage' }, []],
      [{ severity: 'warning' }, ['c']],
      [{ service: 'Dashboard' }, ['b']],
      [{ service: 'dashboard' }, []],
      [{ state: 'open' }, ['d', 'c', 'a']],
      [{ state: 'resolved' }, ['b']],
      [{ routed: true }, ['d', 'a']],
      [{ routed: false }, ['c', 'b']],
      [{ since: at(2) }, ['d', 'c', 'b']],
      [{ since: at(9) }, []],
      [{ until: at(3) }, ['b', 'a']],
      [{ until: at(1) }, []],
      [{ until: at(9) }, ['d', 'c', 'b', 'a']],
      [{ since: at(2), until: at(3) }, ['b']],
      [{ since: at(2), until: at(2) }, []],
      [{ source: 'stripe', severity: 'critical', routed: true }, ['d']],
      [{ source: 'stripe', state: 'resolved' }, []],
    ])('lists only what %j asks for', async (query, ids) => {
      await keepAll(store, [
        record('a', 1, { severity: 'critical' }, { routed: true }),
        record('b', 2, { kind: 'status', service: 'Dashboard', severity: 'info', resolved_at: at(1) }),
        record('c', 3, { source: 'stripe', kind: 'payment', service: 'stripe', severity: 'warning' }),
        record('d', 4, { source: 'stripe', kind: 'payment', service: 'stripe' }, { routed: true }),
      ]);
      expect(await listed(store, query)).toEqual(ids);
    });

    it('filters by what an event is now, not by what it was', async () => {
      await keep(store, record('a'));
      await revise(store, 'a', (stored) => ({
        ...stored,
        event: { ...stored.event, severity: 'info', service: 'billing', resolved_at: at(5) },
        routed: true,
      }));
      const then = { severity: 'critical', service: 'acme', state: 'open', routed: false } as const;
      for (const [field, value] of Object.entries(then)) expect(await listed(store, { [field]: value })).toEqual([]);
      const isNow = { severity: 'info', service: 'billing', state: 'resolved', routed: true } as const;
      expect(await listed(store, isNow)).toEqual(['a']);
    });

    it('finds a delivery by its id, as it is now', async () => {
      const { failed, pending, resolve } = await keepDeliveries(store);
      expect(await store.findDelivery(resolve.id)).toEqual(resolve);
      expect(await store.findDelivery(failed.id)).toEqual(failed);
      await revise(store, 'b', (stored) => ({ ...stored, deliveries: [{ ...pending, attempts: 3 }] }));
      expect(await store.findDelivery(pending.id)).toEqual({ ...pending, attempts: 3 });
      expect(await store.findDelivery(`${pending.id}${hardText}`)).toBe(undefined);
    });

    it('lists the deliveries of the newest event first, and of one event the newest first', async () => {
      const { failed, pending, delivered, resolve, other } = await keepDeliveries(store);
      const { deliveries, next } = await store.listDeliveries({ limit: 5 });
      expect(deliveries).toEqual([other, resolve, delivered, pending, failed]);
      expect(next).toBe(null);
    });

    it.each<[Partial<DeliveryQuery>, readonly ('failed' | 'pending' | 'delivered' | 'resolve' | 'other')[]]>([
      [{ status: 'failed' }, ['resolve', 'failed']],
      [{ status: 'superseded' }, ['other']],
      [{ action: 'resolve' }, ['resolve']],
      [{ action: 'trigger' }, ['other', 'delivered', 'pending', 'failed']],
      [{ destination: 'pagerduty' }, ['resolve', 'delivered', 'pending', 'failed']],
      [{ destination: hardText }, ['other']],
      [{ destination: 'nowhere' }, []],
      [{ since: at(2) }, ['other', 'resolve', 'delivered', 'pending']],
      [{ since: at(4) }, []],
      [{ until: at(3) }, ['pending', 'failed']],
      [{ until: at(1) }, []],
      [{ since: at(2), until: at(3) }, ['pending']],
      [{ status: 'failed', action: 'trigger', destination: 'pagerduty' }, ['failed']],
      [{ status: 'failed', since: at(2) }, ['resolve']],
    ])('lists only the deliveries that %j asks for', async (query, names) => {
      const deliveries = await keepDeliveries(store);
      expect(await idsOfDeliveries(store, query)).toEqual(names.map((name) => deliveries[name].id));
    });

    it.each<[Partial<DeliveryQuery>]>([[{}], [{ status: 'failed' }], [{ since: at(1), until: at(5) }]])(
      'pages through the deliveries of %j without a gap or a repeat, within one event too, while new ones arrive',
      async (query) => {
        const owed = (id: string, cycles: number) =>
          numbered(cycles).map((_, index) => aDelivery({ event_id: id, cycle: index + 1, status: 'failed' }));
        const all = [owed('a', 3), owed('b', 1), owed('c', 4)] as const;
        await keepAll(store, [
          record('a', 1, {}, { deliveries: all[0] }),
          record('b', 2, {}, { deliveries: all[1] }),
          record('c', 2, {}, { deliveries: all[2] }),
        ]);
        const paged: string[] = [];
        let page = await store.listDeliveries({ ...query, limit: 2 });
        for (let round = 0; ; round++) {
          paged.push(...page.deliveries.map(({ id }) => id));
          if (page.next === null) break;
          await keep(store, record(`late_${round}`, 3, {}, { deliveries: owed(`late_${round}`, 1) }));
          page = await store.listDeliveries({ ...query, limit: 2, before: page.next });
          expect(page.deliveries.length).toBeLessThanOrEqual(2);
        }
        expect(paged).toEqual(
          all
            .flat()
            .map(({ id }) => id)
            .reverse(),
        );
      },
    );

    it('lists a delivery by what it is now, and where it was', async () => {
      const { failed } = await keepDeliveries(store);
      await revise(store, 'a', (stored) => ({ ...stored, deliveries: [{ ...failed, status: 'pending' }] }));
      expect(await idsOfDeliveries(store, { status: 'failed' })).not.toContain(failed.id);
      expect((await idsOfDeliveries(store)).at(-1)).toBe(failed.id);
    });

    it('an event that was resolved by hand is heard of again, unless it is a payment', async () => {
      const closed = { resolved_at: at(1) };
      await keepAll(store, [
        record('by hand', 1, closed, { closed_by_hand: 'critical' }),
        record('by its vendor', 2, closed, { closed_by_hand: null }),
        record('payment', 3, { ...closed, kind: 'payment' }, { closed_by_hand: 'critical' }),
      ]);
      expect(await store.openEvents('acme_status')).toMatchObject([{ event_id: 'by hand' }]);
      expect(await listed(store, { state: 'open' })).toEqual([]);
      await revise(store, 'by hand', (stored) => ({ ...stored, closed_by_hand: null }));
      expect(await store.openEvents('acme_status')).toEqual([]);
    });

    /** The ids of what changed after the cursor, and the cursor to go on from. */
    const changesAfter = async (cursor: string | null, limit = 100) => {
      const changes = await store.changes(cursor, limit);
      if (changes === 'lost') throw new Error('the cursor is lost');
      return { ids: idsOf(changes.records), ...changes };
    };
    const cursorOfNow = async () => (await changesAfter(null)).cursor;

    it('tells nothing of what was stored before somebody asked', async () => {
      await keep(store, record('a'));
      const start = await changesAfter(null);
      expect(start.ids).toEqual([]);
      expect(await changesAfter(start.cursor)).toMatchObject({ ids: [], cursor: expect.any(String) });
      expect(start.cursor).toMatch(/^[\x21-\x7e]+$/);
    });

    it('tells what was stored and what changed since, as it is now, and then nothing more', async () => {
      const start = await cursorOfNow();
      await keepAll(store, [record('a', 1), record('b', 2)]);
      const first = await changesAfter(start);
      expect(first.records).toEqual([record('a', 1), record('b', 2)]);
      expect((await changesAfter(first.cursor)).ids).toEqual([]);

      await revise(store, 'a', (stored) => ({ ...stored, version: 2 }));
      await keep(store, record('c', 3));
      await revise(store, 'a', (stored) => ({ ...stored, event: { ...stored.event, severity: 'info' }, version: 3 }));
      const second = await changesAfter(first.cursor);
      expect(second.ids).toEqual(['c', 'a']);
      expect(second.records[1]).toMatchObject({ version: 3, event: { severity: 'info' } });
      expect((await changesAfter(second.cursor)).ids).toEqual([]);
      expect((await changesAfter(start)).ids).toEqual(['b', 'c', 'a']);
    });

    it.each<[string, boolean, Partial<EventRecord>]>([
      ['a mere sighting', false, { seen_count: 2, last_seen_at: at(9) }],
      ['a routing decision', true, { routed: true, routing_reason: 'because' }],
      ['a delivery that is owed', true, { deliveries: [aDelivery({ event_id: 'a' })] }],
      ['a delivery taken away', true, { deliveries: [] }],
      ['nothing at all', false, {}],
    ])('whether %s is told', async (_what, isTold, change) => {
      const deliveries = change.deliveries?.length === 0 ? [aDelivery({ event_id: 'a' })] : [];
      await keep(store, record('a', 0, {}, { deliveries }));
      const start = await cursorOfNow();
      await revise(store, 'a', (stored) => ({ ...stored, ...change }));
      expect((await changesAfter(start)).ids).toEqual(isTold ? ['a'] : []);
    });

    it.each<[string, boolean, Parameters<typeof aDelivery>[0]]>([
      ['the beginning of an attempt', false, { attempt_started_at: at(1), leased_until: at(2) }],
      ['a failed attempt', true, { attempts: 1, last_error: 'answered 503', next_attempt_at: at(3) }],
      ['an accepted delivery', true, { status: 'delivered', attempts: 1, delivered_at: at(1), next_attempt_at: null }],
    ])('whether %s is told', async (_what, isTold, step) => {
      const second = aDelivery({ event_id: 'a', destination: 'other' });
      await keep(store, record('a', 0, {}, { deliveries: [second, aDelivery({ event_id: 'a' })] }));
      const start = await cursorOfNow();
      await revise(store, 'a', (stored) => ({
        ...stored,
        deliveries: [second, aDelivery({ event_id: 'a', ...step })],
      }));
      expect((await changesAfter(start)).ids).toEqual(isTold ? ['a'] : []);
    });

    it.each([1, 2, 7, 8])('tells what changed in portions of %i without a gap or a repeat', async (limit) => {
      const start = await cursorOfNow();
      const ids = numbered(7);
      await Promise.all(ids.map((id) => keep(store, record(id))));
      const told: string[] = [];
      let cursor = start;
      for (let portions = 0; portions < 9; portions++) {
        const portion = await changesAfter(cursor, limit);
        expect(portion.ids.length).toBeLessThanOrEqual(limit);
        told.push(...portion.ids);
        cursor = portion.cursor;
      }
      expect(told.toSorted()).toEqual(ids);
    });

    it('misses nothing that is stored while it tells, whoever reads how often', async () => {
      const ids = numbered(200);
      let cursor = await cursorOfNow();
      const told = new Set<string>();
      const readOn = async () => {
        const portion = await changesAfter(cursor, 7);
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
        await keep(store, record('a'));
        expect(await store.changes(cursor, 10)).toBe('lost');
      },
    );

    it('knows the open events of one source that have a life', async () => {
      await keepAll(store, [
        record('incident', 1, { started_at: at(-5) }),
        record('component', 2, { kind: 'status', started_at: at(-6) }, { subject: 'acme_status:component:1' }),
        record('resolved', 3, { resolved_at: at(1) }),
        record('payment', 4, { kind: 'payment' }),
        record('elsewhere', 5, { source: 'other_status' }),
      ]);
      const open = await store.openEvents('acme_status');
      expect([...open].sort((a, b) => a.event_id.localeCompare(b.event_id))).toEqual([
        { event_id: 'component', subject: 'acme_status:component:1', started_at: at(-6) },
        { event_id: 'incident', subject: 'incident', started_at: at(-5) },
      ]);
      expect(await store.openEvents('stripe')).toEqual([]);
    });

    it('an event is open until it is resolved, and again when it is opened again', async () => {
      const end = (resolved_at: string | null) =>
        revise(store, 'a', (stored) => ({ ...stored, event: { ...stored.event, resolved_at } }));
      await keep(store, record('a'));
      await end(at(1));
      expect(await store.openEvents('acme_status')).toEqual([]);
      await end(null);
      expect(await store.openEvents('acme_status')).toMatchObject([{ event_id: 'a' }]);
    });

    it.each([
      ['that is owed now', {}, true],
      ['whose time is just come', { next_attempt_at: at(0) }, true],
      ['whose time is not come', { next_attempt_at: at(1) }, false],
      ['with no time to wait for', { next_attempt_at: null }, true],
      ['that is in flight', { attempt_started_at: at(-1), leased_until: at(1) }, false],
      ['whose lease ran out', { attempt_started_at: at(-2), leased_until: at(-1) }, true],
      ['that is delivered', { status: 'delivered' }, false],
      ['that failed', { status: 'failed' }, false],
      ['that is superseded', { status: 'superseded' }, false],
    ] as const)('whether a delivery %s is due', async (_which, overrides, due) => {
      const delivery = aDelivery({ event_id: 'a', request_id: 'req-9', ...overrides });
      await keep(store, record('a', 0, {}, { deliveries: [delivery] }));
      expect(await store.dueDeliveries(now, 10)).toEqual(
        due ? [{ eventId: 'a', deliveryId: delivery.id, requestId: 'req-9' }] : [],
      );
    });

    it.each([
      ['pending', 'trigger'],
      ['delivered', 'resolve'],
    ] as const)('while a trigger is %s, it is the %s that is due', async (status, due) => {
      const trigger = aDelivery({ event_id: 'a', status });
      const resolve = aDelivery({ event_id: 'a', action: 'resolve' });
      await keep(store, record('a', 0, {}, { deliveries: [trigger, resolve] }));
      const expected = due === 'trigger' ? trigger.id : resolve.id;
      expect((await store.dueDeliveries(now, 10)).map(({ deliveryId }) => deliveryId)).toEqual([expected]);
    });

    it('nothing is due while the attempt that a resolve waits for is in flight', async () => {
      const trigger = aDelivery({ event_id: 'a', attempt_started_at: at(-1), leased_until: at(1) });
      await keep(store, record('a', 0, {}, { deliveries: [trigger, aDelivery({ event_id: 'a', action: 'resolve' })] }));
      expect(await store.dueDeliveries(now, 10)).toEqual([]);
    });

    it('the deliveries of one event to two destinations are due side by side', async () => {
      const deliveries = ['one', 'two'].map((destination) => aDelivery({ event_id: 'a', destination }));
      await keep(store, record('a', 0, {}, { deliveries }));
      const due = await store.dueDeliveries(now, 10);
      expect(due.map(({ deliveryId }) => deliveryId).sort()).toEqual(deliveries.map(({ id }) => id).sort());
    });

    it('gives the oldest deliveries that are due, as many as are asked for', async () => {
      const owedAt = (id: string, minute: number) =>
        record(
          id,
          minute,
          {},
          {
            deliveries: [aDelivery({ event_id: id, created_at: at(minute), next_attempt_at: at(minute) })],
          },
        );
      await keepAll(store, [owedAt('a', -5), owedAt('b', -4), owedAt('late', 4), owedAt('c', -3)]);
      expect((await store.dueDeliveries(now, 10)).map(({ eventId }) => eventId)).toEqual(['a', 'b', 'c']);
      expect((await store.dueDeliveries(now, 2)).map(({ eventId }) => eventId)).toEqual(['a', 'b']);
    });

    it('counts what is pending and tells since when the oldest of it is owed, whatever it waits for', async () => {
      expect(await store.backlog()).toEqual({ pending: 0, oldestCreatedAt: null });
      const owedAt = (event_id: string, minute: number, overrides: Parameters<typeof aDelivery>[0] = {}) =>
        aDelivery({ event_id, created_at: at(minute), ...overrides });
      const tricky = `"created_at":"2000-01-01T00:00:00.000Z" ${hardText}`;
      await keepAll(store, [
        record('a', 0, {}, { deliveries: [owedAt('a', 3), owedAt('a', 4, { action: 'resolve' })] }),
        record('b', 1, {}, { deliveries: [owedAt('b', -9, { status: 'delivered' })] }),
        record(tricky, 2, {}, { deliveries: [owedAt(tricky, 2, { last_error: tricky, next_attempt_at: at(9) })] }),
        record('d', 3, {}, { deliveries: [owedAt('d', 1, { attempts: 3, leased_until: at(9) })] }),
      ]);
      expect(await store.backlog()).toEqual({ pending: 4, oldestCreatedAt: at(1) });

      await revise(store, 'd', (stored) => ({ ...stored, deliveries: [owedAt('d', 1, { status: 'failed' })] }));
      expect(await store.backlog()).toEqual({ pending: 3, oldestCreatedAt: at(2) });
    });

    it('a delivery that came to its end is not due any more', async () => {
      await keep(store, record('a', 0, {}, { deliveries: [aDelivery({ event_id: 'a' })] }));
      await revise(store, 'a', (stored) => ({
        ...stored,
        deliveries: [aDelivery({ event_id: 'a', status: 'delivered' })],
      }));
      expect(await store.dueDeliveries(now, 10)).toEqual([]);
    });

    it('knows the events whose last change was not routed, as many as are asked for', async () => {
      await keepAll(store, [
        record('a', 1, {}, { version: 1, routed_version: 0, request_id: 'req-a' }),
        record('b', 2, {}, { version: 3, routed_version: 3 }),
        record('c', 3, {}, { version: 3, routed_version: 2, request_id: 'req-c' }),
      ]);
      expect(await store.undecided(muchLater, 10)).toEqual([
        { eventId: 'a', requestId: 'req-a' },
        { eventId: 'c', requestId: 'req-c' },
      ]);
      expect(await store.undecided(muchLater, 1)).toEqual([{ eventId: 'a', requestId: 'req-a' }]);
      expect(await store.undecided(at(1), 10)).toEqual([{ eventId: 'a', requestId: 'req-a' }]);
      expect(await store.undecided(at(0), 10)).toEqual([]);

      await revise(store, 'a', (stored) => ({ ...stored, routed_version: 1 }));
      await revise(store, 'b', (stored) => ({ ...stored, version: 4, request_id: 'req-b' }));
      expect([...(await store.undecided(muchLater, 10))].map(({ eventId }) => eventId).sort()).toEqual(['b', 'c']);
    });

    it('keeps a state under its key, and the last one that was saved', async () => {
      expect(await store.loadState('page:acme')).toBe(undefined);
      await store.saveState('page:acme', { condition: 'good' });
      await store.saveState('page:other', [1, null, hardText]);
      await store.saveState('page:acme', { condition: 'blind', since: null });
      expect(await store.loadState('page:acme')).toEqual({ condition: 'blind', since: null });
      expect(await store.loadState('page:other')).toEqual([1, null, hardText]);
      expect(await store.loadState('page:')).toBe(undefined);
    });

    it.each([null, false, 0, '', { nested: [hardRaw] }])('keeps the state %j', async (state) => {
      await store.saveState(hardText, state);
      expect(JSON.stringify(await store.loadState(hardText))).toBe(JSON.stringify(state));
    });

    it('a state that is changed after it was saved is not changed in the store', async () => {
      const state = { list: [1] };
      await store.saveState('key', state);
      state.list.push(2);
      expect(await store.loadState('key')).toEqual({ list: [1] });
    });
  });
};
