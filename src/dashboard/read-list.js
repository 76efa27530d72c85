// Reads a list down to as many items as are shown, in as many parts as the service gives it in.

/**
 * @template T
 * @typedef {{ items: readonly T[], next: string | null }} Part `next` is the cursor of what comes after it
 */

/**
 * @template T
 * @param {(query: { limit: string, cursor?: string }) => Promise<Part<T>>} readPart may give fewer than the limit
 * @param {number} count
 * @returns {Promise<Part<T>>}
 */
export const readList = async (readPart, count) => {
  /** @type {T[]} */
  const items = [];
  /** @type {string | null} */
  let next = null;
  do {
    const limit = String(count - items.length);
    const part = await readPart(next === null ? { limit } : { limit, cursor: next });
    items.push(...part.items);
    next = part.next;
  } while (next !== null && items.length < count);
  return { items, next };
};

/** So many are shown at most: all of them are read again when something changes. */
const mostItems = 500;
const step = 100;

/**
 * How many to show after so many; null when there are enough.
 * @param {number} count
 */
export const countAfter = (count) => (count < mostItems ? Math.min(mostItems, count + step) : null);
