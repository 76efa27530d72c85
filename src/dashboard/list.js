// A list that is read again as it changes, and a button for more of it.
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { ActionButton } from './action-view.js';
import { html } from './html.js';
import { notePlace, readPlace } from './place.js';
import { countAfter, readList } from './read-list.js';
import { useResource } from './resource.js';

/** @import { LiveMessage } from './types.ts' */

const firstCount = 50;

/**
 * @template T
 * @param {(query: { limit: string, cursor?: string }) => Promise<import('./read-list.js').Part<T>>} readPart
 * @param {string} key another key is another list
 * @param {(message: LiveMessage) => boolean} concerns after which it is read again
 */
export const useList = (readPart, key, concerns) => {
  const count = useMemo(() => signal(readPlace().counts?.[key] ?? firstCount), [key]);
  const { data, error, refresh } = useResource(() => readList(readPart, count.value), key, concerns);
  const More = useMemo(
    () =>
      /** @param {{ of: string }} props */
      ({ of }) => {
        if (!data.value || data.value.next === null) return null;
        const after = countAfter(count.value);
        if (after === null) return html`<p class="calm">The newest ${data.value.items.length} ${of} are listed.</p>`;
        const work = async () => {
          count.value = after;
          notePlace({ counts: { ...readPlace().counts, [key]: after } });
          await refresh();
          return '';
        };
        return html`<p><${ActionButton} work=${work}>Show older ${of}</${ActionButton}></p>`;
      },
    [data],
  );
  return { data, error, refresh, More };
};
