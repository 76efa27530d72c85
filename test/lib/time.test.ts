import { expect, it } from 'vitest';
import { isSaneMs, readIso, toIso } from '../../src/lib/time.ts';

it('writes a moment as the unified event has it', () => {
  expect(toIso(1_772_366_400_000)).toBe('2026-03-01T12:00:00.000Z');
});

it.each([
  ['2026-03-01T12:00:00.000Z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01t12:00:00z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01T12:00Z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123Z'],
  ['2026-03-01T12:00:00.5-07:00', '2026-03-01T19:00:00.500Z'],
  ['2026-03-01T12:00:00-0730', '2026-03-01T19:30:00.000Z'],
  ['2026-03-01T12:00:00+0000', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01 12:00:00 +05:30', '2026-03-01T06:30:00.000Z'],
  ['  2026-03-01T12:00:00Z\n', '2026-03-01T12:00:00.000Z'],
  ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
])('reads %j as %s', (text, expected) => {
  expect(readIso(text)).toBe(expected);
});

it('a time without a zone is read as UTC, wherever this machine stands', () => {
  const zone = process.env.TZ;
  process.env.TZ = 'America/Los_Angeles';
  const offsetHours = new Date(0).getTimezoneOffset() / 60;
  const read = readIso('2026-03-01T12:00:00');
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
  expect({ offsetHours, read }).toEqual({ offsetHours: 8, read: '2026-03-01T12:00:00.000Z' });
});

it.each([
  '',
  'soon',
  '2026-03-01',
  '12:00:00Z',
  '1772366400',
  'Sun, 01 Mar 2026 12:00:00 GMT',
  '2026-13-01T12:00:00Z',
  '2026-03-01T25:00:00Z',
  '2026-03-01T12:00:00+99:99',
  '1969-12-31T23:59:59Z',
  '9999-12-31T23:59:59-01:00',
  '+010000-01-01T00:00:00Z',
])('cannot read %j', (text) => {
  expect(readIso(text)).toBe(null);
});

it.each([
  [0, true],
  [-1, false],
  [Date.parse('9999-12-31T23:59:59.999Z'), true],
  [Date.parse('9999-12-31T23:59:59.999Z') + 1, false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
])('%d milliseconds being a sane moment is %j', (ms, sane) => {
  expect(isSaneMs(ms)).toBe(sane);
});
