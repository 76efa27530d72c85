import { expect, it } from 'vitest';
import { countAfter, readList } from '../../src/dashboard/read-list.js';

/** A service with items, the newest first, of which it gives so many at a time at most. */
const listing = (items: string[], most = Number.POSITIVE_INFINITY) => {
  const asked: object[] = [];
  const readPart = async (query: { limit: string; cursor?: string }) => {
    asked.push(query);
    const from = query.cursor === undefined ? 0 : items.indexOf(query.cursor) + 1;
    const part = items.slice(from, from + Math.min(most, Number(query.limit)));
    const last = part.at(-1);
    return { items: part, next: last === undefined || last === items.at(-1) ? null : last };
  };
  return { readPart, asked };
};

const numbered = (count: number, prefix = 'old') => Array.from({ length: count }, (_, at) => `${prefix}_${at}`);

it('reads as many as are shown, and says where it goes on', async () => {
  const { readPart, asked } = listing(numbered(5));
  expect(await readList(readPart, 3)).toEqual({ items: ['old_0', 'old_1', 'old_2'], next: 'old_2' });
  expect(asked).toEqual([{ limit: '3' }]);
  expect(await readList(readPart, 5)).toEqual({ items: numbered(5), next: null });
  expect(await readList(readPart, 50)).toEqual({ items: numbered(5), next: null });
});

it('goes on where the service ended early', async () => {
  const { readPart, asked } = listing(numbered(5), 2);
  expect(await readList(readPart, 5)).toEqual({ items: numbered(5), next: null });
  expect(asked).toEqual([{ limit: '5' }, { limit: '3', cursor: 'old_1' }, { limit: '1', cursor: 'old_3' }]);
});

it('an empty list is one part', async () => {
  const { readPart, asked } = listing([]);
  expect(await readList(readPart, 50)).toEqual({ items: [], next: null });
  expect(asked).toHaveLength(1);
});

it('what is pushed down by new items stays listed', async () => {
  const items = numbered(200);
  const { readPart } = listing(items, 60);
  expect((await readList(readPart, 150)).items).toEqual(numbered(150));
  items.unshift(...numbered(70, 'new'));
  expect((await readList(readPart, 150)).items).toEqual([...numbered(70, 'new'), ...numbered(80)]);
});

it('each step shows a hundred more, up to five hundred', () => {
  expect([50, 150, 450, 500].map(countAfter)).toEqual([150, 250, 500, null]);
});
