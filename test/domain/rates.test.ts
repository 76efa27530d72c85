import { describe, expect, it } from 'vitest';
import { rateAbsence, rateSighting } from '../../src/domain/rate-events.ts';
import { type Counted, countRate, endRate, maxValues, type Tally, tallyOf } from '../../src/domain/rates.ts';
import type { Rate } from '../../src/domain/rules/rules.ts';
import { aSighting } from '../support/builders.ts';

const minute = 60_000;
const start = Date.parse('2026-03-01T12:00:00.000Z');

const aRate = (more: Partial<Rate> = {}): Rate => ({
  name: 'declines',
  place: 'vendor-signals.yaml:1',
  matches: () => true,
  overMs: 15 * minute,
  above: 0.2,
  atLeast: 10,
  by: 'currency',
  is: 'critical',
  ...more,
});

const tallies = (failed: number, total: number, at = start, value = 'eur', testMode = false): readonly Tally[] =>
  Array.from({ length: total }, (_, n) => ({ value, testMode, at, hasFailed: n < failed }));

const count = (before: readonly Counted[], given: readonly Tally[], nowMs = start, rate = aRate(), since = 0) =>
  countRate(before, given, rate, nowMs, since);

const payment = (type: string, more: object = {}, missed?: 'open' | 'over') =>
  aSighting(
    { kind: 'payment', source: 'stripe', started_at: '2026-03-01T12:00:00.000Z' },
    { facts: { type, currency: 'eur', ...more }, ...(missed && { missed }) },
  );

describe('what is counted', () => {
  it.each([
    ['payment_intent.payment_failed', true],
    ['payment_intent.succeeded', false],
  ])('%s', (type, hasFailed) => {
    expect(tallyOf(aRate(), payment(type), start)).toEqual({ value: 'eur', testMode: false, at: start, hasFailed });
  });

  it.each(['payment_intent.created', 'payment_intent.processing', 'charge.failed', 'payout.failed'])(
    'not %s',
    (type) => {
      expect(tallyOf(aRate(), payment(type), start)).toBeUndefined();
    },
  );

  it('nothing that was fetched afterwards, and nothing that the rule does not name', () => {
    expect(tallyOf(aRate(), payment('payment_intent.succeeded', {}, 'open'), start)).toBeUndefined();
    expect(tallyOf(aRate({ matches: () => false }), payment('payment_intent.succeeded'), start)).toBeUndefined();
  });

  it('a webhook that was sent again counts for its own time, and not at all when that is too long ago', () => {
    const late = (minutes: number) => tallyOf(aRate(), payment('payment_intent.succeeded'), start + minutes * minute);
    expect(late(4)?.at).toBe(start);
    expect(late(15)).toBeUndefined();
    expect(late(-4)?.at).toBe(start - 4 * minute);
  });

  it('by account, where one of our own has no name', () => {
    const countedBy = (more: object) =>
      tallyOf(aRate({ by: 'account' }), payment('payment_intent.succeeded', more), start)?.value;
    expect(countedBy({ account: 'acct_1' })).toBe('acct_1');
    expect(countedBy({})).toBe('own');
  });
});

it('all together where the rule tells nothing apart', () => {
  const tally = (more: object) => tallyOf(aRate({ by: null }), payment('payment_intent.succeeded', more), start)?.value;
  expect([tally({ account: 'acct_1' }), tally({})]).toEqual(['all', 'all']);
});

describe('when a share is too high', () => {
  it.each([
    [9, 9, false],
    [2, 10, false],
    [3, 10, true],
    [21, 100, true],
  ])('%i of %i: %s', (failed, total, isHigh) => {
    expect(count([], tallies(failed, total))[0]?.high !== null).toBe(isHigh);
  });

  it('each value is judged by itself, and test mode apart', () => {
    const given = [...tallies(10, 10), ...tallies(0, 50, start, 'usd'), ...tallies(0, 50, start, 'eur', true)];
    expect(count([], given).map(({ value, test_mode: test, high }) => [value, test, high !== null])).toEqual([
      ['eur', false, true],
      ['usd', false, false],
      ['eur', true, false],
    ]);
  });

  it('ends when fewer fail, and not before that is clear', () => {
    const high = count([], tallies(10, 20));
    const stillHigh = count(high, tallies(0, 40, start + minute), start + minute, aRate({ above: 0.2 }));
    expect(stillHigh[0]?.ended).toBeNull();
    const over = count(stillHigh, tallies(0, 40, start + 2 * minute), start + 2 * minute);
    expect(over[0]?.ended).toEqual({ at: '2026-03-01T12:02:00.000Z', reason: 'fewer payments fail again' });
  });

  it('ends when too few payments are left in its window, and when its rule is gone', () => {
    const high = count([], tallies(10, 20));
    expect(count(high, [], start + 16 * minute)[0]?.ended?.reason).toContain('fewer than 10 payments');
    expect(endRate(high, start)[0]?.ended?.reason).toBe('its rule is gone');
    expect(endRate(count([], tallies(0, 20)), start)).toEqual([]);
  });

  it('ends at four fifths of its limit, once, and is over as it was then', () => {
    const high = count([], tallies(40, 100));
    const over = count(high, tallies(0, 100), start + minute, aRate({ above: 0.25 }));
    expect(over[0]?.ended?.at).toBe('2026-03-01T12:01:00.000Z');
    const later = count(over, tallies(100, 100, start + 2 * minute), start + 2 * minute);
    expect(later[0]?.ended).toEqual(over[0]?.ended);
    expect(endRate(later, start + 3 * minute)[0]?.ended).toEqual(over[0]?.ended);
  });

  it('counts what lies in its window, to the millisecond', () => {
    expect(count([], tallies(0, 20, start + 1), start + 1)[0]?.slots).toMatchObject([{ total: 20 }]);
    const slot = Math.floor(start / minute) * minute;
    expect(count([], tallies(0, 20, slot), slot + 15 * minute - 1)[0]?.slots).toHaveLength(1);
    expect(count([], tallies(0, 20, slot), slot + 15 * minute)).toEqual([]);
  });

  it('goes on counting what it tells apart already when that is as much as it can', () => {
    const values = Array.from({ length: maxValues }, (_, n) => tallies(0, 1, start, `acct_${n}`)).flat();
    const full = count(count([], values), [...tallies(1, 1, start, 'acct_0'), ...tallies(1, 1, start, 'acct_new')]);
    expect(full).toHaveLength(maxValues);
    expect(full[0]?.slots).toMatchObject([{ failed: 1, total: 2 }]);
  });

  it('does not end for want of payments when we were not there to count them', () => {
    const high = count([], tallies(10, 20));
    const back = start + 120 * minute;
    const unknown = count(high, [], back, aRate(), back);
    expect(unknown[0]?.ended).toBeNull();
    expect(count(unknown, [], back + 14 * minute, aRate(), back)[0]?.ended).toBeNull();
    expect(count(unknown, tallies(0, 10, back), back, aRate(), back)[0]?.ended?.reason).toBe(
      'fewer payments fail again',
    );
    expect(count(unknown, [], back + 15 * minute, aRate(), back)[0]?.ended?.reason).toContain('fewer than 10');
  });

  it('a clock that steps back counts nothing that lies ahead', () => {
    expect(count(count([], tallies(0, 20)), [], start - 60 * minute)).toEqual([]);
  });

  it('keeps a bounded number of slots and of values, however many payments there are', () => {
    let counted: readonly Counted[] = [];
    for (let at = 0; at < 120; at++) {
      const now = start + at * minute;
      counted = count(counted, tallies(1, 50, now), now);
    }
    expect(counted[0]?.slots.length).toBeLessThanOrEqual(16);
    const many = Array.from({ length: 500 }, (_, n) => tallies(0, 1, start, `acct_${n}`)).flat();
    expect(count([], many)).toHaveLength(maxValues);
  });
});

describe('the event', () => {
  const high = count([], tallies(30, 100))[0];
  if (!high) throw new Error('nothing was counted');

  it('says in words what failed, and is known by its rule, value and beginning', () => {
    expect(rateSighting(aRate(), high)).toMatchObject({
      event: {
        event_id: 'stripe:rate:declines:eur:2026-03-01T12:00:00.000Z',
        kind: 'status',
        severity: 'critical',
        summary: 'declines: 30% of 100 payments in EUR failed within 15 min',
      },
      facts: { currency: 'eur', livemode: true },
      testMode: false,
    });
    expect(rateAbsence('declines', high)).toBeUndefined();
  });

  it.each([
    ['all', null, 'all', false, {}, '100 payments failed'],
    ['an account', 'account', 'acct_1', false, { account: 'acct_1' }, '100 payments of acct_1 failed'],
    ['our own account', 'account', 'own', false, {}, 'of our own account failed'],
    ['test mode', 'currency', 'eur', true, { currency: 'eur' }, 'in EUR failed'],
  ] as const)('of %s says whose payments they are', (_which, by, value, isTest, facts, words) => {
    const counted = { ...high, value, test_mode: isTest };
    const sighting = rateSighting(aRate({ by }), counted);
    expect(sighting).toMatchObject({ testMode: isTest, event: { resolved_at: null } });
    expect(sighting?.facts).toEqual({ livemode: !isTest, ...facts });
    expect(sighting?.event.summary).toContain(words);
    expect(sighting?.subject).toBe(`stripe:rate:declines:${isTest ? 'test:' : ''}${value}`);
  });

  it('there is none of a share that is not too high, and no end of one that goes on', () => {
    expect(rateSighting(aRate(), { ...high, high: null })).toBeUndefined();
    const ended = { at: '2026-03-01T12:05:00.000Z', reason: 'x' };
    expect(rateAbsence('declines', { ...high, high: null, ended })).toBeUndefined();
    expect(rateAbsence('declines', { ...high, ended })).toMatchObject({ resolvedAt: ended.at, reason: 'x' });
  });

  it('ends under the same id, never before it began', () => {
    const ended = { ...high, ended: { at: '2026-03-01T11:00:00.000Z', reason: 'x' } };
    expect(rateAbsence('declines', ended)).toMatchObject({
      eventId: 'stripe:rate:declines:eur:2026-03-01T12:00:00.000Z',
      resolvedAt: '2026-03-01T12:00:00.000Z',
    });
  });
});
