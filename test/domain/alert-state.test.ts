// The life of an alert by itself: what opening it again does to what it holds.
import { expect, it } from 'vitest';
import { maxRelated, mustBeWhole, reopen, settleState, withRelated } from '../../src/domain/alert-state.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import { toIso } from '../../src/lib/time.ts';
import { aDelivery, aMember, anAlert } from '../support/builders.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const context = { told: undefined, hasFallen: false, isWhole: true, isByHand: false, nowMs, requestId: 'req' } as const;
const ruled = (member: ReturnType<typeof aMember>, resolveAt: string | null) => ({
  ...member,
  ruling: { ...member.ruling, resolve_at: resolveAt },
});

it('`resolve_after` begins anew for each event when its alert is opened again', () => {
  const members = [ruled(aMember(), '2026-03-01T13:30:00.000Z'), aMember({ event_id: '2' })];
  const ended = { state: 'resolved', resolved_at: '2026-03-01T11:45:00.000Z' } as const;
  // Of two hours from 11:30.
  expect(reopen(anAlert({ ...ended, members }), nowMs).members.map(({ ruling }) => ruling.resolve_at)).toEqual([
    '2026-03-01T14:00:00.000Z',
    null,
  ]);
});

it('an alert that is opened again is one that nothing eases or ends, and knows when it was the last ten times', () => {
  const before = { state: 'resolved', resolved_at: toIso(0), eased_since: toIso(0), well_since: toIso(0) } as const;
  const times = Array.from({ length: 10 }, (_, n) => toIso(n));
  expect(reopen(anAlert({ ...before, reopened_at: times, cycle: 11 }), nowMs)).toMatchObject({
    state: 'open',
    resolved_at: null,
    eased_since: null,
    well_since: null,
    cycle: 12,
    reopened_at: [...times.slice(1), toIso(nowMs)],
  });
});

it.each<[string, Partial<Delivery>, Partial<Delivery>]>([
  ['waits is not sent any more', {}, { status: 'superseded', next_attempt_at: null }],
  ['was tried goes on', { attempts: 1 }, {}],
  ['is just being sent goes on', { leased_until: '2026-03-01T12:01:00.000Z' }, {}],
  ['was accepted stays so', { status: 'delivered' }, {}],
])('an end that %s when the alert is opened again, and is of an earlier time', (_what, given, after) => {
  const resolve = aDelivery({ action: 'resolve', ordinal: 1, ...given });
  const trigger = aDelivery();
  const [kept, end] = reopen(anAlert({ deliveries: [trigger, resolve] }), nowMs).deliveries;
  expect(kept).toBe(trigger);
  expect(end).toEqual({ ...resolve, ...after, was_reopened: true });
});

it('an alert names each of the others once, and the first twenty of them', () => {
  const named = withRelated(anAlert({ related: ['a', 'b'] }), ['b', 'c']);
  expect(named.related).toEqual(['a', 'b', 'c']);
  const many = Array.from({ length: maxRelated }, (_, n) => `${n}`);
  expect(withRelated(named, many).related).toEqual(['a', 'b', 'c', ...many.slice(0, maxRelated - 3)]);
});

const aWeekAgo = '2026-02-22T12:00:00.000Z';
const payment = (id: string, joinedAt = aWeekAgo) =>
  aMember({ event_id: id, kind: 'payment', item: 'payment', joined_at: joinedAt });

it.each([
  ['payments that are a week old', [payment('1'), payment('2')], 'silent'],
  ['a payment whose `resolve_after` has come', [ruled(payment('1'), toIso(nowMs)), payment('2')], 'ended'],
  ['an incident whose `resolve_after` has come', [ruled(aMember(), toIso(nowMs))], 'ended'],
  ['an incident that is a week old', [aMember({ joined_at: aWeekAgo })], null],
  ['a payment that is not quite a week old', [payment('1', '2026-02-22T12:00:00.001Z')], null],
])('the alert of %s, told before: %s', (_what, members, end) => {
  const settled = settleState(anAlert({ members }), { ...context, told: 'critical' });
  expect(settled.ended).toBe(end);
  expect(mustBeWhole(anAlert({ members }), nowMs)).toBe(end !== null);
});

it('an event that a rule ends has not ended before it began, and the others go on', () => {
  const later = '2026-03-01T12:03:00.000Z';
  const members = [
    ruled(aMember({ started_at: later }), toIso(nowMs)),
    ruled(aMember({ event_id: '2' }), toIso(nowMs)),
    aMember({ event_id: '3' }),
  ];
  const { alert } = settleState(anAlert({ members }), context);
  expect(alert.members.map(({ ended_at: at }) => at)).toEqual([later, toIso(nowMs), null]);
});

it('an alert that has ended, or keeps an open event, need not be looked at as a whole', () => {
  const ended = { ended_at: toIso(0) };
  expect(mustBeWhole(anAlert({ members: [aMember(ended)], uncounted: 1 }), nowMs)).toBe(true);
  expect(mustBeWhole(anAlert({ members: [aMember(ended)], uncounted: 1, state: 'resolved' }), nowMs)).toBe(false);
  expect(mustBeWhole(anAlert({ members: [aMember(ended), aMember()], uncounted: 1 }), nowMs)).toBe(false);
  expect(mustBeWhole(anAlert({ members: [aMember(ended)] }), nowMs)).toBe(false);
});

it('an alert with too many events to keep goes on until somebody has looked at all of them', () => {
  const alert = anAlert({ members: [aMember({ ended_at: toIso(0) })], uncounted: 1 });
  expect(settleState(alert, { ...context, isWhole: false })).toMatchObject({ ended: null, alert: { state: 'open' } });
  expect(settleState(alert, context)).toMatchObject({ ended: 'ended', alert: { state: 'resolved' } });
});

it('an alert that has ended has the title and severity of the worst of its events, and ends once', () => {
  const members = [
    aMember({ ended_at: toIso(0), severity: 'warning', title: 'Slow' }),
    aMember({ event_id: '2', ended_at: toIso(0), severity: 'warning', title: 'Down' }),
  ];
  const { alert, history } = settleState(
    anAlert({ members, severity: 'warning', worst: 'critical', title: 'x' }),
    context,
  );
  expect(alert).toMatchObject({ title: 'Slow', severity: 'critical', eased_since: null, well_since: null });
  expect(alert).not.toHaveProperty('worst');
  expect(history).toEqual([
    { at: toIso(nowMs), change: 'resolved', request_id: 'req', reason: 'all of its events have ended' },
  ]);
  expect(settleState(alert, context)).toEqual({ alert, ended: null, history: [] });
  expect(settleState(anAlert({ members: [], title: 'x' }), context).alert.title).toBe('x');
});
