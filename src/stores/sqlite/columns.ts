// What a column holds, checked where it is read: node:sqlite only knows that it is some value.
import type { SQLOutputValue } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;

/** @throws {TypeError} when the column holds no text */
export const text = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new TypeError(`the column ${column} holds no text`);
};

export const textOrNull = (row: Row, column: string): string | null =>
  row[column] === null ? null : text(row, column);

/** @throws {TypeError} when there is no row, or the column holds no integer that a number can hold */
export const integer = (row: Row | undefined, column: string): number => {
  const value = row?.[column];
  if (typeof value === 'number') return value;
  throw new TypeError(`the column ${column} holds no integer`);
};
