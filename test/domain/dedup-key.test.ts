import { expect, it } from 'vitest';
import { dedupKeyOf } from '../../src/domain/dedup-key.ts';

it.each(['evt_1', 'evt_1#2', 'ü😀', 'x'.repeat(255)])('the id %s is the key', (id) => {
  expect(dedupKeyOf(id)).toBe(id);
});

it.each(['x'.repeat(256), 'a\0b', 'a\ud83d'])('the id %j is replaced by a stable hash', (id) => {
  expect(dedupKeyOf(id)).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(dedupKeyOf(id)).toBe(dedupKeyOf(id));
  expect(dedupKeyOf(id)).not.toBe(dedupKeyOf(`${id}x`));
});
