import { expect, it } from 'vitest';
import * as z from 'zod';
import { cursorTo, limit, moment, toCursor } from '../../src/http/query.ts';

const cursor = cursorTo(z.tuple([z.string(), z.int()]).transform(([at, number]) => ({ at, number })));

it('a cursor leads back to the place that it was made of', () => {
  expect(cursor.parse(toCursor(['a+/é', 3]))).toEqual({ at: 'a+/é', number: 3 });
});

it.each([
  ['of nothing', ''],
  ['of no JSON', 'x'],
  ['of another shape', toCursor([3, 'a'])],
  ['of a place that is too deep', toCursor(['a', 1, 2])],
])('a cursor %s is refused', (_which, text) => {
  expect(cursor.safeParse(text).error?.issues).toMatchObject([
    { message: 'expected a next_cursor of an earlier answer' },
  ]);
});

it.each([
  ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
  ['2026-03-01T12:00:00+01:00', '2026-03-01T11:00:00.000Z'],
  ['2026-03-01T12:00:00 01:00', '2026-03-01T11:00:00.000Z'],
  ['2026-03-01 12:00', '2026-03-01T12:00:00.000Z'],
])('the moment %s is %s', (text, at) => {
  expect(moment.parse(text)).toBe(at);
});

it.each([
  [undefined, 50],
  ['1', 1],
  ['1000', 1000],
])('the limit %s is %i', (text, value) => {
  expect(limit.parse(text)).toBe(value);
});

it.each(['0', '1001', '-1', '1.5', ''])('there is no limit of %j', (text) => {
  expect(limit.safeParse(text).success).toBe(false);
});
