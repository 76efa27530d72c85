// Statements that are prepared once; there are few texts.
import type { DatabaseSync, StatementSync } from 'node:sqlite';

export interface Statements {
  get(sql: string): StatementSync;
}

export const createStatements = (db: DatabaseSync): Statements => {
  const prepared = new Map<string, StatementSync>();
  return {
    get(sql) {
      const known = prepared.get(sql);
      if (known) return known;
      const fresh = db.prepare(sql);
      prepared.set(sql, fresh);
      return fresh;
    },
  };
};
