import { expect, it } from 'vitest';
import { createWriteHealth } from '../../src/stores/write-health.ts';

it('a small write that went well does not hide a large one that failed meanwhile', async () => {
  const lengths: number[] = [];
  const small = Promise.withResolvers<void>();
  const health = createWriteHealth(
    () => undefined,
    async (length) => {
      lengths.push(length);
      if (length > 1) throw new Error('the disk is full');
      await small.promise;
      health.committed();
    },
  );
  const asked = health.ping();
  await Promise.resolve();
  health.failed();
  small.resolve();
  await asked;
  await expect(health.ping()).rejects.toThrow('the disk is full');
  expect(lengths).toEqual([1, 65_536]);
});
