import { expect, it } from 'vitest';
import { takePage } from '../../src/stores/page.ts';

const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const even = (row: number) => (row % 2 === 0 ? `row ${row}` : undefined);

it.each([
  ['everything', { limit: 9, maxScan: 99 }, [2, 4, 6, 8], undefined],
  ['exactly as many as there are', { limit: 4, maxScan: 99 }, [2, 4, 6, 8], undefined],
  ['fewer than there are', { limit: 2, maxScan: 99 }, [2, 4], 5],
  ['none', { limit: 9, maxScan: 1 }, [], 1],
  ['as many as it may look at', { limit: 9, maxScan: 5 }, [2, 4], 5],
  ['all rows, of which it may look at just as many', { limit: 9, maxScan: 9 }, [2, 4, 6, 8], undefined],
  ['as many as fit', { limit: 9, maxScan: 99, maxBytes: 12 }, [2, 4], 5],
  ['one that does not fit', { limit: 9, maxScan: 99, maxBytes: 1 }, [2], 3],
])('takes %s', (_what, bounds, taken, next) => {
  const items = taken.map((row) => `row ${row}`);
  expect(takePage(rows, bounds, even, (item) => item.length)).toEqual({ items, next });
});

it('looks at no row beyond those that it needs', () => {
  const seen: number[] = [];
  function* walk() {
    for (const row of rows) {
      seen.push(row);
      yield row;
    }
  }
  takePage(walk(), { limit: 2, maxScan: 99 }, even);
  expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
});
