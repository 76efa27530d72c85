import { expect, it } from 'vitest';
import { applyRetention } from '../../src/stores/retention.ts';

const now = Date.parse('2026-03-31T12:00:00.000Z');

it.each([
  [[0], 0, 1],
  [[499], 499, 1],
  [[500, 0], 500, 2],
  [[500, 500, 7], 1007, 3],
])('goes on while a batch is full: of %j events it removes %i in %i batches', async (batches, total, calls) => {
  const asked: unknown[] = [];
  const prune = async (before: string, limit: number) => {
    asked.push([before, limit]);
    return batches[asked.length - 1] ?? 0;
  };
  expect(await applyRetention({ prune }, 30, now)).toBe(total);
  expect(asked).toEqual(Array.from({ length: calls }, () => ['2026-03-01T12:00:00.000Z', 500]));
});

it('rejects when the store cannot answer', async () => {
  const down = new Error('down');
  await expect(applyRetention({ prune: () => Promise.reject(down) }, 30, now)).rejects.toBe(down);
});
