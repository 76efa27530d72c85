// What stands for a text of any length, and of any characters, in a key, an index or a lock.
import { hash } from 'node:crypto';
import { toKey } from '../rows.ts';

const digestOf = (text: string): Buffer => hash('sha256', toKey(text), 'buffer');

/** The key of a state or a lease. */
export const hashOf = (text: string): string => hash('sha256', toKey(text), 'base64url');

/** The key of an event, an alert, a scope: 128 bits of a hash, in the type that stores them in 16 bytes. */
export const uuidOf = (text: string): string => digestOf(text).toString('hex', 0, 16);

/** The advisory lock of a key; one bit pattern for each, for keys of all kinds. */
export const lockOf = (text: string): string => String(digestOf(text).readBigInt64BE(0));

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
