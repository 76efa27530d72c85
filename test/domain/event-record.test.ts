import { expect, it } from 'vitest';
import { isOpen } from '../../src/domain/event-record.ts';
import { aRecord } from '../support/builders.ts';

const ended = '2026-03-01T11:30:00.000Z';
const payment = aRecord({ kind: 'payment' });
const maintenance = { traits: { ...aRecord().traits, item: 'maintenance' } } as const;

it.each([
  ['an incident', aRecord(), true],
  ['an incident that was resolved', aRecord({ resolved_at: ended }), false],
  ['a payment of an open alert', { ...payment, alert_is_open: true }, true],
  ['a payment of no open alert', payment, false],
  [
    'a payment that was resolved by hand',
    aRecord({ kind: 'payment', resolved_at: ended }, { alert_is_open: true }),
    false,
  ],
  ['a maintenance that is planned', aRecord({}, { ...maintenance, facts: { status: 'scheduled' } }), false],
  ['a maintenance that has begun', aRecord({}, { ...maintenance, facts: { status: 'in_progress' } }), true],
])('%s is open or not as its kind says', (_which, record, expected) => {
  expect(isOpen(record)).toBe(expected);
});
