// Any number of rows as the parameters of one statement: an array for each column, which the server puts side by side.

export interface Relation<Column extends string> {
  /** The columns' names, as a statement lists them. */
  readonly names: string;
  /** The rows as a table called `given`, to be selected from. */
  readonly given: string;
  readonly values: (rows: readonly Readonly<Record<Column, unknown>>[]) => readonly unknown[];
}

/** @param columns each with its type in SQL */
export const defineRelation = <const Column extends string>(
  columns: readonly (readonly [Column, string])[],
): Relation<Column> => {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, type], index) => `$${index + 1}::${type}[]`);
  return {
    names,
    given: `unnest(${arrays.join(', ')}) AS given (${names})`,
    values: (rows) => columns.map(([name]) => rows.map((row) => row[name])),
  };
};
