// Where somebody was in a view: how much of its lists was shown, how far down, and on which row. The entry of the browser's
// history holds it, so that going back leads to the same place.

/** @import { ViewName } from './types.ts' */

/**
 * @typedef {object} Place
 * @property {Readonly<Record<string, number>>} [counts] how many items are shown, by list
 * @property {ViewName} [from] the view from which somebody came here
 * @property {number} [y] how far down
 * @property {string | undefined} [row] the row that was opened, by its address
 */

/** @returns {Place} */
export const readPlace = () => history.state ?? {};

/** @param {Place} change */
export const notePlace = (change) => history.replaceState({ ...readPlace(), ...change }, '');

/** Notes it before the view is left. @param {Element | null} followed the link, if it was one */
export const noteLeaving = (followed) => {
  notePlace({ y: scrollY, row: (followed?.matches('[data-row]') && followed.getAttribute('href')) || undefined });
};

/** So long a list may take to be read. */
const patienceMs = 10_000;

/** Leads back to the place, as soon as the view is long enough again, and unless somebody moves meanwhile. */
export const returnToPlace = () => {
  const { y = 0, row } = readPlace();
  const main = document.getElementById('main');
  if (y === 0 && row === undefined) return;
  if (!main) return;
  const end = new AbortController();
  const { signal } = end;
  const tryIt = () => {
    if (document.documentElement.scrollHeight < y + innerHeight) return;
    scrollTo(0, y);
    const link = row === undefined ? null : document.querySelector(`[data-row][href="${CSS.escape(row)}"]`);
    if (link instanceof HTMLElement) link.focus({ preventScroll: true });
    if (row === undefined || link) end.abort();
  };
  const watch = new MutationObserver(tryIt);
  signal.addEventListener('abort', () => watch.disconnect());
  watch.observe(main, { childList: true, subtree: true });
  for (const type of ['wheel', 'pointerdown', 'keydown', 'popstate'])
    addEventListener(type, () => end.abort(), { signal });
  setTimeout(() => end.abort(), patienceMs);
  tryIt();
};
