// The vendors' objects, which are written once and read seldom. Those of one commit resemble each other, so they are kept
// as one pack, compressed together: of what a payment that failed writes, they were more than a third.
import type { DatabaseSync } from 'node:sqlite';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { integer, type Row, text } from './columns.ts';

/** A larger one has a row of its own. */
const maxPackedChars = 16_384;
/** So do fewer than these: to begin a compression takes as long as to write a few rows. */
const minPacked = 8;
/** To read one of a pack costs reading all of it: a fraction of a millisecond. */
const maxPackChars = 128 * 1024;

/** ASCII's record separator, which no JSON has but as an escape. */
const separator = '\x1e';

export interface RawReader {
  /** As JSON; undefined when there is none. */
  read(sequence: number): string | undefined;
}

export interface Raws {
  /** Of a new event, behind those of all others. */
  add(sequence: number, rawJson: string): void;
  replace(sequence: number, rawJson: string): void;
  /** @param sequences in rising order */
  remove(sequences: readonly number[]): void;
  /** Writes what was added. */
  write(): void;
  rolledBack(): void;
}

/** The objects of the events from `first` to `last`; an empty text for an event that has none in it. */
interface Pack {
  readonly first: number;
  readonly last: number;
  readonly texts: string[];
}

export const rawsSql = {
  alone: 'SELECT body FROM raws WHERE event = ?',
  packed: 'SELECT first, last, body FROM raw_packs WHERE first <= ? ORDER BY first DESC LIMIT 1',
} as const;

/** A small table of what came before, since it is cleared for each pack. */
const compression = { level: 1, memLevel: 5 } as const;

const toBody = (texts: readonly string[]): Uint8Array => deflateRawSync(texts.join(separator), compression);

const toPack = (row: Row): Pack => {
  const { body } = row;
  if (!(body instanceof Uint8Array)) throw new TypeError('the column body holds no bytes');
  const texts = inflateRawSync(body).toString().split(separator);
  return { first: integer(row, 'first'), last: integer(row, 'last'), texts };
};

/** Finds the pack that has an event, and remembers it: neighbours are asked for together. */
const createFinder = (db: DatabaseSync): ((sequence: number) => Pack | undefined) => {
  const find = db.prepare(rawsSql.packed);
  let found: Pack | undefined;
  return (sequence) => {
    if (found && found.first <= sequence && sequence <= found.last) return found;
    const row = find.get(sequence);
    if (!row || integer(row, 'last') < sequence) return undefined;
    found = toPack(row);
    return found;
  };
};

export const createRawReader = (db: DatabaseSync): RawReader => {
  const alone = db.prepare(rawsSql.alone);
  const packOf = createFinder(db);
  return {
    read(sequence) {
      const row = alone.get(sequence);
      if (row) return text(row, 'body');
      const pack = packOf(sequence);
      return pack?.texts[sequence - pack.first] || undefined;
    },
  };
};

type Added = readonly [sequence: number, rawJson: string];

/** Those that are written together. */
const inGroups = (added: Iterable<Added>): readonly (readonly Added[])[] => {
  const groups: Added[][] = [];
  let open: Added[] = [];
  let room = 0;
  for (const each of added) {
    const { length } = each[1];
    if (length > maxPackedChars) {
      groups.push([each]);
      continue;
    }
    if (length > room) {
      open = [];
      room = maxPackChars;
      groups.push(open);
    }
    open.push(each);
    room -= length;
  }
  return groups;
};

export const createRaws = (db: DatabaseSync): Raws => {
  const put = db.prepare('INSERT OR REPLACE INTO raws VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM raws WHERE event = ?');
  const putPack = db.prepare('INSERT OR REPLACE INTO raw_packs VALUES (?, ?, ?)');
  const removePack = db.prepare('DELETE FROM raw_packs WHERE first = ?');
  const added = new Map<number, string>();

  const writeGroup = (group: readonly Added[]): void => {
    const [[first] = [0], [last] = [0]] = [group[0], group.at(-1)];
    if (group.length < minPacked) {
      for (const [sequence, text] of group) put.run(sequence, text);
      return;
    }
    const texts = Array.from({ length: last - first + 1 }, () => '');
    for (const [sequence, text] of group) texts[sequence - first] = text;
    putPack.run(first, last, toBody(texts));
  };

  return {
    add: (sequence, rawJson) => void added.set(sequence, rawJson),
    replace(sequence, rawJson) {
      if (added.has(sequence)) added.set(sequence, rawJson);
      else put.run(sequence, rawJson);
    },
    remove(sequences) {
      const packOf = createFinder(db);
      const changed = new Set<Pack>();
      for (const sequence of sequences) {
        remove.run(sequence);
        const pack = packOf(sequence);
        if (!pack) continue;
        pack.texts[sequence - pack.first] = '';
        changed.add(pack);
      }
      for (const { first, last, texts } of changed) {
        if (texts.some((text) => text !== '')) putPack.run(first, last, toBody(texts));
        else removePack.run(first);
      }
    },
    write() {
      for (const group of inGroups(added)) writeGroup(group);
      added.clear();
    },
    rolledBack: () => added.clear(),
  };
};
