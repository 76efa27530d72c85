// The words under which an event is found, the same on every backend: those of its summary, of its facts, and of the
// first kilobyte of its description, in lower case and in one Unicode form. A text without spaces is one word.
import type { EventRecord } from '../domain/event-record.ts';

const maxDescriptionChars = 1024;
/** More words than this are not indexed; a summary and facts have a few dozen. */
const maxWords = 400;
/** Facts are short; of longer ones this much is looked at. */
const maxTextChars = 16_384;

/** A letter that is written with marks may come composed or not. */
const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** What this finds in ASCII is what is found in any script, in a third of the time. */
const wordsOfAscii = (text: string) => text.toLowerCase().match(/[a-z0-9_]{1,100}/g);
const wordsOfAny = (text: string) => fold(text).match(/[\p{L}\p{M}\p{N}_]{1,100}/gu);

/** The distinct words of a text: runs of letters, their marks, digits and `_`, in lower case. */
export const splitWords = (text: string): readonly string[] => {
  const read = text.slice(0, maxTextChars);
  const words = /[\u0080-\uffff]/.test(read) ? wordsOfAny(read) : wordsOfAscii(read);
  return [...new Set(words)].slice(0, maxWords);
};

const textOf = ({ event, facts }: Pick<EventRecord, 'event' | 'facts'>): string => {
  const texts = [event.summary.slice(0, maxDescriptionChars), (event.description ?? '').slice(0, maxDescriptionChars)];
  for (const value of Object.values(facts)) {
    if (Array.isArray(value)) texts.push(...value);
    else if (value !== undefined) texts.push(String(value));
  }
  return texts.join(' ');
};

/** The distinct words under which an event is found. */
export const wordsOf = (record: Pick<EventRecord, 'event' | 'facts'>): readonly string[] => splitWords(textOf(record));

/** Whether all of these words, as `splitWords` gives them, are words of the event. */
export const standIn = (record: Pick<EventRecord, 'event' | 'facts'>, words: readonly string[]): boolean => {
  if (words.length === 0) return true;
  // Most events do not have the words at all, which is quickly told; only then are their words split.
  const text = fold(textOf(record));
  if (!words.every((word) => text.includes(word))) return false;
  const known = new Set(wordsOf(record));
  return words.every((word) => known.has(word));
};
