// The listing of events: its order, its filters, its pages.
import { expect, it } from 'vitest';
import type { EventRecord } from '../../../src/domain/event-record.ts';
import { type EventFilters, filterNames, matchesFilters } from '../../../src/stores/event-filter.ts';
import {
  at,
  type CreateStore,
  idOf,
  idsOf,
  keep,
  keepAll,
  listed,
  numbered,
  payment,
  record,
  reviseEvent,
  useStore,
} from './setup.ts';

/** Events that differ in all that is filtered by, oldest first. */
const variety: readonly EventRecord[] = [
  record('a', 1, { summary: 'Payments are down' }, { routed: true, alert_id: 'a' }),
  record('b', 2, { kind: 'status', service: 'Dashboard', severity: 'info', resolved_at: at(1), summary: 'API down' }),
  record('c', 2, { source: 'other_status', severity: 'warning', description: 'PAYMENTS of Žižkov' }, { alert_id: 'a' }),
  payment('d', 3, { alert_id: 'd', alert_is_open: true, routed: true, facts: { reason: 'payments_paused' } }),
  payment('e', 4, { alert_id: 'd', alert_is_open: false }, { severity: 'warning', service: 'stripe' }),
  record('f', 5, {}, { facts: { item: 'maintenance', status: 'scheduled' }, traits: traitsOf('maintenance') }),
  record('g', 6, {}, { facts: { item: 'maintenance', status: 'in_progress' }, traits: traitsOf('maintenance') }),
  record('h', 7, { service: 'Dashboard', kind: 'status' }, { routed: true, facts: { components: ['Žižkov', '決済'] } }),
];

function traitsOf(item: EventRecord['traits']['item']): EventRecord['traits'] {
  return { item, name: null, components: [], group: null, pageSize: 0 };
}

/** Values for each filter: those that some of the events have, and one that none has. */
const values: { readonly [Name in keyof EventFilters]-?: readonly EventFilters[Name][] } = {
  source: ['acme_status', 'stripe', 'nobody_status', 'stripe\u0000'],
  kind: ['incident', 'status', 'payment'],
  severity: ['info', 'warning', 'critical'],
  service: ['acme', 'Dashboard', 'dashboard'],
  state: ['open', 'resolved'],
  routed: [true, false],
  since: [at(0), at(2), at(5), at(9)],
  until: [at(0), at(2), at(5), at(9)],
  alert_id: ['a', 'd', 'A'],
  q: ['payments', 'down PAYMENTS', 'žižkov', '決済', 'pay', '', 'in_progress'],
};

const single: readonly EventFilters[] = filterNames.flatMap((name) => values[name].map((value) => ({ [name]: value })));
const pairs: readonly EventFilters[] = filterNames.flatMap((one, index) =>
  filterNames
    .slice(index + 1)
    .flatMap((other) => values[one].flatMap((a) => values[other].map((b) => ({ [one]: a, [other]: b })))),
);

const expected = (records: readonly EventRecord[], filters: EventFilters): readonly string[] =>
  records
    .filter((each) => matchesFilters(each, filters))
    .map(idOf)
    .toReversed();

export const listEventsContract = (createStore: CreateStore): void => {
  const { current } = useStore(createStore);

  it('lists the newest first, and what was seen in one moment in order of arrival', async () => {
    const store = current();
    await keepAll(store, [record('a', 1), record('b', 1), record('c', 2), record('d', 3), record('e', 3)]);
    expect(await listed(store)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('an event that changes keeps its place in the list', async () => {
    const store = current();
    await keepAll(store, [record('a', 1), record('b', 2)]);
    await reviseEvent(store, 'a', (found) => ({ ...found, last_seen_at: at(9), routed: true }));
    expect(await listed(store)).toEqual(['b', 'a']);
  });

  it.each([
    [1, ['d'], true],
    [3, ['d', 'c', 'b'], true],
    [4, ['d', 'c', 'b', 'a'], false],
    [5, ['d', 'c', 'b', 'a'], false],
  ])('lists at most %i, and says where to go on only if there is more', async (limit, ids, hasNext) => {
    await keepAll(current(), [record('a', 1), record('b', 2), record('c', 3), record('d', 4)]);
    const page = await current().listEvents({ limit });
    expect(idsOf(page.events)).toEqual(ids);
    expect(page.next !== null).toBe(hasNext);
  });

  it('pages through all events without a gap or a repeat, while new ones arrive', async () => {
    const store = current();
    const ids = numbered(23);
    // Seven to a moment, so that pages end within one.
    await keepAll(
      store,
      ids.map((id, index) => record(id, Math.floor(index / 7))),
    );
    const paged: string[] = [];
    let page = await store.listEvents({ limit: 5 });
    paged.push(...idsOf(page.events));
    for (let round = 0; page.next !== null; round++) {
      await keep(store, record(`late_${round}`, 3));
      page = await store.listEvents({ limit: 5, before: page.next });
      expect(page.events.length).toBeLessThanOrEqual(5);
      paged.push(...idsOf(page.events));
    }
    expect(paged).toEqual([...ids].reverse());
  });

  it('has a value for every filter to be tried with', () => {
    expect(Object.keys(values).toSorted()).toEqual([...filterNames].toSorted());
    for (const name of filterNames) {
      const found = values[name].map((value) => expected(variety, { [name]: value }).length);
      expect([name, Math.max(...found) > 0 && Math.min(...found) < variety.length]).toEqual([name, true]);
    }
  });

  it('lists what each filter asks for', async () => {
    const store = current();
    await keepAll(store, variety);
    for (const filters of single) {
      expect([filters, await listed(store, filters)]).toEqual([filters, expected(variety, filters)]);
    }
  });

  it('lists what each two filters ask for together', async () => {
    const store = current();
    await keepAll(store, variety);
    for (const filters of pairs) {
      expect([filters, await listed(store, filters)]).toEqual([filters, expected(variety, filters)]);
    }
  }, 60_000);

  it('filters by what an event is now, not by what it was', async () => {
    const store = current();
    await keep(store, record('a'));
    await reviseEvent(store, 'a', (found) => ({
      ...found,
      event: { ...found.event, severity: 'info', service: 'billing', resolved_at: at(5), summary: 'All is well' },
      routed: true,
      alert_id: 'b',
    }));
    const then = { severity: 'critical', service: 'acme', state: 'open', routed: false, q: 'payments' } as const;
    for (const [name, value] of Object.entries(then)) expect(await listed(store, { [name]: value })).toEqual([]);
    const isNow = {
      severity: 'info',
      service: 'billing',
      state: 'resolved',
      routed: true,
      alert_id: 'b',
      q: 'well',
    } as const;
    for (const [name, value] of Object.entries(isNow)) expect(await listed(store, { [name]: value })).toEqual(['a']);
    expect(await listed(store, isNow)).toEqual(['a']);
  });

  it.each<[string, EventFilters]>([
    ['one value', { severity: 'info' }],
    ['many combinations', { kind: 'incident' }],
    ['words', { q: 'payments', severity: 'info' }],
    ['an alert', { alert_id: 'odd', severity: 'info' }],
    ['a span', { since: at(20), until: at(100), severity: 'info' }],
    ['nothing', { service: 'nobody' }],
  ])('pages through what %s leaves, however few rows a page may look at', async (_which, filters) => {
    const store = await createStore({ maxScan: 7 });
    const records = numbered(120).map((id, index) =>
      record(
        id,
        index,
        { severity: index % 20 === 3 ? 'info' : 'critical', service: `service ${index % 60}` },
        { alert_id: index % 2 === 1 ? 'odd' : null },
      ),
    );
    await keepAll(store, records);
    const paged: string[] = [];
    let before: { readonly sequence: number } | undefined;
    do {
      const page = await store.listEvents({ ...filters, limit: 3, before });
      expect(page.events.length).toBeLessThanOrEqual(3);
      paged.push(...idsOf(page.events));
      if (page.next && before) expect(page.next.sequence).toBeLessThan(before.sequence);
      before = page.next ?? undefined;
    } while (before);
    expect(paged).toEqual(expected(records, filters));
    await store.close();
  });

  it('ends a page when its rows are large, never an empty one, and goes on behind it', async () => {
    const store = current();
    const sizes: Readonly<Record<string, number>> = { a: 10, b: 90_000, c: 400_000, d: 90_000, e: 90_000, f: 90_000 };
    for (const [id, size] of Object.entries(sizes)) {
      await keep(store, record(id), { rawJson: JSON.stringify('x'.repeat(size)) });
    }
    const pages: (readonly string[])[] = [];
    let before: { readonly sequence: number } | undefined;
    do {
      const page = await store.listEvents({ limit: 10, withRaw: true, maxBytes: 200_000, before });
      pages.push(idsOf(page.events));
      before = page.next ?? undefined;
    } while (before);
    expect(pages).toEqual([['f', 'e'], ['d'], ['c'], ['b', 'a']]);
    const bare = await store.listEvents({ limit: 10, maxBytes: 200_000 });
    expect(idsOf(bare.events)).toEqual(['f', 'e', 'd', 'c', 'b', 'a']);
  });

  it('knows the ongoing events of one source', async () => {
    const store = current();
    await keepAll(store, [
      record('incident', 1, { started_at: at(-5) }),
      record(
        'component',
        2,
        { kind: 'status', started_at: at(-6) },
        { subject: 'acme_status:component:1', scope: 's' },
      ),
      record('resolved', 3, { resolved_at: at(1) }),
      record('by hand', 3, { resolved_at: at(1) }, { closed_by_hand: 'critical' }),
      record('payment', 4, { kind: 'payment' }, { closed_by_hand: 'critical' }),
      record('elsewhere', 5, { source: 'other_status' }),
    ]);
    const ongoing = async () => [...(await store.ongoingEvents('acme_status'))].map(({ event_id: id }) => id).sort();
    expect(await store.ongoingEvents('acme_status')).toContainEqual({
      event_id: 'component',
      subject: 'acme_status:component:1',
      started_at: at(-6),
      scope: 's',
    });
    expect(await ongoing()).toEqual(['by hand', 'component', 'incident']);
    expect(await store.ongoingEvents('stripe')).toEqual([]);
    const end = (id: string, resolvedAt: string | null) =>
      reviseEvent(store, id, (found) => ({ ...found, event: { ...found.event, resolved_at: resolvedAt } }));
    await end('incident', at(2));
    await reviseEvent(store, 'by hand', (found) => ({ ...found, closed_by_hand: null }));
    expect(await ongoing()).toEqual(['component']);
    await end('incident', null);
    expect(await ongoing()).toEqual(['component', 'incident']);
  });
};
