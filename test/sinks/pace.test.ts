// The pace with all that it works with: a deliverer, its lanes, a destination that refuses above its limit.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { toIso } from '../../src/lib/time.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createDeliverer } from '../../src/sinks/deliverer.ts';
import type { SendRequest, SendResult } from '../../src/sinks/destination.ts';
import { createDestinations } from '../../src/sinks/destinations.ts';
import { createHealth } from '../../src/sinks/health.ts';
import { createPace } from '../../src/sinks/pace.ts';
import { createRequeue } from '../../src/sinks/requeue-due.ts';
import { createDeliveryStore, type DeliveryStoreFake } from '../support/delivery-store.ts';
import { collectLog } from '../support/log.ts';
import { aPager } from '../support/pager.ts';
import { aDelivery, aMember, anAlert, anEventRecord, aPayout } from '../support/telling.ts';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');
beforeEach(() => {
  vi.useFakeTimers({ now: startMs, fakeNodeBuiltins: true });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Call {
  readonly atMs: number;
  readonly what: string;
  readonly outcome: SendResult['outcome'];
}

/** A destination as PagerDuty is: it refuses what is above so many in 60 seconds, from all senders together. */
const createReceiver = (
  limit: number,
  answer?: (request: SendRequest, calls: readonly Call[]) => SendResult | undefined,
) => {
  const calls: Call[] = [];
  const receive = (request: SendRequest): SendResult => {
    const nowMs = Date.now();
    const inWindow = calls.filter(({ atMs }) => atMs > nowMs - 60_000).length;
    const ok: SendResult =
      inWindow < limit
        ? { outcome: 'delivered', statusCode: 202 }
        : { outcome: 'throttled', statusCode: 429, error: 'HTTP 429', retryAfterMs: null };
    const result = answer?.(request, calls) ?? ok;
    calls.push({ atMs: nowMs, what: `${request.delivery.action} ${request.alert.alert_id}`, outcome: result.outcome });
    return result;
  };
  return { calls, receive };
};

const createReplica = (
  store: DeliveryStoreFake,
  receive: (request: SendRequest) => SendResult,
  perMinute: number | null,
) => {
  const bus = createBus();
  const destination = aPager({
    perMinute,
    send: async (request) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return receive(request);
    },
  });
  const logged = collectLog();
  let onCapacity: () => void = () => undefined;
  const deliverer = createDeliverer({
    store,
    bus,
    destinations: createDestinations([destination]),
    gateOf: createPace({ store, now: Date.now, leaseMs: 18_000, retryMinMs: 1000 }),
    health: createHealth(store, Date.now),
    limits: { retryMinMs: 1000, retryMaxMs: 300_000, maxAgeSeconds: 86_400, concurrency: 8, timeoutMs: 10_000 },
    publicUrl: null,
    log: logged.log,
    now: Date.now,
    random: () => 1,
    onCapacity: () => onCapacity(),
  });
  const requeue = createRequeue(store, bus, Date.now, deliverer.fullTargets);
  onCapacity = () => void requeue.run();
  return { bus, deliverer, requeue, logged };
};

type Replica = ReturnType<typeof createReplica>;

const open = (store: DeliveryStoreFake, { bus }: Replica, id: string, more: Partial<Delivery> = {}): void => {
  const at = toIso(Date.now());
  const what = { alert_id: id, event_id: id, event_ids: [id], created_at: at, next_attempt_at: at };
  const delivery = aDelivery({ ...what, ...more });
  store.putEvent(anEventRecord(aPayout({ event_id: id })));
  store.putAlert(anAlert({ alert_id: id, scope: id, members: [aMember({ event_id: id })], deliveries: [delivery] }));
  bus.publish('delivery.queued', { signalId: id, requestId: 'r', alertId: id, scope: id, deliveries: [delivery] });
};

/** Seconds go by, in each of which what is due is queued again. */
const pass = async (replicas: readonly Replica[], seconds: number): Promise<void> => {
  for (let second = 0; second < seconds; second++) {
    await vi.advanceTimersByTimeAsync(1000);
    await Promise.all(replicas.map(({ requeue }) => requeue.run()));
  }
};

it('of 2000 payouts none is refused, and a new critical one goes first', async () => {
  const store = createDeliveryStore();
  const { calls, receive } = createReceiver(120);
  const replica = createReplica(store, receive, 100);
  for (let at = 0; at < 2000; at++) open(store, replica, `payout${at}`, { severity: 'warning' });
  await pass([replica], 90);
  open(store, replica, 'critical');
  await pass([replica], 1);
  expect(calls.at(-1)?.what).toBe('trigger critical');
  expect(calls.filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);

  await pass([replica], 30 * 60);
  expect(calls.filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);
  expect(new Set(calls.map(({ what }) => what)).size).toBe(2001);
  expect(calls).toHaveLength(2001);
  await replica.deliverer.stop();
});

it('two replicas keep one pace between them, and lose none of it to each other', async () => {
  const store = createDeliveryStore();
  const { calls, receive } = createReceiver(10);
  const replicas = [createReplica(store, receive, 10), createReplica(store, receive, 10)] as const;
  for (let at = 0; at < 60; at++) open(store, replicas[at % 2] ?? replicas[0], `a${at}`);
  await pass(replicas, 6 * 61 + 30);
  expect(calls.filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);
  expect(calls).toHaveLength(60);
  await Promise.all(replicas.map(({ deliverer }) => deliverer.stop()));
});

it('a restart does not forget the pace', async () => {
  const store = createDeliveryStore();
  const { calls, receive } = createReceiver(10);
  const first = createReplica(store, receive, 10);
  for (let at = 0; at < 20; at++) open(store, first, `a${at}`);
  await pass([first], 2);
  await first.deliverer.stop();
  const second = createReplica(store, receive, 10);
  await pass([second], 20);
  expect(calls).toHaveLength(10);
  await pass([second], 60);
  expect(calls).toHaveLength(20);
  expect(calls.filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);
  await second.deliverer.stop();
});

it('a 429 pauses the destination: then the most serious trigger finds out, and a probe that fails goes behind', async () => {
  const store = createDeliveryStore();
  let isBusy = true;
  const { calls, receive } = createReceiver(1000, () =>
    isBusy ? { outcome: 'throttled', statusCode: 429, error: 'HTTP 429', retryAfterMs: 30_000 } : undefined,
  );
  const replica = createReplica(store, receive, 100);
  open(store, replica, 'first');
  await pass([replica], 1);
  for (const id of ['warning1', 'warning2']) open(store, replica, id, { severity: 'warning' });
  open(store, replica, 'over', { action: 'resolve' });
  for (const id of ['critical1', 'critical2']) open(store, replica, id);
  await pass([replica], 28);
  expect(calls.map(({ what }) => what)).toEqual(['trigger first']);
  expect(replica.deliverer.pausedUntilMs('test:pager')).toBe(calls[0] && calls[0].atMs + 30_000);
  await pass([replica], 30);
  expect(calls.map(({ what }) => what).slice(1)).toEqual(['trigger critical1']);
  isBusy = false;
  await pass([replica], 33);
  expect(calls.map(({ what }) => what).slice(2, 3)).toEqual(['trigger critical2']);
  expect(calls).toHaveLength(8);
  expect(replica.deliverer.pausedUntilMs('test:pager')).toBeNull();
  await replica.deliverer.stop();
});

it('a destination that is away is probed, not flooded, and gets all of it when it is back', async () => {
  const store = createDeliveryStore();
  let isAway = true;
  const { calls, receive } = createReceiver(1000, () =>
    isAway ? { outcome: 'transient', statusCode: null, error: 'ECONNREFUSED', retryAfterMs: null } : undefined,
  );
  const replica = createReplica(store, receive, null);
  for (let at = 0; at < 300; at++) open(store, replica, `a${at}`);
  await pass([replica], 300);
  expect(calls.length).toBeLessThan(25);
  isAway = false;
  await pass([replica], 70);
  const told = calls.filter(({ outcome }) => outcome === 'delivered').map(({ what }) => what);
  expect(new Set(told).size).toBe(300);
  expect(told).toHaveLength(300);
  await replica.deliverer.stop();
});

it('while the store takes no writes the pace is kept by what is known here', async () => {
  const store = createDeliveryStore();
  const { calls, receive } = createReceiver(10);
  const replica = createReplica(store, receive, 10);
  store.writable = false;
  for (let at = 0; at < 20; at++) open(store, replica, `a${at}`);
  await pass([replica], 30);
  expect(calls).toHaveLength(10);
  expect(calls.filter(({ outcome }) => outcome !== 'delivered')).toEqual([]);
  await replica.deliverer.stop();
});

it('a limit that the rules change holds from the next request on', async () => {
  let limit: number | null = 1;
  const store = createDeliveryStore();
  const gate = createPace({ store, now: Date.now, leaseMs: 18_000, retryMinMs: 1000 })('test:pager', () => limit);
  expect(await gate.take(['critical'])).toEqual({ group: 'critical' });
  expect(await gate.take(['critical'])).toEqual({ waitMs: 61_000 });
  limit = 3;
  await vi.advanceTimersByTimeAsync(61_000);
  for (let at = 0; at < 3; at++) expect(await gate.take(['critical'])).toEqual({ group: 'critical' });
  limit = null;
  expect(await gate.take(['update'])).toEqual({ group: 'update' });
});

it('who gives back a request without having taken one takes none from another replica', async () => {
  const store = createDeliveryStore();
  const gateOf = createPace({ store, now: Date.now, leaseMs: 18_000, retryMinMs: 1000 });
  const [one, other] = [gateOf('a', () => 1), gateOf('a', () => 1)];
  expect(await one.take(['critical'])).toEqual({ group: 'critical' });
  await other.unused();
  expect(await other.take(['critical'])).toEqual({ waitMs: 61_000 });
  await one.unused();
  expect(await one.take(['critical'])).toEqual({ group: 'critical' });
});

it('a fault in the store is not taken for a store that is away', async () => {
  const changeState = () => Promise.reject(new TypeError('a bug'));
  const gateOf = createPace({ store: { changeState }, now: Date.now, leaseMs: 18_000, retryMinMs: 1000 });
  await expect(gateOf('a', () => 1).take(['critical'])).rejects.toThrow('a bug');
});
