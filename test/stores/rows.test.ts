import { expect, it } from 'vitest';
import { isDue } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import type { EventRecord } from '../../src/stores/event-store.ts';
import {
  changedDeliveries,
  isOnlySighting,
  toDeliveryRow,
  toEventRow,
  toHistory,
  toKey,
  toRecord,
} from '../../src/stores/rows.ts';
import { aDelivery, aRecord } from '../support/builders.ts';

const at = (minute: number): string => new Date(Date.parse('2026-03-01T12:00:00.000Z') + minute * 60_000).toISOString();

it('texts that differ have keys that differ, and every key is text that a database can hold', () => {
  const texts = ['a', 'A', 'a ', '', '"a"', 'a\u0000', '\u0000', '\ud800', '\ud801', '\udc00', '\ufffd', '😀'];
  const keys = texts.map(toKey);
  expect(new Set(keys).size).toBe(texts.length);
  expect(keys.every((key) => key.isWellFormed() && !key.includes('\u0000'))).toBe(true);
  expect(keys.map((key) => JSON.parse(key))).toEqual(texts);
});

it('a record comes back from its rows as it was', () => {
  const deliveries = [aDelivery(), aDelivery({ action: 'resolve', last_error: 'a\u0000\ud800' })];
  const record = aRecord({ raw: { text: 'a\u0000\ud800' } }, { seen_count: 3, last_seen_at: at(3), deliveries });
  expect(toRecord(toEventRow(record), deliveries.map(toDeliveryRow))).toEqual(record);
});

it('what was counted since the body was written wins over the body', () => {
  const row = { ...toEventRow(aRecord()), seen_count: 9, last_seen_at: at(9) };
  expect(toRecord(row, [])).toEqual(aRecord({}, { seen_count: 9, last_seen_at: at(9) }));
});

it.each<[Partial<UnifiedEvent>, boolean, boolean]>([
  [{ kind: 'incident', resolved_at: null }, true, true],
  [{ kind: 'status', resolved_at: null }, true, true],
  [{ kind: 'payment', resolved_at: null }, true, false],
  [{ kind: 'incident', resolved_at: at(1) }, false, false],
  [{ kind: 'payment', resolved_at: at(1) }, false, false],
])('of %j, whether it is open and whether its end is awaited', (event, isOpen, awaitsEnd) => {
  expect(toEventRow(aRecord(event))).toMatchObject({ is_open: isOpen, awaits_end: awaitsEnd });
});

it.each([
  [1, 0, true],
  [3, 2, true],
  [3, 3, false],
])('version %i of which %i is routed', (version, routedVersion, undecided) => {
  expect(toEventRow(aRecord({}, { version, routed_version: routedVersion }))).toMatchObject({ undecided });
});

it.each([
  ['owed now', {}, '2026-03-01T11:30:00.000Z'],
  ['with no time to wait for', { next_attempt_at: null, created_at: at(-3) }, at(-3)],
  ['waiting for its time', { next_attempt_at: at(2) }, at(2)],
  ['in flight', { next_attempt_at: at(2), leased_until: at(5) }, at(5)],
  ['in flight, with nothing else to wait for', { next_attempt_at: null, leased_until: at(5) }, at(5)],
  ['waiting longer than its last lease', { next_attempt_at: at(7), leased_until: at(5) }, at(7)],
] as const)('the column of a delivery %s says when it is due, as the delivery does', (_which, overrides, due) => {
  const delivery = aDelivery(overrides);
  expect(toDeliveryRow(delivery).due_at).toBe(due);
  expect(isDue(delivery, [delivery], Date.parse(due))).toBe(true);
});

it.each(['delivered', 'failed', 'superseded'] as const)('a delivery that is %s is never due', (status) => {
  expect(toDeliveryRow(aDelivery({ status }))).toMatchObject({ status, due_at: null });
});

it('the deliveries to one destination are numbered in the order in which they go out', () => {
  const inOrder = [
    aDelivery({ cycle: 1, action: 'trigger' }),
    aDelivery({ cycle: 1, action: 'resolve' }),
    aDelivery({ cycle: 2, action: 'trigger' }),
    aDelivery({ cycle: 2, action: 'resolve' }),
  ].map((delivery) => toDeliveryRow(delivery).position);
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
  expect(new Set(inOrder).size).toBe(4);
});

it('a history comes back from its rows in their order', () => {
  const entries = [
    { at: at(1), change: 'stored', request_id: 'r1' },
    { at: at(0), change: 'updated', request_id: 'r2', reason: 'a\u0000' },
  ];
  expect(toHistory(entries.map((entry) => ({ body: JSON.stringify(entry) })))).toEqual(entries);
});

it('a change of when and how often an event was seen is only a sighting', () => {
  const before = aRecord();
  expect(isOnlySighting(before, { ...before, last_seen_at: at(9), seen_count: 2 })).toBe(true);
});

it.each<Partial<EventRecord>>([
  { event: aRecord().event },
  { subject: 'other' },
  { vendor_updated_at: at(1) },
  { test_mode: true },
  { closed_by_hand: 'critical' },
  { version: 2 },
  { routed_version: 2 },
  { routed: true },
  { routing_reason: 'because' },
  { request_id: 'req-other' },
  { deliveries: [] },
])('a change of anything else is more than a sighting: %j', (change) => {
  const before = aRecord();
  expect(isOnlySighting(before, { ...before, ...change })).toBe(false);
});

it('the changed deliveries are those that were added or replaced', () => {
  const [kept, replaced] = [aDelivery(), aDelivery({ action: 'resolve' })];
  const replacement = { ...replaced, attempts: 1 };
  const added = aDelivery({ cycle: 2 });
  expect(changedDeliveries([kept, replaced], [kept, replacement, added])).toEqual([replacement, added]);
  expect(changedDeliveries([kept, replaced], [kept, replaced])).toEqual([]);
});
