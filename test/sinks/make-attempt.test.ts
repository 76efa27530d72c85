import { expect, it, vi } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { toIso } from '../../src/lib/time.ts';
import { createJob, type Job } from '../../src/sinks/delivery-job.ts';
import { type DeliveryLimits, leaseMarginMs } from '../../src/sinks/delivery-limits.ts';
import type { SendResult } from '../../src/sinks/destination.ts';
import { createDestinations } from '../../src/sinks/destinations.ts';
import { openGate } from '../../src/sinks/gate.ts';
import { createMakeAttempt } from '../../src/sinks/make-attempt.ts';
import { createDeliveryStore, type DeliveryStoreFake } from '../support/delivery-store.ts';
import { collectLog } from '../support/log.ts';
import { aPager } from '../support/pager.ts';
import { aDelivery, anAlert, anEventRecord, aPayout, openedAt } from '../support/telling.ts';

const limits: DeliveryLimits = {
  retryMinMs: 1000,
  retryMaxMs: 60_000,
  maxAgeSeconds: 86_400,
  concurrency: 1,
  timeoutMs: 10_000,
};
const delivery = aDelivery();

const setUp = (wrap: (store: DeliveryStoreFake) => Partial<DeliveryStoreFake> = () => ({})) => {
  const store = createDeliveryStore();
  store.putEvent(anEventRecord(aPayout()));
  store.putAlert(anAlert({ deliveries: [delivery] }));
  const send = vi.fn(async (): Promise<SendResult> => ({ outcome: 'delivered', statusCode: 202 }));
  const pager = aPager({ send });
  const clock = { ms: Date.parse(openedAt) };
  const monotonic = { ms: 0 };
  const logged = collectLog();
  const makeAttempt = createMakeAttempt({
    store: { ...store, ...wrap(store) },
    destinations: createDestinations([pager]),
    limits,
    log: logged.log,
    now: () => clock.ms,
    random: () => 0,
    publicUrl: null,
    monotonicMs: () => monotonic.ms,
  });
  const unused = vi.fn(async () => undefined);
  const job: Job = createJob(
    { alertId: 'evt_1', scope: 'stripe::po_1', requestId: 'req-1' },
    delivery,
    'test:pager',
    0,
  );
  const make = () => makeAttempt(job, { ...openGate, unused });
  return { store, send, clock, monotonic, logged, unused, make };
};
const readOnly = {
  transact: () => Promise.reject(new StoreUnavailable('store_full', 'the disk is full')),
};

it('a store that takes no writes does not keep a trigger back', async () => {
  const { make, send, logged } = setUp(() => readOnly);
  expect(await make()).toMatchObject({ isBegun: false, wasSent: true, result: { outcome: 'delivered' } });
  expect(send).toHaveBeenCalledOnce();
  expect(logged.of('delivery.unrecorded')).toHaveLength(1);
});

it('while the store takes no writes nothing is sent of an alert that is gone, or that has ended its delivery', async () => {
  const gone = setUp(() => readOnly);
  gone.store.alerts.clear();
  expect(await gone.make()).toBeUndefined();
  const without = setUp(() => readOnly);
  without.store.putAlert(anAlert());
  expect(await without.make()).toBeUndefined();
  const over = setUp(() => readOnly);
  over.store.putAlert(anAlert({ deliveries: [{ ...delivery, status: 'superseded' }] }));
  expect(await over.make()).toBeUndefined();
  for (const { send, unused } of [gone, without, over]) {
    expect(send).not.toHaveBeenCalled();
    expect(unused).toHaveBeenCalledOnce();
  }
});

it('a store that goes away between the beginning and the message costs a try, and nothing is sent', async () => {
  const { make, send, unused } = setUp(() => ({
    find: () => Promise.reject(new StoreUnavailable('store_unavailable', 'the database is away')),
  }));
  expect(await make()).toMatchObject({
    wasSent: false,
    result: { outcome: 'transient', error: 'not sent: the database is away' },
    nextAttemptMs: expect.any(Number),
  });
  expect(send).not.toHaveBeenCalled();
  expect(unused).toHaveBeenCalledOnce();
});

it.each([-3_600_000, -60_000, 60_000, 3_600_000])(
  'what another replica is sending is left alone until its lease ends by the shared clock, ours %i ms ahead of that',
  async (aheadMs) => {
    const shared = { ms: Date.parse(openedAt) };
    const { store, clock, make, send } = setUp(() => ({ sharedClock: async () => () => shared.ms }));
    const lease = { attempt_started_at: openedAt, leased_until: toIso(shared.ms + limits.timeoutMs + leaseMarginMs) };
    store.putAlert(anAlert({ deliveries: [{ ...delivery, ...lease }] }));
    clock.ms += aheadMs;
    expect(await make()).toBeUndefined();
    shared.ms += limits.timeoutMs + leaseMarginMs - 1;
    expect(await make()).toBeUndefined();
    expect(send).not.toHaveBeenCalled();
    shared.ms += 1;
    expect(await make()).toMatchObject({ wasSent: true, delivery: { attempts: 1 } });
    const [taken] = store.alerts.get('evt_1')?.deliveries ?? [];
    expect(taken?.leased_until).toBe(toIso(shared.ms + limits.timeoutMs + leaseMarginMs));
    expect(taken?.attempt_started_at).toBe(toIso(clock.ms));
  },
);

it('while the store takes no writes, leases end by the shared clock too', async () => {
  const shared = { ms: Date.parse(openedAt) };
  const { store, clock, make, send } = setUp(() => ({ ...readOnly, sharedClock: async () => () => shared.ms }));
  const lease = { attempt_started_at: openedAt, leased_until: toIso(shared.ms + limits.timeoutMs) };
  store.putAlert(anAlert({ deliveries: [{ ...delivery, ...lease }] }));
  clock.ms += 3_600_000;
  expect(await make()).toBeUndefined();
  expect(send).not.toHaveBeenCalled();
  shared.ms += limits.timeoutMs;
  expect(await make()).toMatchObject({ wasSent: true });
});

it('a machine that slept while it began an attempt leaves it for the next, though its shared clock stood still', async () => {
  const sharedMs = Date.parse(openedAt);
  const rig = setUp((store) => ({
    sharedClock: async () => () => sharedMs,
    transact: async (keys, decide) => {
      const result = await store.transact(keys, decide);
      rig.clock.ms += 60_000;
      return result;
    },
  }));
  expect(await rig.make()).toBeUndefined();
  expect(rig.send).not.toHaveBeenCalled();
});

it('a beginning that took most of its lease is left for the next attempt', async () => {
  const rig = setUp((store) => ({
    transact: async (keys, decide) => {
      const result = await store.transact(keys, decide);
      rig.clock.ms += leaseMarginMs;
      return result;
    },
  }));
  expect(await rig.make()).toBeUndefined();
  expect(rig.send).not.toHaveBeenCalled();
  expect(rig.logged.of('delivery.lease_too_short')).toHaveLength(1);
});

it.each([
  ['takes writes', () => ({})],
  ['takes none', () => readOnly],
])(
  'after our clock stepped back an hour, what another process is sending is left alone for the length of a lease: the store %s',
  async (_what, wrap) => {
    const { store, clock, monotonic, make, send } = setUp(wrap);
    const attempt_started_at = openedAt;
    const leased_until = toIso(Date.parse(openedAt) + limits.timeoutMs + leaseMarginMs);
    store.putAlert(anAlert({ deliveries: [{ ...delivery, attempt_started_at, leased_until }] }));
    clock.ms -= 3_600_000;
    expect(await make()).toBeUndefined();
    monotonic.ms += limits.timeoutMs + leaseMarginMs - 1;
    expect(await make()).toBeUndefined();
    expect(send).not.toHaveBeenCalled();
    monotonic.ms += 1;
    expect(await make()).toMatchObject({ wasSent: true });
  },
);
