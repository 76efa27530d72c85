import { expect, it } from 'vitest';
import { actions } from '../../src/domain/delivery.ts';
import { severities } from '../../src/domain/event.ts';
import { compareUrgency, groupOf, groups } from '../../src/sinks/urgency.ts';
import { createWaitingLine, type Place } from '../../src/sinks/waiting-line.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');

interface Waiting {
  readonly name: number;
  readonly place: Place;
}

/** The same numbers in each run, from 0 to 1. */
const numbers = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 31;
};

const pick = <T>(list: readonly T[], random: number): T | undefined => list[Math.floor(random * list.length)];

/** Waiting deliveries of all kinds, many of them created in the same minute, up to eight minutes ago. */
const some = (count: number): readonly Waiting[] => {
  const random = numbers(count);
  return Array.from({ length: count }, (_, name) => ({
    name,
    place: {
      action: pick(actions, random()) ?? 'trigger',
      severity: pick(severities, random()) ?? 'info',
      createdMs: nowMs - Math.floor(random() * 8) * 60_000,
      setbacks: Math.floor(random() * 3),
    },
  }));
};

const lineOf = (all: readonly Waiting[]) => {
  const line = createWaitingLine<Waiting>();
  for (const each of all) line.add(each);
  return line;
};

it.each([false, true])('it finds what looking at all of it would find, when probing is %s', (isProbing) => {
  let left = some(200);
  const line = lineOf(left);
  const order = (a: Waiting, b: Waiting): number =>
    (isProbing && a.place.setbacks - b.place.setbacks) || compareUrgency(a.place, b.place, nowMs);
  while (left.length > 0) {
    const firsts = groups.flatMap(
      (group) => left.filter(({ place }) => groupOf(place) === group).toSorted(order)[0] ?? [],
    );
    const found = line.firstOfEach(nowMs, isProbing);
    expect([...found.values()]).toEqual(firsts.toSorted((a, b) => compareUrgency(a.place, b.place, nowMs)));
    const [one] = found.values();
    if (!one) throw new Error('nothing was found');
    expect({ removed: line.remove(one), again: line.remove(one) }).toEqual({ removed: true, again: false });
    left = left.filter((each) => each !== one);
    expect(line.size()).toBe(left.length);
  }
});

it('the least urgent is the last that came of those that looking at all of it would find', () => {
  let left = some(200);
  const line = lineOf(left);
  while (left.length > 0) {
    const last = left.toSorted((a, b) => compareUrgency(a.place, b.place, nowMs)).at(-1);
    const found = line.leastUrgent(nowMs);
    expect(found).toBe(last);
    if (found) line.remove(found);
    left = left.filter((each) => each !== last);
  }
  expect(line.leastUrgent(nowMs)).toBeUndefined();
});

it('clearing it gives all that was there', () => {
  const all = some(20);
  const line = lineOf(all);
  expect(new Set(line.clear())).toEqual(new Set(all));
  expect({ size: line.size(), first: line.firstOfEach(nowMs, false).size }).toEqual({ size: 0, first: 0 });
});
