import { expect, it } from 'vitest';
import { type AttemptEnd, beginAttempt, finishAttempt } from '../../src/domain/attempt.ts';
import { type Delivery, isDue } from '../../src/domain/delivery.ts';
import { aDelivery } from '../support/builders.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const before = '2026-03-01T11:59:59.999Z';
const exactly = '2026-03-01T12:00:00.000Z';
const after = '2026-03-01T12:00:00.001Z';
const limits = { retryMs: 900_000, leaseMs: 60_000 };
const statuses = (deliveries: readonly Delivery[]) => deliveries.map(({ action, status }) => `${action} ${status}`);

const inFlight = { attempt_started_at: '2026-03-01T11:59:58.000Z', leased_until: '2026-03-01T12:00:20.000Z' };
const ended = (overrides: Partial<AttemptEnd> = {}): AttemptEnd => ({
  startedAt: inFlight.attempt_started_at,
  outcome: 'transient',
  statusCode: 500,
  error: 'answered 500',
  endedMs: now,
  nextAttemptMs: now + 1000,
  ...overrides,
});
const lateStart = '2026-03-01T11:50:00.000Z';

it('an attempt that begins takes its delivery for itself', () => {
  const trigger = aDelivery();
  const other = aDelivery({ destination: 'other' });
  expect(beginAttempt([trigger, other], trigger.id, now, now + 20_000, limits)).toEqual({
    begun: true,
    deliveries: [{ ...trigger, attempt_started_at: exactly, leased_until: '2026-03-01T12:00:20.000Z' }, other],
  });
});

it.each<[string, Partial<Delivery>]>([
  ['in flight', inFlight],
  ['delivered', { status: 'delivered' }],
  ['waiting for its time', { next_attempt_at: after }],
])('no attempt begins at a delivery that is %s', (_state, overrides) => {
  const trigger = aDelivery(overrides);
  const deliveries = [trigger];
  const step = beginAttempt(deliveries, trigger.id, now, now + 20_000, limits);
  expect(step).toEqual({ deliveries, begun: false });
  expect(step.deliveries).toBe(deliveries);
});

it('no attempt begins at a delivery that is not there', () => {
  const deliveries = [aDelivery()];
  expect(beginAttempt(deliveries, 'dlv_unknown', now, now + 20_000, limits)).toEqual({ deliveries, begun: false });
});

it('no attempt begins at a resolve whose trigger is in flight', () => {
  const resolve = aDelivery({ action: 'resolve', ordinal: 1 });
  expect(beginAttempt([aDelivery(inFlight), resolve], resolve.id, now, now + 20_000, limits).begun).toBe(false);
});

it('an attempt whose process died is recorded as unknown before the next one begins', () => {
  const trigger = aDelivery({ attempt_started_at: '2026-03-01T11:59:30.000Z', leased_until: before, attempts: 2 });
  const step = beginAttempt([trigger], trigger.id, now, now + 20_000, limits);

  expect(step.attempt).toEqual({
    deliveryId: trigger.id,
    attempt: {
      number: 3,
      started_at: '2026-03-01T11:59:30.000Z',
      duration_ms: 30_000,
      outcome: 'unknown',
      status_code: null,
      error: 'the process that made this attempt ended before the answer came',
    },
  });
  expect(step.begun).toBe(true);
  expect(step.deliveries).toEqual([
    {
      ...trigger,
      attempts: 3,
      last_error: 'the process that made this attempt ended before the answer came',
      next_attempt_at: exactly,
      attempt_started_at: exactly,
      leased_until: '2026-03-01T12:00:20.000Z',
      may_have_arrived: true,
    },
  ]);
});

it('a trigger whose process died is not tried again when its event is over, but its end is sent', () => {
  const trigger = aDelivery({ attempt_started_at: '2026-03-01T11:59:30.000Z', leased_until: before });
  const resolve = aDelivery({ action: 'resolve', ordinal: 1 });
  const step = beginAttempt([trigger, resolve], trigger.id, now, now + 20_000, limits);

  expect(step.begun).toBe(false);
  expect(step.attempt?.attempt.outcome).toBe('unknown');
  expect(statuses(step.deliveries)).toEqual(['trigger superseded', 'resolve pending']);
  expect(step.deliveries[0]).toMatchObject({ attempt_started_at: null, leased_until: null, next_attempt_at: null });
});

it.each<[string, Partial<AttemptEnd>, Partial<Delivery>]>([
  [
    'accepted',
    { outcome: 'delivered', statusCode: 202, error: null, nextAttemptMs: null },
    { status: 'delivered', last_error: null, delivered_at: exactly, next_attempt_at: null },
  ],
  [
    'accepted, even with a time for a next one',
    { outcome: 'delivered', statusCode: 202, error: null },
    { status: 'delivered', delivered_at: exactly, next_attempt_at: null },
  ],
  [
    'refused for now',
    { outcome: 'transient' },
    { status: 'pending', last_error: 'answered 500', next_attempt_at: '2026-03-01T12:00:01.000Z' },
  ],
  [
    'told to come back later',
    { outcome: 'throttled', statusCode: 429, nextAttemptMs: now + 60_000 },
    { status: 'pending', next_attempt_at: '2026-03-01T12:01:00.000Z' },
  ],
  [
    'refused for good',
    { outcome: 'permanent', statusCode: 400, error: 'answered 400', nextAttemptMs: null },
    { status: 'failed', last_error: 'answered 400', next_attempt_at: null, delivered_at: null },
  ],
  ['the last one', { outcome: 'transient', nextAttemptMs: null }, { status: 'failed', next_attempt_at: null }],
  [
    'left without an answer',
    { outcome: 'unknown', statusCode: null, error: 'timed out' },
    { status: 'pending', last_error: 'timed out', may_have_arrived: true },
  ],
  [
    'left without an answer, and the last one',
    { outcome: 'unknown', statusCode: null, error: 'timed out', nextAttemptMs: null },
    { status: 'failed', may_have_arrived: true },
  ],
])('an attempt that was %s leaves its delivery so', (_end, end, left) => {
  const trigger = aDelivery({ ...inFlight, attempts: 1, last_error: 'the first try' });
  const step = finishAttempt([trigger], trigger.id, ended(end));
  const expected = { attempts: 2, attempt_started_at: null, leased_until: null, may_have_arrived: false, ...left };
  expect(step.deliveries).toEqual([expect.objectContaining(expected)]);
});

it('every end of an attempt is kept with its number, its code and how long it took', () => {
  const trigger = aDelivery({ ...inFlight, attempts: 4 });
  expect(finishAttempt([trigger], trigger.id, ended()).attempt).toEqual({
    deliveryId: trigger.id,
    attempt: {
      number: 5,
      started_at: '2026-03-01T11:59:58.000Z',
      duration_ms: 2000,
      outcome: 'transient',
      status_code: 500,
      error: 'answered 500',
    },
  });
});

it('a clock that stepped back gives no attempt of less than no time', () => {
  const trigger = aDelivery(inFlight);
  const step = finishAttempt([trigger], trigger.id, ended({ endedMs: now - 60_000 }));
  expect(step.attempt?.attempt.duration_ms).toBe(0);
});

it('what may have arrived once may have arrived, however the next attempt ends', () => {
  const trigger = aDelivery({ ...inFlight, may_have_arrived: true });
  expect(finishAttempt([trigger], trigger.id, ended()).deliveries[0]).toMatchObject({ may_have_arrived: true });
});

it.each([
  ['that never began', aDelivery(), aDelivery().id],
  ['of a delivery that is not there', aDelivery(inFlight), 'dlv_unknown'],
])('the end of an attempt %s changes nothing', (_which, delivery, id) => {
  const deliveries = [delivery];
  expect(finishAttempt(deliveries, id, ended())).toEqual({ deliveries });
});

it.each<[string, Partial<AttemptEnd>, readonly string[]]>([
  ['was accepted, the resolve is sent', { outcome: 'delivered' }, ['trigger delivered', 'resolve pending']],
  ['was not accepted, both are called off', { outcome: 'transient' }, ['trigger superseded', 'resolve superseded']],
  [
    'was refused for good, there is nothing to resolve',
    { outcome: 'permanent', nextAttemptMs: null },
    ['trigger failed', 'resolve superseded'],
  ],
  ['had no answer, only the trigger is called off', { outcome: 'unknown' }, ['trigger superseded', 'resolve pending']],
  [
    'had no answer and was the last, the resolve is sent',
    { outcome: 'unknown', nextAttemptMs: null },
    ['trigger failed', 'resolve pending'],
  ],
])('when the attempt that a resolve waited for %s', (_end, end, left) => {
  const trigger = aDelivery(inFlight);
  const step = finishAttempt([trigger, aDelivery({ action: 'resolve', ordinal: 1 })], trigger.id, ended(end));
  expect(statuses(step.deliveries)).toEqual(left);
});

it.each([
  ['accepted', 'delivered', true],
  ['unanswered', 'unknown', true],
  ['refused', 'transient', false],
] as const)(
  'an attempt that outlived its lease and was %s leaves the one under way alone',
  (_how, outcome, arrived) => {
    const delivery = aDelivery({ status: 'pending', ...inFlight });
    const step = finishAttempt([delivery], delivery.id, ended({ startedAt: lateStart, outcome }));
    const late = { ...delivery, attempts: 1, may_have_arrived: true };
    expect(step.deliveries).toEqual([arrived ? late : delivery]);
    expect(step.attempt?.attempt).toEqual(arrived ? expect.objectContaining({ outcome, number: 1 }) : undefined);
  },
);

it('what was accepted in an attempt that outlived its lease is not tried again, though another attempt failed since', () => {
  const delivery = aDelivery({ status: 'pending', attempts: 2, next_attempt_at: after, may_have_arrived: true });
  const step = finishAttempt([delivery], delivery.id, ended({ startedAt: lateStart, outcome: 'delivered' }));
  expect(step.deliveries).toMatchObject([{ status: 'delivered', attempts: 3, next_attempt_at: null }]);
  expect(step.attempt?.attempt).toMatchObject({ number: 3, outcome: 'delivered' });
});

it.each([
  ['accepted', 'delivered', 'delivered', 'pending'],
  ['accepted', 'delivered', 'superseded', 'pending'],
  ['unanswered', 'unknown', 'delivered', 'pending'],
  ['refused', 'transient', 'delivered', 'delivered'],
] as const)('a trigger that was %s after its lease, behind a resolve that is %s', (_how, outcome, before, after) => {
  const trigger = aDelivery({ status: 'superseded', next_attempt_at: null });
  const resolve = aDelivery({ action: 'resolve', ordinal: 2, status: before, next_attempt_at: null });
  const step = finishAttempt([trigger, resolve], trigger.id, ended({ startedAt: lateStart, outcome }));
  expect(statuses(step.deliveries)).toEqual(['trigger superseded', `resolve ${after}`]);
  expect(step.deliveries[1] && isDue(step.deliveries[1], step.deliveries, now, limits)).toBe(after === 'pending');
});

it('a trigger that came late does not close an alert that is open again', () => {
  const trigger = aDelivery({ status: 'superseded', next_attempt_at: null });
  const resolve = aDelivery({ action: 'resolve', ordinal: 2, status: 'delivered', next_attempt_at: null });
  const again = aDelivery({ cycle: 2, ordinal: 3, status: 'delivered', next_attempt_at: null });
  const end = ended({ startedAt: lateStart, outcome: 'delivered' });
  expect(statuses(finishAttempt([trigger, resolve, again], trigger.id, end).deliveries)).toEqual([
    'trigger superseded',
    'resolve delivered',
    'trigger delivered',
  ]);
});

it.each<[string, Partial<Delivery>, Partial<Delivery>, readonly Delivery[], string]>([
  [
    'is sent again though the alert is open again elsewhere',
    {},
    {},
    [aDelivery({ destination: 'other', cycle: 2 })],
    'pending',
  ],
  ['is sent again though another end is owed here', {}, {}, [aDelivery({ action: 'resolve', cycle: 2 })], 'pending'],
  ['of another destination stays as it was', {}, { destination: 'other' }, [], 'delivered'],
  ['of an earlier time of the alert stays as it was', { cycle: 2 }, {}, [], 'delivered'],
  ['that came late itself stays as it was', { action: 'resolve' }, {}, [], 'delivered'],
])('behind an attempt that was accepted after its lease an end %s', (_what, late, end, others, status) => {
  const delivery = aDelivery({ status: 'superseded', next_attempt_at: null, ...late });
  const accepted = { status: 'delivered', delivered_at: before, next_attempt_at: null } as const;
  const resolve = aDelivery({ action: 'resolve', ordinal: 1, ...accepted, ...end });
  const deliveries = [delivery, resolve, ...others.map((other, n) => ({ ...other, ordinal: n + 2 }))];
  const step = finishAttempt(deliveries, delivery.id, ended({ startedAt: lateStart, outcome: 'delivered' }));
  expect(step.attempt?.deliveryId).toBe(delivery.id);
  expect(step.deliveries[1]).toEqual(
    status === 'pending' ? { ...resolve, status, delivered_at: null, next_attempt_at: exactly } : resolve,
  );
});

it('what a destination left to be remembered is kept with its delivery, and by an attempt that leaves nothing', () => {
  const trigger = aDelivery(inFlight);
  const first = finishAttempt([trigger], trigger.id, ended({ memo: 'C1:1700000000.1' })).deliveries;
  expect(first[0]?.memo).toBe('C1:1700000000.1');
  const next = first.map((delivery) => ({ ...delivery, ...inFlight }));
  expect(finishAttempt(next, trigger.id, ended()).deliveries[0]?.memo).toBe('C1:1700000000.1');
});
