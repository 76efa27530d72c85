import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Arrival, createArrivals } from '../../../src/stores/memory/arrivals.ts';

interface Guest extends Arrival {
  readonly name: string;
}

const arrive = (...ranks: readonly number[]) => {
  const arrivals = createArrivals<Guest>(3);
  const guests = ranks.map((rank, index) => {
    const guest = { sequence: arrivals.take(), rank, removed: false, name: `guest ${index}` };
    arrivals.add(guest);
    return guest;
  });
  return { arrivals, guests };
};
const names = (guests: Iterable<Guest>) => [...guests].map(({ name }) => name);

it('nobody is the newest or the oldest of none', () => {
  const { arrivals } = arrive();
  expect(arrivals.newest()).toBe(undefined);
  expect(arrivals.oldest(0)).toBe(undefined);
  expect(names(arrivals.newestFirst())).toEqual([]);
});

it('gives out numbers that grow, and never one twice', () => {
  const { arrivals, guests } = arrive(0, 1, 2);
  expect(guests.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  for (const guest of guests) arrivals.remove(guest);
  expect(arrivals.take()).toBe(4);
});

it('lists from before a number on, leaving out the newest that are not before a bound', () => {
  const { arrivals, guests } = arrive(0, 0, 0, 0, 0);
  expect(names(arrivals.newestFirst(guests[3]?.sequence))).toEqual(['guest 2', 'guest 1', 'guest 0']);
  expect(names(arrivals.newestFirst(undefined, ({ sequence }) => sequence < 3))).toEqual(['guest 1', 'guest 0']);
  expect(names(arrivals.newestFirst(2, ({ sequence }) => sequence < 3))).toEqual(['guest 0']);
});

it('knows the newest, and lists nobody who has left', () => {
  const { arrivals, guests } = arrive(0, 0, 0);
  expect(arrivals.newest()?.name).toBe('guest 2');
  for (const guest of guests.slice(1, 2)) arrivals.remove(guest);
  expect(names(arrivals.newestFirst())).toEqual(['guest 2', 'guest 0']);
});

it('finds no guest that has left among many that stay, from either end', () => {
  const { arrivals, guests } = arrive(...Array.from({ length: 20 }, () => 0));
  for (const guest of guests.slice(0, 1)) arrivals.need(guest, guest.rank);
  for (const guest of guests.slice(0, 2)) arrivals.remove(guest);
  expect(arrivals.oldest(0)?.name).toBe('guest 2');
  expect(names(arrivals.newestFirst())).toEqual(names(guests.slice(2).reverse()));
});

type Step = readonly ['add', number] | readonly ['remove', number] | readonly ['need', number, number];
const rank = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant('add' as const), rank) },
  fc.tuple(fc.constant('remove' as const), fc.nat(50)),
  { weight: 2, arbitrary: fc.tuple(fc.constant('need' as const), fc.nat(50), rank) },
);

/** Takes a step in the arrivals, and in a plain list of those who are present. */
const take = (arrivals: ReturnType<typeof createArrivals<Guest>>, present: Guest[], [what, number, to]: Step): void => {
  if (what === 'add') {
    const guest = { sequence: arrivals.take(), rank: number, removed: false, name: 'guest' };
    arrivals.add(guest);
    present.push(guest);
    return;
  }
  const index = number % Math.max(present.length, 1);
  const guest = present[index];
  if (!guest) return;
  if (what === 'need') arrivals.need(guest, to);
  else {
    arrivals.remove(guest);
    present.splice(index, 1);
  }
};

it('after any additions and removals, it finds what walking over all of them finds', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), fc.nat(80), (steps, before) => {
      const arrivals = createArrivals<Guest>(3);
      const present: Guest[] = [];
      for (const taken of steps) {
        take(arrivals, present, taken);
        const oldest = [0, 1, 2].map((of) => arrivals.oldest(of)?.sequence);
        expect(oldest).toEqual([0, 1, 2].map((of) => present.find((guest) => guest.rank === of)?.sequence));
        const isOdd = ({ sequence }: Guest) => sequence % 2 === 1;
        expect(arrivals.oldest(1, isOdd)).toBe(present.find((guest) => guest.rank === 1 && !isOdd(guest)));
      }
      const earlier = present.filter(({ sequence }) => sequence < before);
      expect([...arrivals.newestFirst(before)]).toEqual(earlier.reverse());
    }),
  );
});
