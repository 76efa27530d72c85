import { expect, it } from 'vitest';
import { createGroup } from '../../src/stores/group-commit.ts';

/** A group whose commits end when they are told to, with what each was given. */
const heldGroup = (maxItems = 100) => {
  const batches: (readonly string[])[] = [];
  const ends: PromiseWithResolvers<ReadonlyMap<string, unknown>>[] = [];
  const group = createGroup<string>((items) => {
    const end = Promise.withResolvers<ReadonlyMap<string, unknown>>();
    batches.push(items);
    ends.push(end);
    return end.promise;
  }, maxItems);
  return { group, batches, ends };
};

const turn = () => new Promise(setImmediate);
const none: ReadonlyMap<string, unknown> = new Map();

it('commits what is asked for in one turn together', async () => {
  const batches: (readonly string[])[] = [];
  const group = createGroup<string>((items) => {
    batches.push(items);
    return none;
  }, 100);
  await Promise.all(['a', 'b', 'c'].map((item) => group.add(item)));
  expect(batches).toEqual([['a', 'b', 'c']]);
});

it('resolves nothing before its commit has ended, and gathers what comes meanwhile for the next', async () => {
  const { group, batches, ends } = heldGroup();
  const done: string[] = [];
  const add = (item: string) => group.add(item).then(() => done.push(item));
  const first = add('a');
  await turn();
  const later = [add('b'), add('c')];
  await turn();
  expect({ batches, done }).toEqual({ batches: [['a']], done: [] });

  ends[0]?.resolve(none);
  await first;
  await turn();
  expect({ batches, done }).toEqual({ batches: [['a'], ['b', 'c']], done: ['a'] });
  ends[1]?.resolve(none);
  await Promise.all(later);
});

it('begins the next batch when the one before says so and enough are waiting, and has two under way at most', async () => {
  const sizes: number[] = [];
  const ends: PromiseWithResolvers<ReadonlyMap<number, unknown>>[] = [];
  const group = createGroup<number>((items, goOn) => {
    sizes.push(items.length);
    goOn();
    const end = Promise.withResolvers<ReadonlyMap<number, unknown>>();
    ends.push(end);
    return end.promise;
  }, 16);
  const addAll = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => group.add(at)));
  const settle = async () => {
    for (let turns = 0; turns < 5; turns++) await turn();
  };
  const added = [addAll(1)];
  await settle();
  added.push(addAll(15));
  await settle();
  expect(sizes).toEqual([1]);
  added.push(addAll(17));
  await settle();
  expect(sizes).toEqual([1, 16]);

  let isIdle = false;
  const idle = group.idle().then(() => {
    isIdle = true;
  });
  ends[0]?.resolve(new Map());
  await settle();
  expect(sizes).toEqual([1, 16, 16]);
  ends[1]?.resolve(new Map());
  await settle();
  expect(isIdle).toBe(false);
  ends[2]?.resolve(new Map());
  await Promise.all([...added, idle]);
});

it('a batch that is done again does not speak for the one after it', async () => {
  const sizes: number[] = [];
  const again: (() => void)[] = [];
  const ends: PromiseWithResolvers<ReadonlyMap<number, unknown>>[] = [];
  const group = createGroup<number>((items, goOn) => {
    sizes.push(items.length);
    again.push(goOn);
    const end = Promise.withResolvers<ReadonlyMap<number, unknown>>();
    ends.push(end);
    return end.promise;
  }, 16);
  const added = Promise.all(Array.from({ length: 48 }, (_, at) => group.add(at)));
  await turn();
  again[0]?.();
  for (let turns = 0; turns < 5; turns++) await turn();
  expect(sizes).toEqual([16, 16]);
  again[0]?.();
  ends[0]?.resolve(new Map());
  for (let turns = 0; turns < 5; turns++) await turn();
  expect(sizes).toEqual([16, 16]);
  ends[1]?.resolve(new Map());
  for (let turns = 0; turns < 5; turns++) await turn();
  ends[2]?.resolve(new Map());
  await added;
  expect(sizes).toEqual([16, 16, 16]);
});

it('commits no more than the limit at once, in the order of asking', async () => {
  const batches: (readonly number[])[] = [];
  const group = createGroup<number>((items) => {
    batches.push(items);
    return new Map();
  }, 2);
  await Promise.all([1, 2, 3, 4, 5].map((item) => group.add(item)));
  expect(batches).toEqual([[1, 2], [3, 4], [5]]);
});

it('an item that failed by itself rejects with its own error, the others resolve', async () => {
  const broken = new Error('broken');
  const group = createGroup<string>(() => new Map([['b', broken]]), 100);
  const results = await Promise.allSettled(['a', 'b', 'c'].map((item) => group.add(item)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: broken });
});

it.each([
  [
    'throws',
    () => {
      throw new Error('disk full');
    },
  ],
  ['rejects', () => Promise.reject(new Error('disk full'))],
])('a commit that %s fails all of its items, and only those', async (_how, fail) => {
  let fails = true;
  const group = createGroup<string>(() => (fails ? fail() : none), 100);
  const results = await Promise.allSettled([group.add('a'), group.add('b')]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  await expect(group.add('c')).resolves.toBeUndefined();
});

it('commits an item that is added just when the last commit has ended', async () => {
  const group = createGroup<number>(() => new Map(), 100);
  for (let steps = 0; steps < 20; steps++) {
    await group.add(steps);
    for (let step = 0; step < steps; step++) await undefined;
  }
  await expect(group.add(20)).resolves.toBeUndefined();
});

it('is idle when nothing is queued and nothing is committed', async () => {
  const { group, ends } = heldGroup(1);
  await group.idle();
  const added = [group.add('a'), group.add('b')];
  let idle = false;
  const waiting = group.idle().then(() => {
    idle = true;
  });
  await turn();
  ends[0]?.resolve(none);
  // One turn for the end of the first commit, and one in which what it causes may join the second.
  await turn();
  await turn();
  expect(idle).toBe(false);
  ends[1]?.resolve(none);
  await Promise.all([waiting, ...added]);
});

it('what the end of a commit causes is committed together with the requests of the same turn', async () => {
  const batches: (readonly string[])[] = [];
  const group = createGroup<string>((items) => {
    batches.push(items);
    return none;
  }, 100);
  const routed = group.add('stored').then(() => group.add('routed'));
  await turn();
  await Promise.all([group.add('the next request'), routed]);
  expect(batches).toEqual([['stored'], ['routed', 'the next request']]);
});

it('tells of every commit how many items it had, and of those that failed too', async () => {
  const told: number[] = [];
  let fails = false;
  const group = createGroup<number>(
    () => {
      if (fails) throw new Error('disk full');
      return new Map();
    },
    2,
    (items, durationMs) => {
      expect(durationMs).toBeGreaterThanOrEqual(0);
      told.push(items);
    },
  );
  await Promise.all([1, 2, 3].map((item) => group.add(item)));
  fails = true;
  await expect(group.add(4)).rejects.toThrow('disk full');
  await group.idle();
  expect(told).toEqual([2, 1, 1]);
});

it('an observer of commits that throws fails no item, and holds up none that comes later', async () => {
  const group = createGroup<string>(
    () => none,
    100,
    () => {
      throw new Error('no such metric');
    },
  );
  await expect(group.add('a')).resolves.toBeUndefined();
  await turn();
  await expect(group.add('b')).resolves.toBeUndefined();
  await expect(group.idle()).resolves.toBeUndefined();
});
