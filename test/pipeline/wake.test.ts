import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createWake } from '../../src/pipeline/wake.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { aPolicy } from '../support/world.ts';

const due = { signalId: 's', requestId: 'r', alertId: 'a', scope: 'acme_status', cause: 'time' } as const;

/** A stage over a store that begins what it was asked for when the test says so, and the ids of the alerts it looked at. */
const setUp = () => {
  const memory = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  const begun: (string | undefined)[] = [];
  let turn = Promise.withResolvers<void>();
  const transact: EventStore['transact'] = async (keys, decide) => {
    await turn.promise;
    begun.push(keys.alertId);
    return memory.transact(keys, decide);
  };
  const wake = createWake({
    store: { transact },
    bus: { publish: () => undefined },
    policy: () => aPolicy(),
    now: Date.now,
    onBroken: () => undefined,
  });
  return {
    wake,
    begun,
    begin: () => turn.resolve(),
    fail: (error: Error) => turn.reject(error),
    waitAgain: () => {
      turn = Promise.withResolvers();
    },
  };
};

it('thousands that ask for the same look before it has begun get one', async () => {
  const { wake, begun, begin } = setUp();
  const all = Array.from({ length: 2000 }, (_, at) => wake.run({ ...due, signalId: `s${at}` }));
  begin();
  expect((await Promise.all(all)).map(({ signalId }) => signalId)).toContain('s1999');
  expect(begun).toEqual(['a']);
});

it('what is asked for after a look has begun is looked at anew', async () => {
  const { wake, begun, begin, waitAgain } = setUp();
  const first = wake.run(due);
  begin();
  await first;
  waitAgain();
  const second = wake.run(due);
  begin();
  await second;
  expect(begun).toEqual(['a', 'a']);
});

it.each([
  ['another alert', { alertId: 'b' }],
  ['another request', { requestId: 'r2' }],
  ['another cause', { cause: 'rules' }],
] as const)('a look because of %s is one of its own', async (_what, other) => {
  const { wake, begun, begin } = setUp();
  const all = [wake.run(due), wake.run({ ...due, ...other })];
  begin();
  await Promise.all(all);
  expect(begun).toHaveLength(2);
});

it('a look that failed fails for all that waited for it, and the next one is tried', async () => {
  const { wake, begun, begin, fail, waitAgain } = setUp();
  const all = [wake.run(due), wake.run(due)];
  fail(new StoreUnavailable('store_unavailable', 'away'));
  expect(await Promise.allSettled(all)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  waitAgain();
  const next = wake.run(due);
  begin();
  await next;
  expect(begun).toEqual(['a']);
});
