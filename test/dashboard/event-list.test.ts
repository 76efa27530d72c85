import fc from 'fast-check';
import { expect, it } from 'vitest';
import { belongsTo, withEvent } from '../../src/dashboard/event-list.js';
import { viewEvent } from '../../src/http/event-view.ts';
import { matches } from '../../src/stores/news.ts';
import { aRecord } from '../support/builders.ts';
import { aView } from './views.ts';

const seenAt = (id: string, minute: number, summary = '') =>
  aView({ event_id: id, summary }, { first_seen_at: `2026-03-01T12:0${minute}:00.000Z` });
const everything = () => true;
const ids = (events: readonly { readonly event_id: string }[]) => events.map(({ event_id: id }) => id);

it('a new event is put where the server would list it', () => {
  const list = [seenAt('c', 3), seenAt('a', 1)];
  expect(ids(withEvent(list, seenAt('d', 4), everything, true))).toEqual(['d', 'c', 'a']);
  expect(ids(withEvent(list, seenAt('b', 2), everything, true))).toEqual(['c', 'b', 'a']);
  // Of one moment, the one that arrives later is the newer.
  expect(ids(withEvent(list, seenAt('c2', 3), everything, true))).toEqual(['c2', 'c', 'a']);
});

it('an event older than the end of the list has its place there only if the list is whole', () => {
  const list = [seenAt('c', 3)];
  expect(ids(withEvent(list, seenAt('a', 1), everything, false))).toEqual(['c', 'a']);
  expect(withEvent(list, seenAt('a', 1), everything, true)).toBe(list);
});

it('an event that changes keeps its place, and leaves when it does not belong any more', () => {
  const list = [seenAt('b', 2), seenAt('a', 1)];
  const changed = withEvent(list, seenAt('a', 1, 'new words'), everything, true);
  expect(changed.map(({ summary }) => summary)).toEqual(['', 'new words']);
  expect(ids(withEvent(list, seenAt('b', 2), () => false, true))).toEqual(['a']);
  expect(withEvent(list, seenAt('z', 5), () => false, true)).toBe(list);
});

const some = (...values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const filters = fc.record({
  source: some('stripe', 'acme_status'),
  kind: some('incident', 'status', 'payment'),
  severity: some('critical', 'warning', 'info'),
  service: some('acme', 'other'),
  state: some('open', 'resolved'),
  routed: some('true', 'false'),
  since: some('2026-03-01T11:30:00.000Z', '2026-03-01T11:30:00.001Z'),
  until: some('2026-03-01T11:30:00.000Z', '2026-03-01T11:31:00.000Z'),
});
const records = fc
  .record({
    source: fc.constantFrom('stripe', 'acme_status'),
    kind: fc.constantFrom('incident' as const, 'payment' as const),
    severity: fc.constantFrom('critical' as const, 'info' as const),
    resolved_at: fc.constantFrom(null, '2026-03-01T12:00:00.000Z'),
    routed: fc.boolean(),
  })
  .map(({ routed, ...event }) => aRecord(event, { routed }));

it('the page and the server agree on what a filter lets through', () => {
  fc.assert(
    fc.property(filters, records, ({ kind, severity, state, routed, ...rest }, record) => {
      const given = Object.entries({ kind, severity, state, routed, ...rest }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value] as const],
      );
      const here = belongsTo(Object.fromEntries(given))(viewEvent(record));
      const there = matches(record, {
        ...rest,
        kind,
        severity,
        state: state === 'open' || state === 'resolved' ? state : undefined,
        routed: routed === undefined ? undefined : routed === 'true',
      });
      expect(here).toBe(there);
    }),
  );
});
