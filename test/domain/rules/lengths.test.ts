import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatLength, parseLength } from '../../../src/domain/rules/lengths.ts';

it.each([
  ['90s', 90_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
])('%s is %i ms', (text, ms) => {
  expect(parseLength(text)).toEqual({ ok: true, value: ms });
});

it.each(['', '5', '5 m', '5M', '0s', '-5m', '1.5h', '5min', '05m', '1w', 'm', '5constructor'])(
  '"%s" is no length',
  (text) => {
    expect(parseLength(text)).toEqual({ ok: false, problem: 'expected a length of time such as 90s, 5m, 2h or 7d' });
  },
);

it('a length has a bound', () => {
  expect(parseLength('366d').ok).toBe(true);
  expect(parseLength('367d')).toEqual({ ok: false, problem: 'a length of time is 366d at most' });
});

it('a length is written in the largest unit that it fills, and read as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 366 * 86_400 }), (seconds) => {
      expect(parseLength(formatLength(seconds * 1000))).toEqual({ ok: true, value: seconds * 1000 });
    }),
  );
  expect(formatLength(172_800_000)).toBe('2d');
  expect(formatLength(0)).toBe('0s');
});
