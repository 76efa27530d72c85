// The text index. Each write to it costs some pages however little it adds, so a few dozen events are added at once; a
// search looks at the newest events one by one.
import type { DatabaseSync } from 'node:sqlite';
import type { EventRecord } from '../../domain/event-record.ts';
import { type EventFilters, eventFilters, type FilterName, type FilterValue, filtersOfEvent } from '../event-filter.ts';
import { splitWords, wordsOf } from '../search-words.ts';
import { hashOf } from './hash.ts';
import { createProgress } from './progress.ts';

const batch = 64;

/** A word as the index has it: ASCII for every script, so that its tokenizer decides nothing. */
const toToken = (word: string): string => (/^[a-z0-9_]+$/.test(word) ? word : `U${Buffer.from(word).toString('hex')}`);

/** A filter's value is a token too: words that stand in many events of one source are none of another's. */
const toFilterToken = (name: FilterName, value: FilterValue | null | undefined): string =>
  `f_${name}_${hashOf(JSON.stringify(value ?? null)).toString(36)}`;

/** So many values are remembered, of which there are few. */
const maxRemembered = 1000;

/** Makes what gives the tokens under which an event is found. */
export const createTokens = (): ((record: EventRecord) => string) => {
  const known = new Map<string, string>();

  const ofFilter = (name: FilterName, record: EventRecord): string => {
    const value = eventFilters[name].of?.(record);
    const key = `${name} ${value}`;
    const token = known.get(key) ?? toFilterToken(name, value);
    if (known.size < maxRemembered) known.set(key, token);
    return token;
  };

  return (record) =>
    [...wordsOf(record).map(toToken), ...filtersOfEvent.map((name) => ofFilter(name, record))].join(' ');
};

/**
 * The search for all words of a query and some of the filters, or null when the query has no words. It may find a few
 * events too many, and none too few.
 */
export const toMatch = (filters: EventFilters): string | null => {
  const words = splitWords(filters.q ?? '').map(toToken);
  if (words.length === 0) return null;
  const given = filtersOfEvent.filter((name) => filters[name] !== undefined);
  return [...words, ...given.map((name) => toFilterToken(name, filters[name]))].map((token) => `"${token}"`).join(' ');
};

export const wordsProgress = 'index:words';

export interface Words {
  add(sequence: number, record: EventRecord): void;
  replace(sequence: number, before: EventRecord, after: EventRecord): void;
  remove(sequence: number): void;
  /** Writes those that wait, once there are enough. */
  write(): void;
  committed(): void;
  rolledBack(): void;
}

/** @param readAfter gives the events behind a sequence */
export const createWords = (
  db: DatabaseSync,
  readAfter: (sequence: number) => Iterable<{ readonly sequence: number; readonly record: EventRecord }>,
): Words => {
  const insert = db.prepare('INSERT INTO words (rowid, tokens) VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM words WHERE rowid = ?');
  const progress = createProgress(db, wordsProgress);
  const tokensOf = createTokens();
  const waiting = new Map<number, EventRecord>();
  let upTo = 0;
  let writtenTo: number | undefined;

  const load = (): void => {
    upTo = progress.load();
    writtenTo = undefined;
    waiting.clear();
    for (const { sequence, record } of readAfter(upTo)) waiting.set(sequence, record);
  };
  load();

  return {
    add(sequence, record) {
      waiting.set(sequence, record);
    },
    replace(sequence, before, after) {
      if (sequence > upTo && writtenTo === undefined) waiting.set(sequence, after);
      else if (before.event !== after.event || before.facts !== after.facts) {
        const [old, tokens] = [tokensOf(before), tokensOf(after)];
        if (old === tokens) return;
        remove.run(sequence);
        insert.run(sequence, tokens);
      }
    },
    remove(sequence) {
      if (!waiting.delete(sequence)) remove.run(sequence);
    },
    write() {
      if (waiting.size < batch) return;
      for (const [sequence, record] of waiting) {
        insert.run(sequence, tokensOf(record));
        writtenTo = sequence;
      }
      if (writtenTo !== undefined) progress.save(writtenTo);
    },
    committed() {
      if (writtenTo === undefined) return;
      upTo = writtenTo;
      writtenTo = undefined;
      waiting.clear();
    },
    rolledBack: load,
  };
};
