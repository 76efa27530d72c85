// Hashes that stand for a text, of any length and characters, in a key, an index or a lock.
import { hash } from 'node:crypto';
import { toKey } from '../rows.ts';

/** The key of a state or a lease. */
export const hashOf = (text: string): string => hash('sha256', toKey(text), 'base64url');

/** A batch locks, reads and writes by the same few keys, and hashing them again each time is what they cost most. */
const uuids = new Map<string, string>();
const maxRemembered = 1000;
const maxRememberedChars = 300;

/** The key of an event, an alert, a scope: 128 bits of a hash, in the type that stores them in 16 bytes. */
export const uuidOf = (text: string): string => {
  const known = uuids.get(text);
  if (known !== undefined) return known;
  const uuid = hash('sha256', toKey(text)).slice(0, 32);
  if (uuids.size >= maxRemembered) uuids.clear();
  if (text.length <= maxRememberedChars) uuids.set(text, uuid);
  return uuid;
};

/** The advisory lock of a key; one bit pattern for each, for keys of all kinds. */
export const lockOf = (text: string): string => String(BigInt.asIntN(64, BigInt(`0x${uuidOf(text).slice(0, 16)}`)));

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/**
 * A word as the text index has it: FNV-1a, which takes four bytes for it where the word takes ten. Two words may share a
 * number, so what is found by it is compared with the words themselves.
 */
const numberOf = (word: string): number => {
  let number = fnvOffset;
  for (let at = 0; at < word.length; at++) number = Math.imul(number ^ word.charCodeAt(at), fnvPrime);
  return number | 0;
};

export const numbersOf = (words: readonly string[]): readonly number[] => [...new Set(words.map(numberOf))];
