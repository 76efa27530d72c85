import { expect, it } from 'vitest';
import { integer, text, textOrNull } from '../../../src/stores/sqlite/columns.ts';

it('gives what a column holds', () => {
  const row = { name: 'a', count: 3, end: null };
  expect([text(row, 'name'), integer(row, 'count'), textOrNull(row, 'end')]).toEqual(['a', 3, null]);
});

it('names the column that holds something else', () => {
  const row = { name: 3, count: 'a' };
  expect(() => text(row, 'name')).toThrow('the column name holds no text');
  expect(() => textOrNull(row, 'name')).toThrow('the column name holds no text');
  expect(() => integer(row, 'count')).toThrow('the column count holds no integer');
  expect(() => integer(undefined, 'count')).toThrow('the column count holds no integer');
});
