import type { Io } from './io.ts';
import { renderTable } from './text.ts';

/** By the header of each column, in order. */
export type Columns<T> = Readonly<Record<string, (item: T) => string>>;

interface ListOptions<T> {
  readonly columns: Columns<T>;
  /** What is said when the list is empty. */
  readonly none: string;
  /** Whether the service has more than these. */
  readonly hasMore?: boolean;
}

/** Prints the items as a table; what is said beside it goes to stderr. */
export const printList = <T>(items: readonly T[], { columns, none, hasMore = false }: ListOptions<T>, io: Io): void => {
  const rows = items.map((item) => Object.values(columns).map((cellOf) => cellOf(item)));
  if (rows.length > 0) io.print(renderTable(Object.keys(columns), rows, io));
  else io.complain(none);
  if (hasMore) io.complain(`There are more than these ${rows.length}: see --limit.`);
};
