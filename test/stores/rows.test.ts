import { expect, it } from 'vitest';
import * as z from 'zod';
import { isDue } from '../../src/domain/delivery.ts';
import type { StoredEvent } from '../../src/domain/event-record.ts';
import {
  parseAlert,
  parseAttempts,
  parseDelivery,
  parseHistory,
  toAlertBody,
  toAlertColumns,
  toDeliveryColumns,
  toEventColumns,
  toHistoryLines,
  toKey,
  toLines,
} from '../../src/stores/rows.ts';
import { priorityOf, waitLimits } from '../../src/stores/urgency.ts';
import { at, attempt, entry, hardText } from '../contract/event-store/setup.ts';
import { aDelivery, anAlert, aRecord } from '../support/builders.ts';

it('texts that differ have keys that differ, and every key is text that a database can hold', () => {
  const texts = ['a', 'A', 'a ', '', '"a"', 'a\u0000', '\u0000', '\ud800', '\ud801', '\udc00', '\ufffd', '😀'];
  const keys = texts.map(toKey);
  expect(new Set(keys).size).toBe(texts.length);
  expect(keys.every((key) => key.isWellFormed() && !key.includes('\u0000'))).toBe(true);
  expect(keys.map((key) => JSON.parse(key))).toEqual(texts);
});

it.each(['{}', '{"record_version":3}', '{"record_version":2,"event":{}}', 'null', '[]'])(
  'a body that is none of this version is refused: %s',
  (body) => {
    expect(() => parseAlert(body)).toThrow(z.ZodError);
    expect(() => parseDelivery(body)).toThrow(z.ZodError);
  },
);

it('an event that was seen once has no second time', () => {
  expect(toEventColumns(aRecord())).toMatchObject({ last_seen_at: '' });
  expect(toEventColumns(aRecord({}, { last_seen_at: at(9) }))).toMatchObject({ last_seen_at: at(9) });
});

it.each<[Partial<StoredEvent>, string | null]>([
  [{ kind: 'incident' }, 'acme_status'],
  [{ kind: 'status' }, 'acme_status'],
  [{ kind: 'payment' }, null],
  [{ kind: 'incident', resolved_at: at(1) }, null],
])('of %j, whether it is ongoing', (event, ongoing) => {
  expect(toEventColumns(aRecord(event))).toMatchObject({ ongoing });
});

it('only an event that ends others has its scope as a column', () => {
  expect(toEventColumns(aRecord({}, { ends_types: ['x'], scope: 's' }))).toMatchObject({ scope_key: '"s"' });
  expect(toEventColumns(aRecord({}, { ends_types: [] }))).toMatchObject({ scope_key: null });
  expect(toEventColumns(aRecord())).toMatchObject({ scope_key: null, alert_key: null });
});

it('an alert comes back from its row as it was, without its deliveries', () => {
  const { deliveries, ...record } = anAlert({ title: hardText, deliveries: [aDelivery()] });
  expect(parseAlert(toAlertBody({ ...record, deliveries }))).toEqual(record);
});

it.each([
  [{ state: 'open', resolved_at: null }, null],
  [{ state: 'open', resolved_at: at(1) }, null],
  [{ state: 'resolved', resolved_at: at(1) }, at(1)],
  [{ state: 'resolved', resolved_at: null }, ''],
] as const)('the column of an alert that is %j says whether it has ended', (overrides, resolvedAt) => {
  expect(toAlertColumns(anAlert(overrides))).toMatchObject({ resolved_at: resolvedAt });
});

it.each([
  ['that waits for nothing', {}, '2026-03-01T11:30:00.000Z'],
  ['with no time to wait for', { next_attempt_at: null, created_at: at(-3) }, at(-3)],
  ['waiting for its time', { next_attempt_at: at(2) }, at(2)],
  ['in flight', { next_attempt_at: at(2), leased_until: at(5) }, at(5)],
  ['in flight, with nothing else to wait for', { next_attempt_at: null, leased_until: at(5) }, at(5)],
  [
    'begun by a process whose clock was ahead',
    { next_attempt_at: at(9), attempt_started_at: at(9), leased_until: at(5) },
    at(5),
  ],
  ['waiting longer than its last lease', { next_attempt_at: at(7), leased_until: at(5) }, at(7)],
] as const)('the column of a delivery %s says when it is due, as the delivery does', (_which, overrides, due) => {
  const delivery = aDelivery(overrides);
  expect(toDeliveryColumns(delivery).due_at).toBe(due);
  expect(isDue(delivery, [delivery], Date.parse(due), waitLimits)).toBe(true);
});

it.each(['delivered', 'failed', 'superseded'] as const)('a delivery that is %s is never due', (status) => {
  expect(toDeliveryColumns(aDelivery({ status }))).toMatchObject({ status, due_at: null });
});

it('resolves go before critical triggers, those before others, and updates last', () => {
  const order = [
    aDelivery({ action: 'resolve', severity: 'info' }),
    aDelivery({ action: 'trigger', severity: 'critical' }),
    aDelivery({ action: 'trigger', severity: 'warning' }),
    aDelivery({ action: 'update', severity: 'critical' }),
  ];
  expect(order.map(priorityOf)).toEqual([0, 1, 2, 3]);
  expect(priorityOf(aDelivery({ severity: 'info' }))).toBe(2);
});

it('entries come back from their lines in their order, and lines may be added', () => {
  const entries = [entry('stored', 1), { ...entry('updated'), reason: `${hardText}\n` }];
  const lines = toHistoryLines(entries.slice(0, 1)) + toHistoryLines(entries.slice(1));
  expect(parseHistory(lines)).toEqual(entries);
  expect(parseHistory('')).toEqual([]);
  expect(parseAttempts(toLines([attempt(1)]) + toLines([attempt(2)]))).toEqual([attempt(1), attempt(2)]);
});

it('entries of one moment and one request say both once, and lines of before are read beside them', () => {
  const together = [entry('stored'), entry('routing_decided'), { ...entry('updated'), request_id: 'another' }];
  const alone = [entry('resolved', 1), entry('reopened', 1)];
  const lines = toHistoryLines(together);
  expect(lines.match(/"at"/g)).toHaveLength(2);
  expect(parseHistory(lines + toLines(alone) + lines)).toEqual([...together, ...alone, ...together]);
});
