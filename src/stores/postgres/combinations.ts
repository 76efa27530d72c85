// The distinct combinations of the values that listings filter by: a small table, whose numbers the events bear. One index
// on (combination, sequence) then serves every such filter, and all of them together.
import * as z from 'zod';
import type { EventRecord } from '../../domain/event-record.ts';
import { combinationOf, combinedFilters } from '../event-filter.ts';
import type { Session } from './connections.ts';
import { uuidOf } from './keys.ts';
import { defineRelation } from './relation.ts';

interface Combination {
  readonly key: string;
  readonly columns: readonly string[];
}

export interface Combinations {
  /** Gives the number of each record's combination; new combinations are stored in the session's transaction. */
  numbersOf(session: Session, records: readonly EventRecord[]): Promise<(record: EventRecord) => number>;
  /** The transaction is committed: its new combinations are there for good. */
  commit(session: Session): void;
}

/** Beyond it everything known is read anew: a vendor may name services without end. */
const maxKnown = 10_000;

const columnNames = ['key', ...combinedFilters].map((name) => [name, name === 'key' ? 'uuid' : 'text'] as const);
const relation = defineRelation(columnNames);

// In one order, for two batches that insert the same ones in different orders would wait for each other.
const insertSql = `INSERT INTO combinations (${relation.names}) SELECT ${relation.selected} FROM ${relation.given}
  ORDER BY given.key ON CONFLICT (key) DO NOTHING`;
const readSql = 'SELECT id, key FROM combinations WHERE key = ANY ($1::uuid[])';
const row = z.object({ id: z.number(), key: z.string() });

const toCombination = (record: EventRecord): Combination => {
  const columns = combinationOf(record);
  return { columns, key: uuidOf(columns.join('\n')) };
};

const rowOf = ({ key, columns }: Combination): Readonly<Record<string, string>> => ({
  key,
  ...Object.fromEntries(combinedFilters.map((name, at) => [name, columns[at] ?? 'null'])),
});

/** The server writes a uuid with hyphens. */
const withoutHyphens = (uuid: string): string => uuid.replaceAll('-', '');

export const createCombinations = (): Combinations => {
  const known = new Map<string, number>();
  /** By session, since a transaction that is rolled back takes its combinations with it. */
  const uncommitted = new WeakMap<Session, ReadonlyMap<string, number>>();

  const store = async (session: Session, missing: readonly Combination[]): Promise<ReadonlyMap<string, number>> => {
    const keys = missing.map(({ key }) => key);
    const [, found] = await Promise.all([
      session.run(insertSql, relation.values(missing.map(rowOf))),
      session.rows(row, readSql, [keys]),
    ]);
    const stored = new Map(found.map(({ id, key }) => [withoutHyphens(key), id]));
    uncommitted.set(session, stored);
    return stored;
  };

  return {
    async numbersOf(session, records) {
      const ofRecords = records.map((record) => [record, toCombination(record)] as const);
      const missing = new Map(ofRecords.filter(([, { key }]) => !known.has(key)).map(([, each]) => [each.key, each]));
      const stored = missing.size === 0 ? undefined : await store(session, [...missing.values()]);
      const numbers = new Map(ofRecords.map(([record, { key }]) => [record, known.get(key) ?? stored?.get(key)]));
      return (record) => numbers.get(record) ?? 0;
    },
    commit(session) {
      const stored = uncommitted.get(session);
      if (!stored) return;
      if (known.size + stored.size > maxKnown) known.clear();
      for (const [key, id] of stored) known.set(key, id);
    },
  };
};
