import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import {
  createWindow,
  days,
  endOfWindows,
  isTimeZone,
  parseMoment,
  type WindowSettings,
} from '../../../src/domain/rules/windows.ts';

const berlin = 'Europe/Berlin';
const at = (text: string, zone = berlin): number => {
  const moment = parseMoment(text, zone);
  if (!moment.ok) throw new Error(moment.problem);
  return moment.value;
};
const end = (settings: WindowSettings, text: string, zone = berlin): string | null => {
  const ms = createWindow(settings, zone).endsAt(at(text, zone));
  return ms === null
    ? null
    : Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDateTime().toString();
};

const night = { from: '22:00', to: '07:00' };
const weekend = { days: ['sat', 'sun'] } as const;

it.each([
  ['2026-11-26T21:59:59', null],
  ['2026-11-26T22:00', '2026-11-27T07:00:00'],
  ['2026-11-26T03:00', '2026-11-26T07:00:00'],
  ['2026-11-26T06:59:59.999', '2026-11-26T07:00:00'],
  ['2026-11-26T07:00', null],
])('a window wraps midnight: at %s it ends at %s', (moment, expected) => {
  expect(end(night, moment)).toBe(expected);
});

it('days name the day on which a window begins', () => {
  const friday = { ...night, days: ['fri'] } as const;
  expect(end(friday, '2026-11-27T23:00')).toBe('2026-11-28T07:00:00');
  expect(end(friday, '2026-11-28T03:00')).toBe('2026-11-28T07:00:00');
  expect(end(friday, '2026-11-27T03:00')).toBeNull();
  expect(end(friday, '2026-11-28T23:00')).toBeNull();
});

it('a window without from and to lasts for its days', () => {
  expect(end(weekend, '2026-11-27T23:59')).toBeNull();
  expect(end(weekend, '2026-11-28T00:00')).toBe('2026-11-29T00:00:00');
  expect(end(weekend, '2026-11-29T12:00')).toBe('2026-11-30T00:00:00');
  expect(end(weekend, '2026-11-30T00:00')).toBeNull();
});

it('a window ends at its time of the wall clock when the clock changes in it', () => {
  // Forward on 2026-03-29 at 2:00, back on 2026-10-25 at 3:00.
  const hours = (moment: string) => ((createWindow(night, berlin).endsAt(at(moment)) ?? 0) - at(moment)) / 3_600_000;
  expect(hours('2026-03-28T22:00')).toBe(8);
  expect(hours('2026-10-24T22:00')).toBe(10);
  expect(hours('2026-11-26T22:00')).toBe(9);
  expect(end(night, '2026-03-29T03:30')).toBe('2026-03-29T07:00:00');
});

it('a window in the hour that does not exist begins and ends an hour later', () => {
  const early = { from: '02:15', to: '02:45' };
  expect(end(early, '2026-03-29T03:20')).toBe('2026-03-29T03:45:00');
  expect(end(early, '2026-03-30T02:20')).toBe('2026-03-30T02:45:00');
});

it('windows end together when none of them is active any more', () => {
  const windows = [createWindow(night, berlin), createWindow(weekend, berlin)];
  const endAt = (moment: string) => {
    const ms = endOfWindows(windows, at(moment));
    return ms === null ? null : new Date(ms).toISOString();
  };
  // From Friday evening to Monday morning.
  expect(endAt('2026-11-27T23:00')).toBe('2026-11-30T06:00:00.000Z');
  expect(endAt('2026-11-25T23:00')).toBe('2026-11-26T06:00:00.000Z');
  expect(endAt('2026-11-25T12:00')).toBeNull();
});

it('windows that leave no moment never end', () => {
  const day = { from: '07:00', to: '22:00' };
  expect(endOfWindows([createWindow(night, berlin), createWindow(day, berlin)], at('2026-11-25T12:00'))).toBeNull();
});

const zones = fc.constantFrom(
  berlin,
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'UTC',
  'Africa/Casablanca',
);
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const moments = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2028, 0, 1) });
const someDays = fc.subarray([...days], { minLength: 1 });

it('while a window is active it ends within 25 hours, stays active until then, and is over then', () => {
  fc.assert(
    fc.property(
      zones,
      time,
      time,
      someDays,
      moments,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (zone, from, to, named, now, part) => {
        fc.pre(from !== to);
        const window = createWindow({ from, to, days: named }, zone);
        const until = window.endsAt(now);
        if (until === null) return;
        expect(until).toBeGreaterThan(now);
        expect(until - now).toBeLessThanOrEqual(25 * 3_600_000);
        const between = Math.floor(now + (until - 1 - now) * part);
        expect(window.endsAt(between)).toBe(until);
        expect(window.endsAt(until - 1)).toBe(until);
        expect(window.endsAt(until)).not.toBe(until);
      },
    ),
    { numRuns: 500 },
  );
});

it('what a window was asked before changes no answer', () => {
  fc.assert(
    fc.property(zones, time, time, someDays, fc.array(moments, { maxLength: 30 }), (zone, from, to, named, asked) => {
      fc.pre(from !== to);
      const window = createWindow({ from, to, days: named }, zone);
      for (const now of [...asked, ...asked.toReversed()])
        expect(window.endsAt(now)).toBe(createWindow({ from, to, days: named }, zone).endsAt(now));
    }),
    { numRuns: 30 },
  );
});

it('away from changes of the clock a window is active exactly when the wall clock says so', () => {
  fc.assert(
    fc.property(zones, time, time, moments, (zone, from, to, now) => {
      fc.pre(from !== to);
      const wall = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
      const isQuiet = wall.add({ days: 2 }).offsetNanoseconds === wall.subtract({ days: 2 }).offsetNanoseconds;
      fc.pre(isQuiet);
      const clock = wall.toPlainTime().toString().slice(0, 5);
      const expected = from < to ? from <= clock && clock < to : clock >= from || clock < to;
      expect(createWindow({ from, to }, zone).endsAt(now) !== null).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['2026-12-05T22:00', '2026-12-05T21:00:00.000Z'],
  ['2026-12-05 22:00', '2026-12-05T21:00:00.000Z'],
  ['2026-12-05', '2026-12-04T23:00:00.000Z'],
  ['2026-07-05T22:00', '2026-07-05T20:00:00.000Z'],
  ['2026-12-05T22:00:30', '2026-12-05T21:00:30.000Z'],
  ['2026-12-05T22:00Z', '2026-12-05T22:00:00.000Z'],
  ['2026-12-05T22:00-07:00', '2026-12-06T05:00:00.000Z'],
])('%s is read as %s', (text, expected) => {
  expect(new Date(at(text)).toISOString()).toBe(expected);
});

it.each([
  '',
  'tomorrow',
  '2026-13-01',
  '2026-02-30T10:00',
  '2026-12-05T25:00',
  '22:00',
  '2026-12-05T22:00 Europe/Berlin',
])('"%s" is no time', (text) => {
  expect(parseMoment(text, berlin).ok).toBe(false);
});

it('a time zone is known by its name', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  expect(isTimeZone('UTC')).toBe(true);
  expect(isTimeZone('Europe/Berlinn')).toBe(false);
});
