// A row that is written anew must be the one that was read: its revision is compared, and the transaction fails as a
// conflict when it is another. The locks make that rare, and this makes it safe.

/** @param update of a table `table` from the rows `given`, whose first column is the first parameter */
export const updateAll = (table: string, assignments: string, given: string, matching: string): string =>
  `WITH updated AS (
    UPDATE ${table} SET ${assignments} FROM ${given}
    WHERE ${matching} AND ${table}.xmin = given.revision::xid RETURNING 1
  ) SELECT expect_rows(count(*), cardinality($1)) FROM updated`;

export const assign = (columns: readonly string[]): string =>
  columns.map((name) => `${name} = given.${name}${name === 'words' ? '::int4[]' : ''}`).join(', ');

/** A row bears the transaction of its last change that is told; see read-changes.ts. */
export const changedNow = 'pg_current_xact_id()';

export const changedIfTold = (table: string): string =>
  `changed_xid = CASE WHEN given.is_told THEN ${changedNow} ELSE ${table}.changed_xid END`;
