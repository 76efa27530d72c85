// Further parts of a list, behind a button. The first part goes on being read anew; these stay as they were.
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { ActionButton } from './action-view.js';
import { html } from './html.js';

/**
 * A list of which the first part was read anew: an item that moved into it is left out of the further parts.
 * @template T
 * @param {readonly T[]} first
 * @param {readonly T[]} further
 * @param {(item: T) => string} idOf
 * @returns {readonly T[]}
 */
export const joinParts = (first, further, idOf) => {
  const known = new Set(first.map(idOf));
  return [...first, ...further.filter((item) => !known.has(idOf(item)))];
};

/**
 * @template T
 * @param {string} key another key is another list
 * @param {(cursor: string) => Promise<{ items: readonly T[], next: string | null }>} load
 */
export const useMore = (key, load) =>
  useMemo(() => {
    /** @type {import('@preact/signals').Signal<readonly T[]>} */
    const items = signal([]);
    /** Undefined until something was loaded. @type {import('@preact/signals').Signal<string | null | undefined>} */
    const next = signal();
    /** @param {{ first: string | null, label: string }} props */
    const Button = ({ first, label }) => {
      const cursor = next.value === undefined ? first : next.value;
      if (cursor === null) return null;
      const work = async () => {
        const part = await load(cursor);
        items.value = [...items.value, ...part.items];
        next.value = part.next;
        return '';
      };
      return html`<p><${ActionButton} work=${work}>${label}</${ActionButton}></p>`;
    };
    return { items, Button };
  }, [key]);
