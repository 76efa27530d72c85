import { expect, it, vi } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { toldSeverity } from '../../src/domain/sending.ts';
import { routableAt } from '../../src/domain/tell-open.ts';
import { aDelivery, aMember, anAlert } from '../support/builders.ts';
import { aDestination, aPolicy } from '../support/world.ts';

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

it('who is told of an alert of 500 events is found without reading its deliveries for each of them', () => {
  const deliveries = Array.from({ length: 100 }, () => aDelivery());
  const reads = vi.spyOn(deliveries, 'filter');
  const members = Array.from({ length: 500 }, (_, at) => {
    const member = aMember({ event_id: `e${at}` });
    return { ...member, ruling: { ...member.ruling, send: ['oncall'] } };
  });
  const destination = aDestination({ name: 'oncall' });
  const context = {
    policy: aPolicy({ destinations: [destination] }),
    nowMs: Date.parse('2026-03-01T12:00:00Z'),
    requestId: 'r',
    retriesFailed: true,
    isNews: true,
  };
  expect(routableAt(anAlert({ members, deliveries }), destination, context)).toHaveLength(500);
  expect(reads.mock.calls.length).toBeLessThan(10);
});

it('what any destination was told is the most serious of what they were told', () => {
  const deliveries = [aDelivery({ severity: 'warning' }), aDelivery({ destination: 'other' })];
  expect(toldSeverity(anAlert({ deliveries }))).toBe('critical');
  expect(toldSeverity(anAlert({ deliveries }), aDelivery().target)).toBe('warning');
  expect(toldSeverity(anAlert())).toBeUndefined();
});
