import { expect, it } from 'vitest';
import { paymentsOf } from '../../src/pipeline/payments-of.ts';
import { aMember, anAlert } from '../support/builders.ts';

const payment = aMember({ event_id: 'evt_1', kind: 'payment', item: 'payment' });
const open = anAlert({ alert_id: 'evt_1', members: [payment] });
const ended = { ...open, state: 'resolved' } as const;
const change = (alert: typeof open) => [{ alert, history: [] }];

it('payments are closed with their alert, and opened with it', () => {
  expect(paymentsOf([open], change(ended))).toEqual([{ alertId: 'evt_1', isOpen: false }]);
  expect(paymentsOf([ended], change(open))).toEqual([{ alertId: 'evt_1', isOpen: true }]);
});

it.each([
  ['stays as it was', [open], open],
  ['is new, whose payment has its state from the decision', [], open],
  ['has no payments', [anAlert()], anAlert({ state: 'resolved' })],
])('nothing follows for payments from an alert that %s', (_how, before, after) => {
  expect(paymentsOf(before, change(after))).toEqual([]);
});
