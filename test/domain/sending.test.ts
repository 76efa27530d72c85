import { expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { toldSeverity } from '../../src/domain/sending.ts';
import { aDelivery, anAlert } from '../support/builders.ts';

it.each<[string, Partial<Delivery>, string | undefined]>([
  ['waits', {}, 'critical'],
  ['is delivered', { status: 'delivered' }, 'critical'],
  ['failed', { status: 'failed' }, undefined],
  ['failed, and may have arrived', { status: 'failed', may_have_arrived: true }, 'critical'],
  ['is called off', { status: 'superseded' }, undefined],
  ['is of another opening of the alert', { cycle: 2 }, undefined],
  ['is of another destination', { destination: 'other' }, undefined],
  ['is an end', { action: 'resolve' }, undefined],
])('what a destination was told by a delivery that %s', (_how, overrides, severity) => {
  expect(toldSeverity(anAlert({ deliveries: [aDelivery(overrides)] }), aDelivery().target)).toBe(severity);
});

it('what any destination was told is the most serious of what they were told', () => {
  const deliveries = [aDelivery({ severity: 'warning' }), aDelivery({ destination: 'other' })];
  expect(toldSeverity(anAlert({ deliveries }))).toBe('critical');
  expect(toldSeverity(anAlert({ deliveries }), aDelivery().target)).toBe('warning');
  expect(toldSeverity(anAlert())).toBeUndefined();
});
