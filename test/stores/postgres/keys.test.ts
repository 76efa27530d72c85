import { expect, it } from 'vitest';
import { lockOf, uuidOf } from '../../../src/stores/postgres/keys.ts';
import { numbered } from '../../contract/event-store/setup.ts';

it('the key of a text stays what it is, however many others are asked for meanwhile', () => {
  const texts = numbered(2500);
  const keys = texts.map(uuidOf);
  expect(new Set(keys).size).toBe(texts.length);
  expect(texts.map(uuidOf)).toEqual(keys);
  expect(uuidOf('a')).toBe('ac8d8342bbb2362d13f0a559a3621bb4');
});

it('a text of any length and of any characters has a key of its own', () => {
  const texts = ['', '\0', '\ud800', '\ud801', '"', 'x'.repeat(10_000), 'x'.repeat(10_001)];
  expect(new Set(texts.map(uuidOf)).size).toBe(texts.length);
  for (const text of texts) expect(uuidOf(text)).toMatch(/^[0-9a-f]{32}$/);
});

it('a lock is a number of 64 bits, of either sign', () => {
  const locks = numbered(100).map((text) => BigInt(lockOf(text)));
  for (const lock of locks) expect(BigInt.asIntN(64, lock)).toBe(lock);
  expect(locks.some((lock) => lock < 0n)).toBe(true);
  expect(locks.some((lock) => lock > 0n)).toBe(true);
});
