import { expect, it } from 'vitest';
import { compareDue } from '../../src/stores/urgency.ts';
import { aDelivery } from '../support/builders.ts';

it('of deliveries that are as urgent, the older one is first, and neither of two of one age', () => {
  const [older, newer] = ['2026-03-01T12:00:00.000Z', '2026-03-01T12:01:00.000Z'].map((created_at) =>
    aDelivery({ created_at }),
  );
  if (!older || !newer) throw new Error('two were made');
  expect(compareDue(older, newer)).toBeLessThan(0);
  expect(compareDue(newer, older)).toBeGreaterThan(0);
  expect(compareDue(newer, { ...newer })).toBe(0);
});
