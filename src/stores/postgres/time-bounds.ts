// Rows are numbered in the order of arrival, and their times go the same way, but for those that were written at the same
// moment by several transactions. So a time leads to a number, and the rows around it are looked at one by one.
import type { Piece } from './statement.ts';

/** More rows than all replicas write at one moment. */
const slack = 5000;

/** The rows of `table` between two times, of which the first is within; `row` is the name that they are selected by. */
export const between = (
  table: string,
  row: string,
  column: string,
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
): readonly Piece[] => {
  const pieces: Piece[] = [];
  if (since !== undefined) {
    pieces.push(
      [`${row}.${column} >= ?`, since],
      [
        `${row}.sequence >= coalesce((SELECT sequence FROM ${table} WHERE ${column} >= ?
          ORDER BY ${column}, sequence LIMIT 1), 9223372036854775807) - ${slack}`,
        since,
      ],
    );
  }
  if (until !== undefined) {
    pieces.push(
      [`${row}.${column} < ?`, until],
      [
        `${row}.sequence <= coalesce((SELECT sequence FROM ${table} WHERE ${column} < ?
          ORDER BY ${column} DESC, sequence DESC LIMIT 1), -${slack}) + ${slack}`,
        until,
      ],
    );
  }
  return pieces;
};
