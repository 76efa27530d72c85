// Any number of rows as the parameters of one statement: an array for each column, which the server puts side by side.
import { arrayParameter, type ElementType } from './array-parameter.ts';

/** Of a column, as SQL names it. A list of numbers goes as its text. */
type ColumnType = ElementType | 'int4[]';

const elementOf = (type: ColumnType): ElementType => (type === 'int4[]' ? 'text' : type);

export interface Relation<Column extends string> {
  /** The columns' names, as a statement lists them. */
  readonly names: string;
  /** The columns as a select list, from `given`. */
  readonly selected: string;
  /** The rows as a table called `given`, to be selected from. */
  readonly given: string;
  readonly values: (rows: readonly Readonly<Record<Column, unknown>>[]) => readonly unknown[];
}

export const defineRelation = <const Column extends string>(
  columns: readonly (readonly [Column, ColumnType])[],
): Relation<Column> => {
  const names = columns.map(([name]) => name).join(', ');
  const arrays = columns.map(([, type], index) => `$${index + 1}::${elementOf(type)}[]`);
  return {
    names,
    selected: columns.map(([name, type]) => `given.${name}${type === 'int4[]' ? `::${type}` : ''}`).join(', '),
    given: `unnest(${arrays.join(', ')}) AS given (${names})`,
    values: (rows) =>
      columns.map(([name, type]) =>
        arrayParameter(
          elementOf(type),
          rows.map((row) => row[name]),
        ),
      ),
  };
};

/** Texts of this length are written within a second or two, and a statement may take a few. */
const maxChunkChars = 4_000_000;

/** A row whose texts may be long. */
export interface LongRow {
  readonly body?: string;
  readonly raw?: string | null;
  readonly history?: string;
  readonly attempts?: string;
}

const lengthOf = ({ body = '', raw, history = '', attempts = '' }: LongRow): number =>
  body.length + (raw ?? '').length + history.length + attempts.length;

/** The rows in order, in groups that one statement can write in time however long their texts are. */
export const inChunks = <Row extends LongRow>(rows: readonly Row[]): readonly (readonly Row[])[] => {
  const chunks: Row[][] = [];
  let room = 0;
  for (const row of rows) {
    const length = lengthOf(row);
    const last = chunks.at(-1);
    if (last && length <= room) last.push(row);
    else chunks.push([row]);
    room = (last && length <= room ? room : maxChunkChars) - length;
  }
  return chunks;
};
