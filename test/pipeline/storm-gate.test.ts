import { expect, it } from 'vitest';
import { createStormGate } from '../../src/pipeline/storm-gate.ts';

/** So many come at once; each opens an alert unless enough were counted. Gives how many alerts were opened. */
const openedBy = async (count: number, maxTold: number, fails: (number: number) => boolean = () => false) => {
  const gate = createStormGate(maxTold);
  let opened = 0;
  const results = await Promise.allSettled(
    Array.from({ length: count }, (_, number) =>
      gate.pass(
        'payouts',
        async () => ({ opened, newest: undefined }),
        async (storm) => {
          await new Promise(setImmediate);
          if (fails(number)) throw new Error('the store is away');
          if (storm.opened < maxTold) opened += 1;
        },
      ),
    ),
  );
  return { opened, failed: results.filter(({ status }) => status === 'rejected').length };
};

it.each([1, 5, 21])('of a thousand that come at once %i are told one by one', async (maxTold) => {
  expect(await openedBy(1000, maxTold)).toEqual({ opened: maxTold, failed: 0 });
});

it('those that fail take no place of another', async () => {
  expect(await openedBy(100, 5, (number) => number < 20)).toEqual({ opened: 5, failed: 20 });
});

it('a count that fails fails only what asked for it', async () => {
  const gate = createStormGate(1);
  const away = () => Promise.reject(new Error('the store is away'));
  await expect(gate.pass('payouts', away, async () => 'done')).rejects.toThrow('the store is away');
  const none = async () => ({ opened: 0, newest: undefined });
  await expect(gate.pass('payouts', none, async () => 'done')).resolves.toBe('done');
});

it('what is stored while somebody counts is counted again', async () => {
  const gate = createStormGate(1);
  const work = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<void>();
  let opened = 0;
  const first = gate.pass(
    'payouts',
    async () => ({ opened, newest: undefined }),
    async () => {
      await work.promise;
      opened += 1;
    },
  );
  const counts: number[] = [];
  const second = gate.pass(
    'payouts',
    async () => {
      const counted = opened;
      if (counts.push(counted) === 1) await slow.promise;
      return { opened: counted, newest: undefined };
    },
    async (storm) => storm.opened,
  );
  work.resolve();
  await first;
  slow.resolve();
  await expect(second).resolves.toBe(1);
  expect(counts).toEqual([0, 1]);
});

it('another kind waits for none of it', async () => {
  const gate = createStormGate(1);
  const none = async () => ({ opened: 0, newest: undefined });
  const held = Promise.withResolvers<string>();
  const first = gate.pass('payouts', none, () => held.promise);
  await expect(gate.pass('disputes', none, async () => 'done')).resolves.toBe('done');
  held.resolve('first');
  await expect(first).resolves.toBe('first');
});
