// Storms of payments whose good news comes in any order: an alert goes on exactly as long as one of its payments does.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Alert, openMembers } from '../../src/domain/alert.ts';
import { payment } from '../support/acme-page.ts';
import { createWorld } from '../support/world.ts';

const stepArb = fc.record({
  object: fc.nat(29),
  isGood: fc.constantFrom(false, false, false, true),
  seconds: fc.integer({ min: 1, max: 8 }),
});
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never;
const steps = fc.array(stepArb, { minLength: 60, maxLength: 150, size: 'max' });

const bad = { severity: 'critical' } as const;
const good = { severity: 'info', endsTypes: ['payout.failed'] } as const;

/** Plays the steps, and gives the ids of the events whose object is not well again. */
const play = (all: readonly Step[]) => {
  const world = createWorld();
  const wrong = new Map<number, readonly string[]>();
  for (const [n, { object, isGood, seconds }] of all.entries()) {
    world.step(seconds * 1000);
    const id = `evt_${n}`;
    const type = isGood ? 'payout.paid' : 'payout.failed';
    world.observe(payment(id, type, `po_${object}`, world.now(), isGood ? good : bad));
    wrong.set(object, isGood ? [] : [...(wrong.get(object) ?? []), id]);
  }
  return { world, wrong: [...wrong.values()].flat() };
};

const idsOfOpen = (alert: Alert): readonly string[] => openMembers(alert).map(({ event_id: id }) => id);

it('an alert is open exactly while one of its payments is not well again, and its end is told once', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { world, wrong } = play(all);
      const open = new Set(wrong.map((id) => world.event(id)?.alert_id));
      const found = world.alerts().map(({ alert_id: id, state, deliveries }) => {
        const ends = deliveries.filter(({ action, status }) => action === 'resolve' && status === 'delivered');
        return [id, state, ends.length];
      });
      expect(found).toEqual(found.map(([id = '']) => (open.has(String(id)) ? [id, 'open', 0] : [id, 'resolved', 1])));
      expect(world.alerts().flatMap(idsOfOpen).toSorted()).toEqual([...wrong].toSorted());
      expect(world.broken).toEqual([]);
    }),
    { numRuns: 100 },
  );
});
