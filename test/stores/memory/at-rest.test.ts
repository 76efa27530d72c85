// Which events of the memory store are kept as a text, and that nobody notices it.
import { expect, it } from 'vitest';
import { type EventFilters, matchesFilters } from '../../../src/stores/event-filter.ts';
import { contentOf, createGlance, createRest, recordOf, rouse } from '../../../src/stores/memory/at-rest.ts';
import { createContents } from '../../../src/stores/memory/contents.ts';
import type { EventEntry } from '../../../src/stores/memory/entries.ts';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { at, entry as historyEntry, idOf, keep, noScopes, payment, record } from '../../contract/event-store/setup.ts';

/** As the store holds the event after it was kept. */
const held = (kept: ReturnType<typeof record>): EventEntry => {
  const contents = createContents(10);
  contents.keep(idOf(kept), { result: undefined, event: kept, rawJson: '{}', eventHistory: [historyEntry('stored')] });
  const entry = contents.events.get(idOf(kept));
  if (!entry) throw new Error('the event was not kept');
  return entry;
};

it.each([
  ['a payment that nobody is told of', payment('a'), true],
  ['an incident that is over', record('a', 1, { resolved_at: at(2) }), true],
  ['an incident that goes on', record('a'), false],
  [
    'an incident that was resolved by hand',
    record('a', 1, { resolved_at: at(2) }, { closed_by_hand: 'critical' }),
    false,
  ],
  ['an event of an alert', payment('a', 1, { alert_id: 'a' }), false],
  ['a payment that ends others', payment('a', 1, { ends_types: ['payout.failed'] }), false],
])('%s is kept as one text, or is not', (_what, kept, isText) => {
  const entry = held(kept);
  expect(typeof entry.content === 'string').toBe(isText);
  expect(contentOf(entry)).toEqual({ record: kept, history: [historyEntry('stored')] });
});

it('one that was roused is the same object each time, until it rests again', () => {
  const entry = held(payment('a'));
  expect(recordOf(entry)).not.toBe(recordOf(entry));
  const { record: roused } = rouse(entry);
  expect(recordOf(entry)).toBe(roused);
  createRest()(entry);
  expect(typeof entry.content).toBe('string');
  expect(recordOf(entry)).toEqual(roused);
});

it('seen again, it is told to nobody as a change, and has its counts', async () => {
  const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  await keep(store, payment('a'));
  const start = await store.changes(null, 10);
  if (start === 'lost') throw new Error('there is no cursor');
  await store.transact({ ...noScopes, eventId: 'a' }, ({ event }) => {
    if (event === undefined || event === 'expired') throw new Error('the event is not stored');
    return { result: undefined, event: { ...event, last_seen_at: at(5), seen_count: 2 } };
  });
  expect(await store.changes(start.cursor, 10)).toMatchObject({ events: [], alerts: [] });
  expect(await store.find('a')).toMatchObject({ last_seen_at: at(5), seen_count: 2 });
});

it('events with the same values share one combination', () => {
  const contents = createContents(10);
  for (const id of ['a', 'b']) contents.keep(id, { result: undefined, event: payment(id) });
  expect(contents.events.get('a')?.combination).toBe(contents.events.get('b')?.combination);
});

const resting = [
  payment('a', 1, {}, { summary: 'Payments are DOWN', severity: 'warning' }),
  payment('b', 2, { facts: { reason: 'quote " and \\ and\nline' }, routed: true }),
  payment('c', 3, {}, { summary: 'Ｐａｙｍｅｎｔｓ of Žižkov' }),
  record('d', 4, { summary: '決済', resolved_at: at(5) }),
];
const asked: readonly EventFilters[] = [
  {},
  { severity: 'warning' },
  { severity: 'info' },
  { source: 'stripe', routed: true },
  { state: 'resolved' },
  { state: 'open' },
  { q: 'payments down' },
  { q: 'payments' },
  { q: 'line QUOTE' },
  { q: 'žižkov' },
  { q: '決済' },
  { q: 'nothing' },
];

it.each(asked)('a glance hides nothing that the filters %j want', (filters) => {
  const mayMatch = createGlance(filters);
  const wanted = resting.filter((each) => matchesFilters(each, filters));
  expect(resting.filter((each) => mayMatch(held(each)))).toEqual(expect.arrayContaining(wanted));
});

it('a glance tells most events that are not wanted without reading them', () => {
  const passed = (filters: EventFilters) => resting.filter((each) => createGlance(filters)(held(each))).map(idOf);
  expect(passed({ severity: 'info' })).toEqual([]);
  expect(passed({ severity: 'warning', routed: false })).toEqual(['a']);
  expect(passed({ q: 'nothing' })).toEqual(['c', 'd']);
});
