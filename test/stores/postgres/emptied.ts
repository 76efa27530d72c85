// Schemas that tests use one after the other. The migrations, which have tests of their own, would take most of the time.
import { onTestFinished } from 'vitest';
import { migrationsTable } from '../../../src/stores/postgres/migrations.ts';
import type { PostgresServer } from '../../support/postgres.ts';

// As new files: the planner looks at how long the old ones are, and at what is known of them.
const emptySql = (name: string): string => `DO $$
  DECLARE used text;
  BEGIN
    SELECT string_agg(oid::regclass::text, ', ') INTO used FROM pg_class
      WHERE relnamespace = '${name}'::regnamespace AND relkind = 'r' AND relname <> '${migrationsTable}'
        AND pg_relation_size(oid) > 0;
    IF used IS NOT NULL THEN EXECUTE 'TRUNCATE ' || used; END IF;
    PERFORM setval(oid, 1, false) FROM pg_class WHERE relnamespace = '${name}'::regnamespace AND relkind = 'S';
  END $$`;

/**
 * Gives a schema in which there is nothing, whose tables may be there already. It is given to a later test when the one
 * that runs has passed, by the end of which its stores are closed.
 */
export const useEmptied = <T extends { readonly name: string }>(
  server: () => PostgresServer,
  create: () => Promise<T>,
): (() => Promise<T>) => {
  const emptied: T[] = [];
  return async () => {
    const schema = emptied.pop() ?? (await create());
    onTestFinished(async ({ task }) => {
      if (task.result?.errors) return;
      await server().query(emptySql(schema.name));
      emptied.push(schema);
    });
    return schema;
  };
};
