import { expect, it } from 'vitest';
import { awaitsEnd } from '../../src/stores/awaits-end.ts';
import type { EventRecord } from '../../src/stores/event-store.ts';
import { aRecord } from '../support/builders.ts';

const over = { resolved_at: '2026-03-01T11:50:00.000Z' };

it.each<[string, EventRecord, boolean]>([
  ['an open incident', aRecord(), true],
  ['an open outage', aRecord({ kind: 'status' }), true],
  ['an open payment', aRecord({ kind: 'payment' }), false],
  ['what its vendor calls over', aRecord(over), false],
  ['what its vendor calls over too', aRecord(over, { closed_by_hand: null }), false],
  ['what was resolved by hand', aRecord(over, { closed_by_hand: 'info' }), true],
  ['a payment that was resolved by hand', aRecord({ ...over, kind: 'payment' }, { closed_by_hand: 'info' }), false],
])('whether the vendor has still to tell of the end of %s', (_which, record, awaits) => {
  expect(awaitsEnd(record)).toBe(awaits);
});
