import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { keep, numbered, payment } from '../../contract/event-store/setup.ts';
import { failureOf, useServer } from './setup.ts';

const { emptiedUrl, openStore, openPair, openReplicas, openClient, logged } = useServer();

it('one of several replicas has the lease, for as long as it asks again', async () => {
  const replicas = await openReplicas(5);
  const leading = await Promise.all(replicas.map((store) => store.tryLease('poll', 60_000)));
  expect(leading.filter(Boolean)).toHaveLength(1);
  expect(await Promise.all(replicas.map((store) => store.tryLease('poll', 60_000)))).toEqual(leading);
  expect(await replicas[leading.indexOf(false)]?.tryLease('another name', 60_000)).toBe(true);
});

it('the lease passes to another replica when it has run out', async () => {
  const [one, other] = await openPair();
  expect(await one.tryLease('poll', 0)).toBe(true);
  expect(await other.tryLease('poll', 60_000)).toBe(true);
  expect(await one.tryLease('poll', 60_000)).toBe(false);
});

it('giving back a lease that another replica has takes it from nobody', async () => {
  const [one, other, third] = await openReplicas(3);
  await one?.tryLease('poll', 0);
  expect(await other?.tryLease('poll', 120_000)).toBe(true);
  expect(await one?.tryLease('poll', 0)).toBe(false);
  expect(await third?.tryLease('poll', 120_000)).toBe(false);
});

it('a lease that ends further ahead than any can is over: the clock of the database has stepped back', async () => {
  const [one, other] = await openPair();
  await one.tryLease('poll', 60_000);
  expect(await other.tryLease('poll', 60_000)).toBe(false);
  await (await openClient()).query("UPDATE leases SET expires_at = expires_at + interval '1 hour'");
  expect(await other.tryLease('poll', 60_000)).toBe(true);
});

it('work of one name is done one at a time, by whichever replica', async () => {
  const replicas = await openReplicas(3);
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    for (let turns = 0; turns < 5; turns++) await turn();
    running -= 1;
  };
  await Promise.all(replicas.flatMap((store) => numbered(10).map(() => store.withLock('work', work))));
  expect(most).toBe(1);
});

it('work of two names, or in two schemas, goes on side by side', async () => {
  const one = openStore(await emptiedUrl());
  const elsewhere = openStore(await emptiedUrl());
  const done = await one.withLock('work', () =>
    one.withLock('other work', () => elsewhere.withLock('work', async () => 'done')),
  );
  expect(done).toBe('done');
});

it('more pieces of work than there are connections are under way at once, and may use the store', async () => {
  const store = openStore(await emptiedUrl());
  const ids = numbered(60);
  const all = Promise.withResolvers<void>();
  let begun = 0;
  await Promise.all(
    ids.map((id) =>
      store.withLock(id, async () => {
        begun += 1;
        if (begun === ids.length) all.resolve();
        await all.promise;
        await keep(store, payment(id));
      }),
    ),
  );
  expect((await store.size()).events).toBe(60);
});

it('work that fails gives its error, and the next begins', async () => {
  const [one, other] = await openPair();
  const broken = new Error('the work is broken');
  await expect(one.withLock('work', () => Promise.reject(broken))).rejects.toBe(broken);
  expect(await other.withLock('work', async () => 'done')).toBe('done');
});

it('work that takes longer than a lease is not begun by another replica', async () => {
  const [one, other] = await openPair({ leaseTimes: { lockMs: 300, patienceMs: 60_000 } });
  const end = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const order: string[] = [];
  const first = one.withLock('work', async () => {
    begun.resolve();
    await end.promise;
    order.push('first');
  });
  await begun.promise;
  const second = other.withLock('work', async () => void order.push('second'));
  const client = await openClient();
  const renewals = async () => (await client.query('SELECT expires_at::text AS at FROM leases')).rows[0]?.at;
  const seen = new Set<string>();
  await expect.poll(async () => seen.add(await renewals()).size, { timeout: 15_000 }).toBeGreaterThan(5);
  end.resolve();
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
});

it('work whose lease is lost may be done by another, and is ended all the same', async () => {
  const [one, other] = await openPair();
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const first = one.withLock('work', () => {
    begun.resolve();
    return end.promise;
  });
  await begun.promise;
  await (await openClient()).query('UPDATE leases SET expires_at = now()');
  await other.withLock('work', async () => undefined);
  end.resolve('done');
  expect(await first).toBe('done');
});

it('work is told whether its lease is held, and that it is lost for good once another has had it', async () => {
  const [one, other] = await openPair();
  await one.withLock('work', async (isHeld) => {
    expect(await isHeld()).toBe(true);
    await (await openClient()).query('UPDATE leases SET expires_at = now()');
    expect(await isHeld()).toBe(true);
    await (await openClient()).query('UPDATE leases SET expires_at = now()');
    await other.withLock('work', async () => expect(await isHeld()).toBe(false));
    expect(await isHeld()).toBe(false);
  });
});

it('who waits for too long is told so', async () => {
  const [one, other] = await openPair({ leaseTimes: { lockMs: 60_000, patienceMs: 200 } });
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const first = one.withLock('work', () => {
    begun.resolve();
    return end.promise;
  });
  await begun.promise;
  expect(await failureOf(other.withLock('work', async () => undefined))).toBeInstanceOf(StoreUnavailable);
  end.resolve();
  await first;
  expect(logged.of('store.lock_not_renewed')).toEqual([]);
});
