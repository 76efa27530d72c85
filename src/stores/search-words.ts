// The words under which an event is found, the same on every backend: those of its summary, of its facts, and of the
// first kilobyte of its description, in lower case.
import type { EventRecord } from '../domain/event-record.ts';

const maxDescriptionChars = 1024;
/** More words than this are not indexed; a summary and facts have a few dozen. */
const maxWords = 400;
const maxWordChars = 100;

/** The distinct words of a text: runs of letters, digits and `_`, in lower case. */
export const splitWords = (text: string): readonly string[] => [
  ...new Set(text.toLowerCase().match(/[\p{L}\p{N}_]{1,100}/gu) ?? []),
];

/** The distinct words under which an event is found. */
export const wordsOf = ({ event, facts }: Pick<EventRecord, 'event' | 'facts'>): readonly string[] => {
  const texts = [event.summary, (event.description ?? '').slice(0, maxDescriptionChars)];
  for (const value of Object.values(facts)) {
    if (typeof value === 'string') texts.push(value);
    else if (Array.isArray(value)) texts.push(...value);
    else if (value !== undefined) texts.push(String(value));
  }
  return splitWords(texts.join(' ')).slice(0, maxWords);
};

/** Whether all words of a query are among these words. */
export const containsAllWords = (words: readonly string[], query: string): boolean => {
  const known = new Set(words);
  return splitWords(query.slice(0, maxWords * maxWordChars)).every((word) => known.has(word));
};
