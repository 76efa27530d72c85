import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Action } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import { judge } from '../../src/domain/lifecycle.ts';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { toIso } from '../../src/lib/time.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createRoute } from '../../src/pipeline/route.ts';
import { createDeliverer, type DeliveryLimits } from '../../src/sinks/deliverer.ts';
import type { SendRequest, SendResult, Sink } from '../../src/sinks/destination.ts';
import { createRetrier } from '../../src/sinks/manual-retry.ts';
import { createRecovery } from '../../src/sinks/requeue-due.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { anEvent } from '../contract/sink.ts';
import { collectLog } from '../support/log.ts';

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
  /** What the sink answers, one after the other; then it accepts. Or a function that decides for each request. */
  readonly answers?: readonly Answer[] | ((request: SendRequest) => Answer);
  readonly limits?: Partial<DeliveryLimits>;
  readonly wrap?: (store: EventStore) => EventStore;
  readonly destination?: string;
}

const rules = (destination: string) => ({
  routeWarning: false,
  routeTestMode: false,
  destinations: [{ name: destination, reachesPeople: true }],
});

/** A deliverer with a scripted sink, and all that it works with: a real store, bus, routing stage and recovery. */
const createRig = ({ answers = [], limits = {}, wrap = (store) => store, destination = 'pager' }: RigOptions = {}) => {
  const store = createMemoryStore({ eventCapacity: 5000, dedupeCapacity: 5000 });
  const bus = createBus();
  const logged = collectLog();
  const sent: string[] = [];
  const requests: SendRequest[] = [];
  const script = Array.isArray(answers) ? [...answers] : undefined;
  const sink: Sink = {
    destination: 'pager',
    reachesPeople: true,
    preview: ({ event }) => ({ method: 'POST', url: null, headers: {}, body: event }),
    async send(request) {
      sent.push(`${request.action} ${request.event.event_id}`);
      requests.push(request);
      return typeof answers === 'function' ? answers(request) : (script?.shift() ?? accepted);
    },
  };
  bus.subscribe(createRoute(store, rules(destination), Date.now));
  const recovery = createRecovery(store, bus, Date.now);
  const deliverer = createDeliverer({
    store: wrap(store),
    bus,
    sinks: [sink],
    limits: {
      retryMinMs: 1000,
      retryMaxMs: 300_000,
      maxAgeSeconds: 86_400,
      concurrency: 8,
      timeoutMs: 10_000,
      ...limits,
    },
    log: logged.log,
    now: Date.now,
    random: () => 1,
    onRoom: () => void recovery.run(0),
  });

  const settled = async () => {
    // Lets every promise that is ready run, without moving the clock.
    await vi.advanceTimersByTimeAsync(0);
  };
  const see = async (event: UnifiedEvent) => {
    const at = toIso(Date.now());
    const requestId = `req-${event.event_id}`;
    await store.change(event.event_id, (found) => {
      const seen = { type: 'seen', event, subject: event.event_id, vendorUpdatedAt: null } as const;
      const facts = { revisable: true, resolvedAtGiven: true, testMode: false } as const;
      const judgement = judge(found, { ...seen, ...facts }, at, requestId);
      return {
        result: undefined,
        ...('entry' in judgement && { record: judgement.record, history: [judgement.entry] }),
      };
    });
    bus.publish('event.stored', { signalId: event.event_id, requestId, eventId: event.event_id, change: 'stored' });
  };
  return {
    store,
    bus,
    logged,
    sent,
    requests,
    deliverer,
    recovery,
    settled,
    /** An event that must be paged. */
    async open(eventId: string) {
      await see(anEvent({ event_id: eventId }));
      await settled();
    },
    /** The same event, over. */
    async end(eventId: string) {
      await see(anEvent({ event_id: eventId, resolved_at: toIso(Date.now()) }));
      await settled();
    },
    async advance(ms: number) {
      await vi.advanceTimersByTimeAsync(ms);
    },
    async recover() {
      await recovery.run(0);
      await settled();
    },
    async delivery(eventId: string, action: Action = 'trigger') {
      const found = await store.find(eventId);
      return found === undefined || found === 'forgotten'
        ? undefined
        : found.deliveries.find((delivery) => delivery.action === action);
    },
    async statuses(eventId: string) {
      const detail = await store.read(eventId);
      return detail?.record.deliveries.map(({ action, status }) => `${action} ${status}`);
    },
    async attempts(eventId: string) {
      const detail = await store.read(eventId);
      return [...(detail?.attempts.values() ?? [])].flat();
    },
    async changes(eventId: string) {
      return (await store.read(eventId))?.history.map(({ change }) => change);
    },
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

  expect(rig.requests).toEqual([{ action: 'trigger', event: anEvent({ event_id: 'e1' }), requestId: 'req-e1' }]);
  expect(await rig.delivery('e1')).toMatchObject({
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
  expect(await rig.changes('e1')).toEqual(['stored', 'routing_decided', 'delivered']);
  expect(rig.logged.of('delivery.attempted')).toMatchObject([
    { level: 'info', request_id: 'req-e1', event_id: 'e1', action: 'trigger', number: 1, outcome: 'delivered' },
  ]);
});

it('a delivery is tried again until it is accepted, after growing delays, with every attempt in the log', async () => {
  const rig = createRig({ answers: [busy, failed('throttled', 429), unanswered] });
  await rig.open('e1');
  for (const [at, delayMs] of [1000, 2000, 4000].entries()) {
    expect(await rig.delivery('e1')).toMatchObject({
      status: 'pending',
      attempts: at + 1,
      next_attempt_at: toIso(Date.now() + delayMs),
    });
    await rig.advance(delayMs - 1);
    expect(rig.sent).toHaveLength(at + 1);
    await rig.advance(2);
    expect(rig.sent).toHaveLength(at + 2);
  }

  expect(await rig.delivery('e1')).toMatchObject({ status: 'delivered', attempts: 4, last_error: null });
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
  expect(await rig.delivery('e1')).toMatchObject({
    status: 'failed',
    attempts: 1,
    last_error: 'it was permanent',
    next_attempt_at: null,
  });
  expect(await rig.changes('e1')).toEqual(['stored', 'routing_decided', 'delivery_failed']);
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
  expect(await rig.statuses('e1')).toEqual(['trigger delivered']);
});

it.each([
  ['longer than the largest backoff is honoured', 600_000, 600_000],
  ['shorter than the backoff does not shorten it', 10, 1000],
  ['longer than the age limit ends at the limit', 90_000_000, 86_400_000],
  ['without any sense ends at the limit', Number.POSITIVE_INFINITY, 86_400_000],
])('a Retry-After that is %s', async (_, retryAfterMs, waitMs) => {
  const rig = createRig({ answers: [failed('throttled', 429, retryAfterMs)] });
  await rig.open('e1');
  expect(await rig.delivery('e1')).toMatchObject({ status: 'pending', next_attempt_at: toIso(startMs + waitMs) });
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
  const failed = await rig.delivery('e1');
  expect(failed?.status).toBe('failed');

  const retrier = createRetrier(rig.store, rig.bus, rules('pager'), rig.logged.log, Date.now);
  expect(await retrier.retry(failed?.id ?? '', 'req-again')).toMatchObject({ kind: 'retried' });
  await rig.settled();
  const attempts = (failed?.attempts ?? 0) + 1;
  expect(await rig.delivery('e1')).toMatchObject({ status: 'pending', attempts, request_id: 'req-again' });
  expect(rig.requests.at(-1)).toMatchObject({ requestId: 'req-again' });
  await rig.advance(20_000);
  await rig.recover();
  expect(await rig.delivery('e1')).toMatchObject({ status: 'failed' });
  expect(await rig.changes('e1')).toEqual([
    'stored',
    'routing_decided',
    'delivery_failed',
    'delivery_retried',
    'delivery_failed',
  ]);
});

it('a delivery that is retried while its attempt is in flight is not sent twice', async () => {
  const first = later();
  const rig = createRig({ answers: [first.promise] });
  await rig.open('e1');
  const { id = '' } = (await rig.delivery('e1')) ?? {};
  const retrier = createRetrier(rig.store, rig.bus, rules('pager'), rig.logged.log, Date.now);
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
  expect(await rig.delivery('e1')).toMatchObject({
    status: 'pending',
    attempts: 4,
    next_attempt_at: toIso(startMs + 10_000),
  });
  expect(rig.logged.of('delivery.failed')).toEqual([]);
  await rig.advance(10);
  expect(await rig.delivery('e1')).toMatchObject({
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
  expect(await rig.statuses('e1')).toEqual(['trigger pending']);
  expect(await rig.statuses('e2')).toEqual(['trigger delivered']);
  await rig.advance(1001);
  expect(await rig.statuses('e1')).toEqual(['trigger delivered']);
});

it('an event that ends while its trigger waits is sent nothing more', async () => {
  const rig = createRig({ answers: [busy] });
  await rig.open('e1');
  await rig.end('e1');
  await rig.advance(60_000);
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
  expect(await rig.statuses('e1')).toEqual(['trigger superseded', 'resolve superseded']);
  expect(await rig.changes('e1')).toEqual([
    'stored',
    'routing_decided',
    'resolved',
    'routing_decided',
    'delivery_superseded',
    'delivery_superseded',
  ]);
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
  expect(await rig.statuses('e1')).toEqual(['trigger superseded', 'resolve superseded']);
});

it('an event that ends after an attempt without an answer is resolved, for the page may be there', async () => {
  const rig = createRig({ answers: [unanswered] });
  await rig.open('e1');
  await rig.end('e1');
  await rig.advance(60_000);
  expect(rig.sent).toEqual(['trigger e1', 'resolve e1']);
  expect(await rig.statuses('e1')).toEqual(['trigger superseded', 'resolve delivered']);
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
  expect(await rig.statuses('e1')).toEqual(['trigger pending', 'resolve pending']);
  gate.answer(result);
  await rig.settled();
  await rig.advance(60_000);
  await rig.recover();
  expect(rig.sent).toEqual(sent);
  expect(await rig.statuses('e1')).toEqual(statuses);
});

it('a resolve does not overtake its trigger, even when it alone is queued', async () => {
  const gate = later();
  const rig = createRig({ answers: [gate.promise] });
  await rig.open('e1');
  await rig.end('e1');
  const { id = '' } = (await rig.delivery('e1', 'resolve')) ?? {};
  const queued = { signalId: 's', requestId: 'r', eventId: 'e1', triggered: false };
  rig.bus.publish('delivery.queued', { ...queued, deliveryIds: [id] });
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
  expect(await rig.statuses('e1')).toEqual(['trigger delivered', 'resolve delivered']);
});

it('a delivery to a destination that is not configured any more fails', async () => {
  const rig = createRig({ destination: 'carrier-pigeon' });
  await rig.open('e1');
  expect(rig.sent).toEqual([]);
  expect(await rig.delivery('e1')).toMatchObject({
    status: 'failed',
    last_error: 'the destination "carrier-pigeon" is not configured any more',
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
  const queued = { signalId: 's', requestId: 'r', eventId: 'nowhere', deliveryIds: ['dlv_1'], triggered: false };
  rig.bus.publish('delivery.queued', queued);
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
  const { records } = await rig.store.list({ limit: 2000 });
  expect(records.filter(({ deliveries }) => deliveries[0]?.status === 'delivered')).toHaveLength(1500);
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
  expect(await rig.statuses('in-flight')).toEqual(['trigger delivered']);
  expect(await rig.delivery('waiting')).toMatchObject({ status: 'pending', attempts: 1 });
  expect(await rig.delivery('queued')).toMatchObject({ status: 'pending', attempts: 0, leased_until: null });
  expect(await rig.delivery('too-late')).toMatchObject({ status: 'pending', attempts: 0 });
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
  expect(await rig.delivery('e1')).toMatchObject({ status: 'pending', attempts: 1, leased_until: null });
  expect(vi.getTimerCount()).toBe(0);
});

/** A store whose nth change fails. */
const failingAt =
  (nth: number) =>
  (store: EventStore): EventStore => {
    let changes = 0;
    return {
      ...store,
      change: (eventId, decide) => {
        changes += 1;
        if (changes === nth) return Promise.reject(new StoreUnavailable('store_unavailable', 'the disk is gone'));
        return store.change(eventId, decide);
      },
    };
  };

it.each([
  ['begin', 1, []],
  ['end', 2, ['trigger e1']],
])('a store that fails at the %s of an attempt is logged, and other deliveries go on', async (_, nth, sent) => {
  const rig = createRig({ wrap: failingAt(nth) });
  await rig.open('e1');
  await rig.deliverer.idle();
  expect(rig.sent).toEqual(sent);
  expect(rig.logged.of('delivery.broken')).toMatchObject([
    { level: 'error', event_id: 'e1', delivery_id: expect.stringMatching(/^dlv_/), error: 'the disk is gone' },
  ]);
  expect(await rig.statuses('e1')).toEqual(['trigger pending']);
  await rig.open('e2');
  expect(await rig.statuses('e2')).toEqual(['trigger delivered']);
  await rig.deliverer.stop();
});

it('a delivery whose attempt could not be begun is taken up by recovery', async () => {
  const rig = createRig({ wrap: failingAt(1) });
  await rig.open('e1');
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
  expect(await rig.statuses('e1')).toEqual(['trigger delivered']);
});

it('an attempt whose end could not be stored counts as unanswered once its lease is over, and is made again', async () => {
  const rig = createRig({ wrap: failingAt(2), limits: { timeoutMs: 10_000 } });
  await rig.open('e1');
  await rig.advance(17_999);
  await rig.recover();
  expect(rig.sent).toHaveLength(1);
  await rig.advance(1);
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1', 'trigger e1']);
  expect(await rig.attempts('e1')).toMatchObject([
    { number: 1, started_at: '2026-03-01T12:00:00.000Z', outcome: 'unknown' },
    { number: 2, started_at: '2026-03-01T12:00:18.000Z', outcome: 'delivered' },
  ]);
});

it('an event that ends after an attempt whose end could not be stored is resolved, for the page may be there', async () => {
  const rig = createRig({ wrap: failingAt(2), limits: { timeoutMs: 10_000 } });
  await rig.open('e1');
  await rig.end('e1');
  await rig.advance(20_000);
  await rig.recover();
  expect(await rig.statuses('e1')).toEqual(['trigger superseded', 'resolve pending']);
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1', 'resolve e1']);
  expect(await rig.statuses('e1')).toEqual(['trigger superseded', 'resolve delivered']);
});

it('an attempt whose event was dropped meanwhile ends quietly', async () => {
  let changes = 0;
  const rig = createRig({
    wrap: (store) => ({
      ...store,
      change: async (eventId, decide) => {
        changes += 1;
        return changes === 2 ? decide('forgotten').result : store.change(eventId, decide);
      },
    }),
  });
  await rig.open('e1');
  expect(rig.sent).toEqual(['trigger e1']);
  expect(rig.logged.lines).toEqual([]);
});

it('a sink that throws breaks its own delivery only, and loudly', async () => {
  const rig = createRig({
    answers: ({ event }) => (event.event_id === 'e1' ? Promise.reject(new Error('no such pager')) : accepted),
  });
  await rig.open('e1');
  await rig.open('e2');
  expect(rig.logged.of('delivery.broken')).toMatchObject([{ level: 'error', event_id: 'e1', error: 'no such pager' }]);
  expect(await rig.statuses('e2')).toEqual(['trigger delivered']);
});

it('an attempt whose beginning took most of its lease is not sent, for somebody else may soon begin it', async () => {
  let delayMs = 4000;
  const slowCommit = (store: EventStore): EventStore => ({
    ...store,
    async change(eventId, decide) {
      const result = await store.change(eventId, decide);
      vi.setSystemTime(Date.now() + delayMs);
      delayMs = 0;
      return result;
    },
  });
  const rig = createRig({ wrap: slowCommit });
  await rig.open('e1');
  expect(rig.sent).toEqual([]);
  expect(rig.logged.of('delivery.lease_too_short')).toMatchObject([{ level: 'warn', event_id: 'e1' }]);
  await rig.advance(18_000);
  await rig.recover();
  expect(rig.sent).toEqual(['trigger e1']);
});
