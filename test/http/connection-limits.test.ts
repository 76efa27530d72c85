import { expect, it } from 'vitest';
import { connectionLimit } from '../../src/http/connection-limits.ts';

it.each([
  [1_048_576, 8, 10_000],
  [20_000, 8, 10_000],
  [4096, 8, 2048],
  [1024, 8, 512],
  [1024, 400, 96],
  [256, 8, 112],
  [256, 1000, 16],
])('of %i files with %i deliveries at once, %i may be connections', (files, deliveries, connections) => {
  expect(connectionLimit(files, deliveries)).toBe(connections);
});
