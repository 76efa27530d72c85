// Statements whose conditions depend on what is asked for.

export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** A piece of SQL with a `?` for each value, which never is part of the text. */
export type Piece = readonly [string, ...unknown[]];

export const optional = (sql: string, value: unknown): readonly Piece[] => (value === undefined ? [] : [[sql, value]]);

/** The pieces one after the other, the places of their values numbered. */
export const statement = (...pieces: readonly Piece[]): Statement => {
  let number = 0;
  const sql = pieces.map(([text]) => text.replaceAll('?', () => `$${++number}`)).join(' ');
  return { sql, values: pieces.flatMap(([, ...values]) => values) };
};

/** All of the conditions, as one piece; true where there is none. */
export const allOf = (conditions: readonly Piece[]): Piece =>
  conditions.length === 0
    ? ['true']
    : [conditions.map(([text]) => text).join(' AND '), ...conditions.flatMap(([, ...values]) => values)];

/** A cursor or a filter comes from outside, and may hold what no text of the database can. */
export const storable = (text: string): string => text.replaceAll('\0', '');
