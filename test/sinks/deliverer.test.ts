import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { cancelUnneeded } from '../../src/domain/cancel-unneeded.ts';
import type { Action, Delivery } from '../../src/domain/delivery.ts';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { toIso } from '../../src/lib/time.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createDeliverer } from '../../src/sinks/deliverer.ts';
import type { DeliveryLimits } from '../../src/sinks/delivery-limits.ts';
import type { Destination, SendRequest, SendResult } from '../../src/sinks/destination.ts';
import { createDestinations } from '../../src/sinks/destinations.ts';
import type { GateOf } from '../../src/sinks/gate.ts';
import { createHealth } from '../../src/sinks/health.ts';
import { createRetrier } from '../../src/sinks/manual-retry.ts';
import { createRequeue } from '../../src/sinks/requeue-due.ts';
import { createDeliveryStore, type DeliveryStoreFake } from '../support/delivery-store.ts';
import { collectLog } from '../support/log.ts';
import { aPager } from '../support/pager.ts';
import { aDelivery, aMember, anAlert, anEventRecord, aPayout } from '../support/telling.ts';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');

// The deliverer waits with node:timers/promises, which are only faked when asked for.
beforeEach(() => {
  vi.useFakeTimers({ now: startMs, fakeNodeBuiltins: true });
});
afterEach(() => {
  vi.useRealTimers();
});

const accepted: SendResult = { outcome: 'delivered', statusCode: 202 };
const failed = (
  outcome: 'transient' | 'throttled' | 'permanent' | 'unknown',
  statusCode: number | null,
  retryAfterMs: number | null = null,
): SendResult => ({ outcome, statusCode, error: `it was ${outcome}`, retryAfterMs });
const refused = failed('permanent', 400);
const busy = failed('transient', 503);
const unanswered = failed('unknown', null);

type Answer = SendResult | Promise<SendResult>;

interface RigOptions {
  /** What the destination answers, one after the other; then it accepts. Or a function that decides for each request. */
  readonly answers?: readonly Answer[] | ((request: SendRequest) => Answer);
  readonly limits?: Partial<DeliveryLimits>;
  readonly wrap?: (store: DeliveryStoreFake) => DeliveryStoreFake;
  readonly destination?: Partial<Destination>;
  readonly others?: readonly Destination[];
  readonly gateOf?: GateOf;
  readonly isShared?: boolean;
}

/** A deliverer with a scripted destination, and all that it works with: a small store, bus and requeue. */
const createRig = ({
  answers = [],
  limits = {},
  wrap = (store) => store,
  destination = {},
  others = [],
  gateOf,
  isShared = false,
}: RigOptions = {}) => {
  const store = createDeliveryStore();
  const bus = createBus();
  const logged = collectLog();
  const sent: string[] = [];
  const requests: SendRequest[] = [];
  const script = Array.isArray(answers) ? [...answers] : undefined;
  const pager = aPager({
    async send(request) {
      sent.push(`${request.delivery.action} ${request.alert.alert_id}`);
      requests.push(request);
      return typeof answers === 'function' ? answers(request) : (script?.shift() ?? accepted);
    },
    ...destination,
  });
  const destinations = createDestinations([pager, ...others]);
  const requeue = createRequeue(store, bus, Date.now, () => []);
  const health = createHealth(store, Date.now);
  const deliverer = createDeliverer({
    store: wrap(store),
    bus,
    destinations,
    health,
    ...(gateOf && { gateOf }),
    isShared,
    limits: {
      retryMinMs: 1000,
      retryMaxMs: 300_000,
      maxAgeSeconds: 86_400,
      concurrency: 8,
      timeoutMs: 10_000,
      ...limits,
    },
    publicUrl: null,
    log: logged.log,
    now: Date.now,
    random: () => 1,
    onCapacity: () => void requeue.run(),
  });

  const settled = async () => {
    // Lets every promise that is ready run, without moving the clock.
    await vi.advanceTimersByTimeAsync(0);
  };
  const publish = (alertId: string, deliveries: readonly Delivery[]) => {
    const { scope = '' } = store.alerts.get(alertId) ?? {};
    bus.publish('delivery.queued', { signalId: 's', requestId: `req-${alertId}`, alertId, scope, deliveries });
  };
  const add = (id: string, more: Partial<Delivery> = {}): Delivery =>
    aDelivery({
      alert_id: id,
      event_id: id,
      event_ids: [id],
      created_at: toIso(Date.now()),
      next_attempt_at: toIso(Date.now()),
      request_id: `req-${id}`,
      ...more,
    });
  return {
    store,
    bus,
    logged,
    sent,
    requests,
    deliverer,
    requeue,
    destinations,
    health,
    settled,
    publish,
    /** An alert of one event that must be told. */
    async open(id: string, more: Partial<Delivery> = {}) {
      store.putEvent(anEventRecord(aPayout({ event_id: id })), '{"id":"raw"}');
      const delivery = add(id, more);
      const members = [aMember({ event_id: id })];
      store.putAlert(anAlert({ alert_id: id, request_id: `req-${id}`, members, deliveries: [delivery] }));
      publish(id, [delivery]);
      await settled();
    },
    /** The same alert, over. */
    async end(id: string) {
      const alert = store.alerts.get(id);
      if (!alert) throw new Error(`there is no alert ${id}`);
      const resolve = add(id, { action: 'resolve', reason: 'ended', ordinal: 2 });
      const deliveries = cancelUnneeded([...alert.deliveries, resolve]);
      store.putAlert({ ...alert, state: 'resolved', resolved_at: toIso(Date.now()), deliveries });
      publish(id, [resolve]);
      await settled();
    },
    async advance(ms: number) {
      await vi.advanceTimersByTimeAsync(ms);
    },
    async recover() {
      await requeue.run();
      await settled();
    },
    delivery: (id: string, action: Action = 'trigger') =>
      store.alerts.get(id)?.deliveries.find((delivery) => delivery.action === action),
    statuses: (id: string) => store.alerts.get(id)?.deliveries.map(({ action, status }) => `${action} ${status}`),
    async attempts(id: string) {
      const detail = await store.readAlert(id);
      const ids = new Set(detail?.alert.deliveries.map((delivery) => delivery.id));
      return [...(detail?.attempts ?? [])].filter(([deliveryId]) => ids.has(deliveryId)).flatMap(([, log]) => log);
    },
    changes: (id: string) => (store.histories.get(id) ?? []).map(({ change }) => change),
  };
};

/** An answer that comes when the test says so. */
const later = () => {
  const { promise, resolve } = Promise.withResolvers<SendResult>();
  return { promise, answer: resolve };
};

it('a delivery that is accepted at once is sent once and recorded', async () => {
  const rig = createRig();
  await rig.open('e1');

  expect(rig.requests).toMatchObject([
    {
      delivery: { action: 'trigger' },
      about: { event: { ...aPayout({ event_id: 'e1', raw: null }) } },
      requestId: 'req-e1',
    },
  ]);
  expect(rig.delivery('e1')).toMatchObject({
    status: 'delivered',
    attempts: 1,
    last_error: null,
    delivered_at: '2026-03-01T12:00:00.000Z',
    next_attempt_at: null,
    leased_until: null,
  });
  expect(await rig.attempts('e1')).toEqual([
    {
      number: 1,
      started_at: '2026-03-01T12:00:00.000Z',
      duration_ms: 0,
      outcome: 'delivered',
      status_code: 202,
      error: null,
    },
  ]);
  expect(rig.changes('e1')).toEqual(['delivered']);
  expect(rig.logged.of('delivery.attempted')).toMatchObject([
    { level: 'info', request_id: 'req-e1', event_id: 'e1', action: 'trigger', number: 1, outcome: 'delivered' },
  ]);
});

it('what one of several recipients did not take is a warning, and is not sent again', async () => {
  const refused = 'oncall@example.com: 550 5.1.1 User unknown';
  const rig = createRig({ answers: [{ outcome: 'delivered', statusCode: 250, refused }] });
  await rig.open('e1');
  expect(rig.delivery('e1')).toMatchObject({ status: 'delivered', last_error: null });
  expect(rig.logged.of('delivery.partly_refused')).toMatchObject([{ level: 'warn', event_id: 'e1', error: refused }]);
});

it('a delivery is tried again until it is accepted, after growing delays, with every attempt in the log', async () => {
  const rig = createRig({ answers: [busy, failed('throttled', 429), unanswered] });
  await rig.open('e1');
  for (const [at, delayMs] of [1000, 2000, 4000].entries()) {
    expect(rig.delivery('e1')).toMatchObject({
      status: 'pending',
      attempts: at + 1,
      next_attempt_at: toIso(Date.now() + delayMs),
    });
    await rig.advance(delayMs - 1);
    expect(rig.sent).toHaveLength(at + 1);
    await rig.advance(2);
    expect(rig.sent).toHaveLength(at + 2);
  }

  expect(rig.delivery('e1')).toMatchObject({ status: 'delivered', attempts: 4, last_error: null });
  expect(await rig.attempts('e1')).toMatchObject([
    { number: 1, outcome: 'transient', status_code: 503, error: 'it was transient' },
    { number: 2, outcome: 'throttled', status_code: 429, error: 'it was throttled' },
    { number: 3, outcome: 'unknown', status_code: null, error: 'it was unknown' },
    { number: 4, outcome: 'delivered', status_code: 202, error: null },
  ]);
  expect(rig.logged.of('delivery.attempted').map(({ level }) => level)).toEqual(['warn', 'warn', 'warn', 'info']);
});

it('a permanent refusal fails at once and is an error in the log', async () => {
  const rig = createRig({ answers: [refused] });
  await rig.open('e1');
  await rig.advance(86_400_000);
  await rig.recover();

  expect(rig.sent).toEqual(['trigger e1']);
  expect(rig.delivery('e1')).toMatchObject({
    status: 'failed',
    attempts: 1,
    last_error: 'it was permanent',
    next_attempt_at: null,
  });
  expect(rig.changes('e1')).toEqual(['delivery_failed']);
  expect(rig.logged.of('delivery.failed')).toMatchObject([{ level: 'error', event_id: 'e1', status_code: 400 }]);
});

it('a wait too long for memory is left to the store, where recovery finds it in time', async () => {
  const rig = createRig({ answers: [busy], limits: { retryMinMs: 6000 } });
  await rig.open('e1');
  await rig.advance(5999);
  await rig.recover();
  expect(rig.sent).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
  await rig.advance(1);
  await rig.recover();
  expect(rig.sent).toHaveLength(2);
  expect(rig.statuses('e1')).toEqual(['trigger delivered']);
});

it.each([
  ['longer than the largest backoff is honoured', 600_000, 600_000],
  ['shorter than the backoff does not shorten it', 10, 1000],
  ['longer than 15 minutes ends then', 90_000_000, 900_000],
  ['without any sense ends then', Number.POSITIVE_INFINITY, 900_000],
])('a Retry-After that is %s', async (_, retryAfterMs, waitMs) => {
  const rig = createRig({ answers: [failed('throttled', 429, retryAfterMs)] });
  await rig.open('e1');
  expect(rig.delivery('e1')).toMatchObject({ status: 'pending', next_attempt_at: toIso(startMs + waitMs) });
  await rig.advance(waitMs - 1);
  await rig.recover();
  expect(rig.sent).toHaveLength(1);
  await rig.advance(2);
  await rig.recover();
  expect(rig.sent).toHaveLength(2);
});

it('a delivery that failed by age has its whole age before it when it is retried, and goes on counting', async () => {
  const rig = createRig({ answers: () => busy, limits: { maxAgeSeconds: 10 } });
  await rig.open('e1');
  await rig.advance(20_000);
  const failed = rig.delivery('e1');
  expect(failed?.status).toBe('failed');

  const retrier = createRetrier(rig.store, rig.bus, rig.destinations, rig.logged.log, Date.now);
  expect(await retrier.retry(failed?.id ?? '', 'req-again')).toMatchObject({ kind: 'retried' });
  await rig.settled();
  const attempts = (failed?.attempts ?? 0) + 1;
  expect(rig.delivery('e1')).toMatchObject({ status: 'pending', attempts, request_id: 'req-again' });
  expect(rig.requests.at(-1)).toMatchObject({ requestId: 'req-again' });
  await rig.advance(20_000);
  await rig.recover();
  expect(rig.delivery('e1')).toMatchObject({ status: 'failed' });
  expect(rig.changes('e1')).toEqual(['delivery_failed', 'delivery_retried', 'delivery_failed']);
});

it('a delivery that is retried while its attempt is in flight is not sent twice', async () => {
  const first = later();
  const rig = createRig({ answers: [first.promise] });
  await rig.open('e1');
  const { id = '' } = rig.delivery('e1') ?? {};
  const retrier = createRetrier(rig.store, rig.bus, rig.destinations, rig.logged.log, Date.now);
  expect(await retrier.retry(id, 'req-again')).toMatchObject({ kind: 'unchanged' });
  first.answer(accepted);
  await rig.settled();
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
});

it('a delivery that is too old is tried a last time, given up as failed, and is an error in the log', async () => {
  const rig = createRig({ answers: () => busy, limits: { maxAgeSeconds: 10 } });
  await rig.open('e1');
  await rig.advance(9999);
  await rig.recover();
  expect(rig.delivery('e1')).toMatchObject({
    status: 'pending',
    attempts: 4,
    next_attempt_at: toIso(startMs + 10_000),
  });
  expect(rig.logged.of('delivery.failed')).toEqual([]);
  await rig.advance(10);
  expect(rig.delivery('e1')).toMatchObject({
    status: 'failed',
    attempts: 5,
    last_error: 'it was transient',
    next_attempt_at: null,
  });
  expect(rig.logged.of('delivery.failed')).toMatchObject([{ level: 'error', event_id: 'e1', number: 5 }]);
  await rig.advance(86_400_000);
  await rig.recover();
  expect(rig.sent).toHaveLength(5);
});

it('no more attempts run at once than the limit allows', async () => {
  const gates: ReturnType<typeof later>[] = [];
  const rig = createRig({
    limits: { concurrency: 3 },
    answers: () => {
      const gate = later();
      gates.push(gate);
      return gate.promise;
    },
  });
  for (let number = 1; number <= 10; number++) await rig.open(`e${number}`);
  for (let answered = 0; answered < 10; answered++) {
    expect(gates).toHaveLength(Math.min(10, answered + 3));
    gates[answered]?.answer(accepted);
    await rig.settled();
  }
  expect(new Set(rig.sent).size).toBe(10);
});

it('a delivery that waits for its next attempt holds no slot', async () => {
  const rig = createRig({ answers: [busy], limits: { concurrency: 1 } });
  await rig.open('e1');
  await rig.open('e2');
  expect(rig.sent).toEqual(['trigger e1', 'trigger e2']);
  expect(rig.statuses('e1')).toEqual(['trigger pending']);
  expect(rig.statuses('e2')).toEqual(['trigger delivered']);
  await rig.advance(1001);
  expect(rig.statuses('e1')).toEqual(['trigger delivered']);
});

it('an event that ends while its trigger waits is sent nothing more', async () => {
  const rig = createRig({ answers: [busy] });
  await rig.open('e1');
  await rig.end('e1');
  await rig.advance(60_000);
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
  expect(rig.statuses('e1')).toEqual(['trigger superseded', 'resolve superseded']);
});

it('an event that ends while its trigger waits for a slot is sent nothing at all', async () => {
  const gate = later();
  const rig = createRig({ answers: [gate.promise], limits: { concurrency: 1 } });
  await rig.open('other');
  await rig.open('e1');
  await rig.end('e1');
  gate.answer(accepted);
  await rig.settled();
  expect(rig.sent).toEqual(['trigger other']);
  expect(rig.statuses('e1')).toEqual(['trigger superseded', 'resolve superseded']);
});

it('an event that ends after an attempt without an answer is resolved, for the page may be there', async () => {
  const rig = createRig({ answers: [unanswered] });
  await rig.open('e1');
  await rig.end('e1');
  await rig.advance(60_000);
  expect(rig.sent).toEqual(['trigger e1', 'resolve e1']);
  expect(rig.statuses('e1')).toEqual(['trigger superseded', 'resolve delivered']);
});

it.each([
  ['accepted', accepted, ['trigger e1', 'resolve e1'], ['trigger delivered', 'resolve delivered']],
  ['refused', refused, ['trigger e1'], ['trigger failed', 'resolve superseded']],
  ['not accepted for now', busy, ['trigger e1'], ['trigger superseded', 'resolve superseded']],
  ['without an answer', unanswered, ['trigger e1', 'resolve e1'], ['trigger superseded', 'resolve delivered']],
])('an event that ends while its trigger is in flight awaits it: %s', async (_, result, sent, statuses) => {
  const gate = later();
  const rig = createRig({ answers: [gate.promise] });
  await rig.open('e1');
  await rig.end('e1');
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
  expect(rig.statuses('e1')).toEqual(['trigger pending', 'resolve pending']);
  gate.answer(result);
  await rig.settled();
  await rig.advance(60_000);
  await rig.recover();
  expect(rig.sent).toEqual(sent);
  expect(rig.statuses('e1')).toEqual(statuses);
});

it('a resolve does not overtake its trigger, even when it alone is queued', async () => {
  const gate = later();
  const rig = createRig({ answers: [gate.promise] });
  await rig.open('e1');
  await rig.end('e1');
  const resolve = rig.delivery('e1', 'resolve');
  rig.publish('e1', resolve ? [resolve] : []);
  await rig.advance(5000);
  expect(rig.sent).toEqual(['trigger e1']);
  gate.answer(accepted);
  await rig.settled();
  expect(rig.sent).toEqual(['trigger e1', 'resolve e1']);
});

it('a resolve is tried again until it is accepted, like a trigger', async () => {
  const rig = createRig({ answers: [accepted, busy, busy] });
  await rig.open('e1');
  await rig.end('e1');
  await rig.advance(3002);
  expect(rig.sent).toEqual(['trigger e1', 'resolve e1', 'resolve e1', 'resolve e1']);
  expect(rig.statuses('e1')).toEqual(['trigger delivered', 'resolve delivered']);
});

it('a delivery to a destination that is not configured any more fails', async () => {
  const rig = createRig({ destination: { name: 'carrier-pigeon', target: 'bird:1' } });
  await rig.open('e1');
  expect(rig.sent).toEqual([]);
  expect(rig.delivery('e1')).toMatchObject({
    status: 'failed',
    last_error: 'the destination "pager" is no longer configured',
  });
  expect(rig.logged.of('delivery.failed')).toHaveLength(1);
});

it('a delivery that is queued twice at once is sent once', async () => {
  const gate = later();
  const rig = createRig({ answers: [gate.promise] });
  await rig.open('e1');
  await rig.recover();
  gate.answer(accepted);
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
});

it('a delivery of an event that is not stored is left alone', async () => {
  const rig = createRig();
  rig.publish('nowhere', [aDelivery({ alert_id: 'nowhere' })]);
  await rig.settled();
  expect(rig.sent).toEqual([]);
  expect(rig.logged.lines).toEqual([]);
});

it('1500 deliveries that are queued at once are each sent exactly once', async () => {
  const all = Promise.withResolvers<void>();
  const rig = createRig({
    answers: () => {
      if (rig.sent.length === 1500) all.resolve();
      return accepted;
    },
  });
  const ids = Array.from({ length: 1500 }, (_, at) => `e${at}`);
  await Promise.all(ids.map((id) => rig.open(id)));
  await all.promise;
  await rig.deliverer.idle();
  await rig.recover();
  expect(rig.sent.toSorted()).toEqual(ids.map((id) => `trigger ${id}`).toSorted());
  expect(ids.filter((id) => rig.delivery(id)?.status === 'delivered')).toHaveLength(1500);
});

it('a full hand turns later deliveries away until there is room, and then takes them from the store', async () => {
  const gates: ReturnType<typeof later>[] = [];
  const rig = createRig({
    limits: { concurrency: 1000 },
    answers: () => {
      const gate = later();
      gates.push(gate);
      return gate.promise;
    },
  });
  await Promise.all(Array.from({ length: 1001 }, (_, at) => rig.open(`e${at}`)));
  expect(rig.sent).toHaveLength(1000);
  for (const gate of gates.slice(0, 499)) gate.answer(accepted);
  await rig.settled();
  expect(rig.sent).toHaveLength(1000);
  gates[499]?.answer(accepted);
  await rig.settled();
  expect(rig.sent).toHaveLength(1001);
});

it('stopping waits for the attempt in flight, begins no other, and leaves the rest in the store', async () => {
  const gate = later();
  const rig = createRig({ answers: [busy, gate.promise], limits: { concurrency: 1 } });
  for (const id of ['waiting', 'in-flight', 'queued']) await rig.open(id);
  let isStopped = false;
  const stopped = rig.deliverer.stop().then(() => {
    isStopped = true;
  });
  await rig.settled();
  expect(isStopped).toBe(false);
  gate.answer(accepted);
  await stopped;
  await rig.open('too-late');
  await rig.advance(60_000);
  await rig.recover();

  expect(rig.sent).toEqual(['trigger waiting', 'trigger in-flight']);
  expect(rig.statuses('in-flight')).toEqual(['trigger delivered']);
  expect(rig.delivery('waiting')).toMatchObject({ status: 'pending', attempts: 1 });
  expect(rig.delivery('queued')).toMatchObject({ status: 'pending', attempts: 0, leased_until: null });
  expect(rig.delivery('too-late')).toMatchObject({ status: 'pending', attempts: 0 });
  expect(vi.getTimerCount()).toBe(0);
  expect(rig.logged.of('delivery.broken')).toEqual([]);
});

it('stopping with an attempt in flight that fails leaves it to the next process', async () => {
  const gate = later();
  const rig = createRig({ answers: [gate.promise] });
  await rig.open('e1');
  const stopped = rig.deliverer.stop();
  gate.answer(busy);
  await stopped;
  await rig.advance(60_000);
  expect(rig.sent).toEqual(['trigger e1']);
  expect(rig.delivery('e1')).toMatchObject({ status: 'pending', attempts: 1, leased_until: null });
  expect(vi.getTimerCount()).toBe(0);
});

it('an attempt of a process that died counts as unanswered once its lease is over, and is made again', async () => {
  const rig = createRig({ limits: { timeoutMs: 10_000 } });
  await rig.open('e1', { attempt_started_at: toIso(startMs), leased_until: toIso(startMs + 18_000) });
  await rig.advance(17_999);
  await rig.recover();
  expect(rig.sent).toHaveLength(0);
  await rig.advance(1);
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
  expect(await rig.attempts('e1')).toMatchObject([
    { number: 1, started_at: '2026-03-01T12:00:00.000Z', outcome: 'unknown' },
    { number: 2, started_at: '2026-03-01T12:00:18.000Z', outcome: 'delivered' },
  ]);
  expect(rig.delivery('e1')).toMatchObject({ status: 'delivered', attempts: 2 });
});

it('an alert that ends after an attempt of a process that died is resolved, for it may have been told', async () => {
  const rig = createRig();
  await rig.open('e1', { attempt_started_at: toIso(startMs), leased_until: toIso(startMs + 18_000) });
  await rig.end('e1');
  await rig.advance(20_000);
  await rig.recover();
  await rig.recover();
  expect(rig.sent).toEqual(['resolve e1']);
  expect(rig.statuses('e1')).toEqual(['trigger superseded', 'resolve delivered']);
});

it.each(['trigger', 'resolve'] as const)(
  'a %s that cannot be begun for a full disk is sent all the same, and recorded later',
  async (action) => {
    const rig = createRig({ answers: [busy, busy] });
    rig.store.writable = false;
    await rig.open('e1', { action });
    expect(rig.sent).toHaveLength(1);
    expect(rig.logged.of('delivery.unrecorded')).toMatchObject([
      { level: 'warn', alert_id: 'e1', outcome: 'transient' },
    ]);
    // Once for each step of the backoff, and not again when it was accepted.
    await rig.advance(1001);
    expect(rig.sent).toHaveLength(2);
    await rig.advance(2000);
    await rig.recover();
    await rig.advance(60_000);
    await rig.recover();
    expect(rig.sent).toHaveLength(3);
    expect(rig.delivery('e1', action)).toMatchObject({ status: 'pending', attempts: 0 });

    rig.store.writable = true;
    await rig.advance(31_000);
    expect(rig.sent).toHaveLength(3);
    expect(rig.delivery('e1', action)).toMatchObject({ status: 'delivered', leased_until: null });
    expect((await rig.attempts('e1')).at(-1)).toMatchObject({ outcome: 'delivered' });
  },
);

it('an update that cannot be begun waits for the store', async () => {
  const rig = createRig();
  rig.store.writable = false;
  await rig.open('e1', { action: 'update' });
  expect(rig.sent).toEqual([]);
  rig.store.writable = true;
  await rig.recover();
  expect(rig.sent).toEqual(['update e1']);
});

it('a delivery waits for a store that cannot even be read, which nobody has to mend', async () => {
  const rig = createRig();
  rig.store.readable = false;
  await rig.open('e1');
  expect(rig.sent).toEqual([]);
  expect(rig.logged.of('delivery.postponed')).toMatchObject([
    { level: 'warn', alert_id: 'e1', error: 'the database is away' },
  ]);
  rig.store.readable = true;
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
});

it('a store that is back is told of, although the destination refuses everything', async () => {
  const rig = createRig({ answers: () => busy, limits: { retryMinMs: 60_000, retryMaxMs: 60_000 } });
  rig.store.readable = false;
  await rig.open('e1');
  rig.store.readable = true;
  await rig.recover();
  await rig.advance(10_000);
  expect(rig.delivery('e1')).toMatchObject({ status: 'pending', attempts: 1 });
  expect(rig.logged.of('delivery.begins_again')).toMatchObject([{ count: 1 }]);
});

it('an attempt whose end cannot be written is written later, and not made again', async () => {
  const rig = createRig({
    answers: () => {
      rig.store.writable = false;
      return accepted;
    },
  });
  await rig.open('e1');
  await rig.advance(20_000);
  await rig.recover();
  expect(rig.delivery('e1')).toMatchObject({ status: 'pending' });
  rig.store.writable = true;
  await rig.advance(31_000);
  expect(rig.sent).toEqual(['trigger e1']);
  expect(rig.delivery('e1')).toMatchObject({ status: 'delivered', attempts: 1 });
  expect(await rig.attempts('e1')).toMatchObject([{ number: 1, outcome: 'delivered', started_at: toIso(startMs) }]);
});

it('what could not be sent while the disk was full goes on by the backoff of its attempts', async () => {
  const rig = createRig({ answers: () => busy, limits: { retryMinMs: 1000 } });
  rig.store.writable = false;
  await rig.open('e1');
  await rig.advance(1001);
  await rig.advance(2001);
  rig.store.writable = true;
  await rig.advance(4001);
  const sentBefore = rig.sent.length;
  expect(rig.delivery('e1')).toMatchObject({ status: 'pending', last_error: 'it was transient' });
  await rig.advance(3000);
  await rig.recover();
  expect(rig.sent.length).toBeLessThanOrEqual(sentBefore + 2);
});

it('stopping does not wait for a disk to have room again', async () => {
  const rig = createRig();
  rig.store.writable = false;
  await rig.open('e1');
  await rig.deliverer.stop();
  expect(vi.getTimerCount()).toBe(0);
});

it('an attempt whose alert was dropped meanwhile ends quietly', async () => {
  const rig = createRig({
    answers: () => {
      rig.store.alerts.delete('e1');
      return accepted;
    },
  });
  await rig.open('e1');
  expect(rig.sent).toEqual(['trigger e1']);
  expect(rig.logged.lines).toEqual([]);
});

it('a destination that throws breaks its own delivery only, and loudly', async () => {
  const rig = createRig({
    answers: ({ alert }) => (alert.alert_id === 'e1' ? Promise.reject(new Error('no such pager')) : accepted),
  });
  await rig.open('e1');
  await rig.open('e2');
  expect(rig.logged.of('delivery.broken')).toMatchObject([{ level: 'error', alert_id: 'e1', error: 'no such pager' }]);
  expect(rig.delivery('e1')).toMatchObject({ status: 'pending', last_error: 'the message could not be made' });
  expect(rig.statuses('e2')).toEqual(['trigger delivered']);
});

it('a dead destination does not delay another', async () => {
  const dead = later();
  const told: string[] = [];
  const [pager] = createRig().destinations.current();
  if (!pager) throw new Error('the rig has no destination');
  const send = async ({ alert }: SendRequest): Promise<SendResult> => {
    told.push(alert.alert_id);
    return accepted;
  };
  const other: Destination = { ...pager, name: 'other', target: 'test:other', send };
  const rig = createRig({ answers: () => dead.promise, limits: { concurrency: 1 }, others: [other] });
  await rig.open('e1');
  await rig.open('e2');
  await rig.open('e3', { destination: 'other', target: 'test:other' });
  expect(rig.sent).toEqual(['trigger e1']);
  expect(told).toEqual(['e3']);
});

it('the most urgent of what waits for a slot goes first', async () => {
  const gate = later();
  const rig = createRig({ answers: [gate.promise], limits: { concurrency: 1 } });
  await rig.open('first');
  await rig.open('update', { action: 'update', severity: 'critical' });
  await rig.open('warning', { severity: 'warning' });
  await rig.open('critical');
  await rig.open('over', { action: 'resolve', severity: 'warning' });
  gate.answer(accepted);
  await rig.settled();
  expect(rig.sent.slice(1)).toEqual(['resolve over', 'trigger critical', 'trigger warning', 'update update']);
});

it('what is more urgent takes the place of what is less, when memory is full', async () => {
  const gate = later();
  const rig = createRig({ answers: [gate.promise], limits: { concurrency: 1, maxInMemory: 3 } });
  await rig.open('first');
  for (const id of ['w1', 'w2', 'w3']) await rig.open(id, { severity: 'warning' });
  await rig.open('critical');
  expect(rig.deliverer.inMemory()).toBe(3);
  expect(rig.deliverer.fullTargets()).toEqual(['test:pager']);
  gate.answer(accepted);
  await rig.settled();
  expect(rig.sent.slice(1, 3)).toEqual(['trigger critical', 'trigger w1']);
  expect(rig.sent.toSorted()).toEqual(['critical', 'first', 'w1', 'w2', 'w3'].map((id) => `trigger ${id}`));
});

it.each([
  ['the real one to the mock', { target: 'legacy:people', reaches_people: true }, { reachesPeople: false }, 'failed'],
  ['the mock to the real one', { target: 'legacy:mock', reaches_people: false }, { reachesPeople: true }, 'failed'],
  [
    'the real one to a real one',
    { target: 'legacy:people', reaches_people: true },
    { reachesPeople: true },
    'delivered',
  ],
] as const)('what the first version queued for %s', async (_, delivery, destination, status) => {
  const rig = createRig({ destination });
  await rig.open('e1', delivery);
  expect(rig.delivery('e1')).toMatchObject({ status });
});

it('what has another key is left to the replica that has that key, and refused once nobody has sent it for 15 minutes', async () => {
  const { delivery, open, requeue, deliverer, settled } = createRig({ isShared: true });
  await open('a', { target: 'test:new' });
  expect(delivery('a')).toMatchObject({ status: 'pending', attempts: 0, leased_until: null });
  expect(deliverer.fullTargets()).toEqual(['test:new']);
  await vi.advanceTimersByTimeAsync(899_000);
  await requeue.run();
  await settled();
  expect(delivery('a')).toMatchObject({ status: 'pending', attempts: 0 });
  await vi.advanceTimersByTimeAsync(1000);
  await requeue.run();
  await settled();
  expect(delivery('a')).toMatchObject({
    status: 'failed',
    last_error: 'the destination "pager" has another key or address now',
  });
});

it('a destination with a new name is the same one, and one with another key is not', async () => {
  const rig = createRig({ destination: { name: 'renamed' } });
  await rig.open('e1');
  await rig.open('e2', { target: 'test:another-key', destination: 'renamed' });
  expect(rig.delivery('e1')).toMatchObject({ status: 'delivered' });
  expect(rig.delivery('e2')).toMatchObject({
    status: 'failed',
    last_error: 'the destination "renamed" has another key or address now',
  });
});

it('a destination that a load dropped still gets the resolve of what it was told, and nothing else', async () => {
  const rig = createRig();
  await rig.open('e1');
  expect(rig.destinations.replace([])).toEqual(['pager']);
  await rig.end('e1');
  await rig.open('e2');
  expect(rig.sent).toEqual(['trigger e1', 'resolve e1']);
  expect(rig.delivery('e2')).toMatchObject({ last_error: 'the destination "pager" is no longer configured' });
});

it('a test-mode event does not reach a destination that reaches people since', async () => {
  const rig = createRig();
  rig.store.putEvent(anEventRecord(aPayout({ event_id: 'e1' }), { test_mode: true }));
  const delivery = aDelivery({ alert_id: 'e1', event_id: 'e1', reaches_people: false });
  rig.store.putAlert(anAlert({ alert_id: 'e1', deliveries: [delivery] }));
  rig.publish('e1', [delivery]);
  await rig.settled();
  expect(rig.sent).toEqual([]);
  expect(rig.delivery('e1')).toMatchObject({ status: 'failed', last_error: expect.stringContaining('test mode') });
});

it('a kind that shows the vendor’s object gets it, and others do not', async () => {
  const showing = createRig({ destination: { showsRaw: true } });
  await showing.open('e1');
  expect(showing.requests[0]?.about.event.raw).toEqual({ id: 'raw' });
  const other = createRig();
  await other.open('e1');
  expect(other.requests[0]?.about.event.raw).toBeNull();
});

it('the end of an event whose row is gone is told from what the alert remembers', async () => {
  const rig = createRig();
  const delivery = aDelivery({ action: 'resolve' });
  rig.store.putAlert(anAlert({ title: 'Payouts fail', state: 'resolved', members: [], deliveries: [delivery] }));
  rig.publish('evt_1', [delivery]);
  await rig.settled();
  expect(rig.requests[0]?.about.event).toMatchObject({ event_id: 'evt_1', summary: 'Payouts fail', source: 'stripe' });
});

it('what a destination noted is handed to it with the next delivery of the alert', async () => {
  const rig = createRig({ answers: [{ ...accepted, memo: 'message 7' }] });
  await rig.open('e1');
  await rig.end('e1');
  expect(rig.requests.map(({ memo }) => memo)).toEqual([undefined, 'message 7']);
});

it('a trigger that failed for good wakes its alert, for another destination has to tell it', async () => {
  const rig = createRig({ answers: [refused], destination: { fallback: { to: 'backup', afterMs: 60_000 } } });
  await rig.open('e1');
  expect(rig.store.alerts.get('e1')?.wake_at).toBe(toIso(startMs));
  const without = createRig({ answers: [refused] });
  await without.open('e1');
  expect(without.store.alerts.get('e1')?.wake_at).toBeNull();
});

it('triggers that were refused for good are tried once more when the key is put right, if their alerts are open', async () => {
  let isRevoked = true;
  const rig = createRig({ answers: () => (isRevoked ? failed('permanent', 403) : accepted) });
  await rig.open('e1');
  await rig.open('e2');
  await rig.advance(61_000);
  await rig.open('e3');
  rig.store.putAlert({ ...anAlert(rig.store.alerts.get('e2')), state: 'resolved' });
  isRevoked = false;
  await rig.open('e4');
  await rig.advance(1);
  expect(rig.sent.slice(3)).toEqual(['trigger e4', 'trigger e1', 'trigger e3']);
  expect(rig.statuses('e1')).toEqual(['trigger delivered']);
  expect(rig.statuses('e2')).toEqual(['trigger failed']);
  expect(rig.changes('e1')).toEqual(['delivery_failed', 'delivery_retried', 'delivered']);
});

it.each([
  ['the store was away, the next success brings it back', new StoreUnavailable('store_unavailable', 'away'), true],
  ['something else is wrong, not each success tries it', new Error('broken'), false],
])('what could not be tried once more waits: where %s', async (_, error, isTriedAgain) => {
  let isRevoked = true;
  let isBroken = true;
  const breaks = (store: DeliveryStoreFake): DeliveryStoreFake => ({
    ...store,
    listDeliveries: (query) => (isBroken ? Promise.reject(error) : store.listDeliveries(query)),
  });
  const rig = createRig({ answers: () => (isRevoked ? failed('permanent', 403) : accepted), wrap: breaks });
  await rig.open('e1');
  await rig.advance(61_000);
  isRevoked = false;
  await rig.open('e2');
  await rig.advance(1);
  expect(rig.statuses('e1')).toEqual(['trigger failed']);
  isBroken = false;
  await rig.open('e3');
  await rig.advance(1);
  expect(rig.statuses('e1')).toEqual([isTriedAgain ? 'trigger delivered' : 'trigger failed']);
});

it('a message that is refused on its own is not tried again with each success', async () => {
  const rig = createRig({ answers: ({ alert }) => (alert.alert_id === 'bad' ? refused : accepted) });
  await rig.open('bad');
  for (let minute = 1; minute <= 5; minute++) {
    await rig.advance(61_000);
    await rig.open(`e${minute}`);
    await rig.advance(1);
  }
  expect(rig.sent.filter((each) => each === 'trigger bad')).toHaveLength(2);
});

it('a destination that refused for less than a minute has not been away', async () => {
  const rig = createRig({ answers: [refused] });
  await rig.open('e1');
  await rig.advance(59_000);
  await rig.open('e2');
  await rig.advance(1);
  expect(rig.sent).toEqual(['trigger e1', 'trigger e2']);
});

it('an attempt whose beginning took most of its lease is not sent, for somebody else may soon begin it', async () => {
  let delayMs = 4000;
  const slowCommit = (store: DeliveryStoreFake): DeliveryStoreFake => ({
    ...store,
    async transact(keys, decide) {
      const result = await store.transact(keys, decide);
      vi.setSystemTime(Date.now() + delayMs);
      delayMs = 0;
      return result;
    },
  });
  const rig = createRig({ wrap: slowCommit });
  await rig.open('e1');
  expect(rig.sent).toEqual([]);
  expect(rig.logged.of('delivery.lease_too_short')).toMatchObject([{ level: 'warn', alert_id: 'e1' }]);
  await rig.advance(18_000);
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
});
