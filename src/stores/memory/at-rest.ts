// An event at rest is one that no alert, no scope and no vendor has to find again. Most are, and each is kept as one text:
// the collector copies and marks a text at once, but every object of a record one by one (ADR 0055).
import { type EventRecord, isOngoing } from '../../domain/event-record.ts';
import { combinationOf, combinedFilters, type EventFilters, wantedColumns } from '../event-filter.ts';
import { splitWords } from '../search-words.ts';
import { isOfScope } from '../selection.ts';
import type { EventContent, EventEntry } from './entries.ts';

/** So many combinations are shared; beyond them, sharing begins anew. */
const maxCombinations = 10_000;

/** Makes what puts an event to rest, if it may rest. */
export const createRest = (): ((entry: EventEntry) => void) => {
  const combinations = new Map<string, readonly string[]>();

  const shared = (combination: readonly string[]): readonly string[] => {
    const key = combination.join();
    const known = combinations.get(key);
    if (known) return known;
    if (combinations.size === maxCombinations) combinations.clear();
    combinations.set(key, combination);
    return combination;
  };

  return (entry) => {
    const { content } = entry;
    if (typeof content === 'string') return;
    const { record } = content;
    if (record.alert_id !== null || isOngoing(record) || isOfScope(record)) return;
    entry.combination = shared(combinationOf(record));
    entry.content = JSON.stringify(content);
  };
};

/** What is kept of the event, read anew from the text of one at rest, which goes on resting. */
export const contentOf = ({ content }: EventEntry): EventContent =>
  typeof content === 'string' ? JSON.parse(content) : content;

export const recordOf = (entry: EventEntry): EventRecord => contentOf(entry).record;

/** The same object each time from now on, until it rests again. */
export const rouse = (entry: EventEntry): EventContent => {
  const content = contentOf(entry);
  entry.content = content;
  return content;
};

export const rouseRecord = (entry: EventEntry): EventRecord => rouse(entry).record;

/** Tells of events at rest whether these filters may want one, which costs less than to read its text. */
export const createGlance = (filters: EventFilters): ((entry: EventEntry) => boolean) => {
  const wanted = wantedColumns(filters).map(({ column, value }) => ({ at: combinedFilters.indexOf(column), value }));
  const words = splitWords(filters.q ?? '');
  return ({ content, combination }) => {
    if (typeof content !== 'string') return true;
    if (!wanted.every(({ at, value }) => combination[at] === value)) return false;
    // Letters of other scripts have several forms, which only `standIn` knows.
    if (words.length === 0 || /[\u0080-\uffff]/.test(content)) return true;
    const text = content.toLowerCase();
    return words.every((word) => text.includes(word));
  };
};
