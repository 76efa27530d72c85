// One page of a walk over rows, the same for every backend: it ends at the limit, at about so many bytes, or when too
// many rows were looked at.
export interface PageBounds {
  readonly limit: number;
  readonly maxScan: number;
  readonly maxBytes?: number | undefined;
}

export interface Page<Row, Item> {
  readonly items: readonly Item[];
  /** Behind which row the next page begins; undefined when there is nothing more. */
  readonly next: Row | undefined;
}

/**
 * @param accept gives what the page shows of a row, or undefined when the row is none of those asked for
 * @param sizeOf about how many bytes an item takes; asked only where bytes are bounded
 */
export const takePage = <Row, Item>(
  rows: Iterable<Row>,
  { limit, maxScan, maxBytes }: PageBounds,
  accept: (row: Row) => Item | undefined,
  sizeOf: (item: Item) => number = () => 0,
): Page<Row, Item> => {
  const items: Item[] = [];
  let bytes = 0;
  let scanned = 0;
  let last: Row | undefined;

  /** The first item is taken however large it is: a page that never gets further would be of no use. */
  const hasRoom = (item: Item): boolean => {
    // One more than the page holds tells that there is a next page.
    if (items.length === limit) return false;
    if (maxBytes === undefined) return true;
    bytes += sizeOf(item);
    return bytes <= maxBytes || items.length === 0;
  };

  for (const row of rows) {
    if (scanned === maxScan) return { items, next: last };
    scanned += 1;
    const item = accept(row);
    if (item !== undefined) {
      if (!hasRoom(item)) return { items, next: last };
      items.push(item);
    }
    last = row;
  }
  return { items, next: undefined };
};
