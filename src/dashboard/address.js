// The page's address: it holds the filters and what is looked at, so that it can be shared and the back button works.

/** @import { View } from './types.ts' */

/** The filters of `GET /events`, by the same names. */
export const filterNames = /** @type {const} */ ([
  'severity',
  'state',
  'source',
  'kind',
  'routed',
  'service',
  'since',
  'until',
]);

/**
 * @param {string} search what stands behind the path, with its question mark
 * @returns {View}
 */
export const readAddress = (search) => {
  const given = new URLSearchParams(search);
  const filters = filterNames.flatMap((name) => {
    const value = given.get(name)?.trim();
    return value ? [[name, value]] : [];
  });
  return {
    filters: Object.fromEntries(filters),
    event: given.get('event') || null,
    range: given.get('range') === '7d' ? '7d' : '24h',
  };
};

/**
 * @param {View} view
 * @returns {string} the address, relative to the dashboard's own, which may lie under a path of a proxy
 */
export const writeAddress = ({ filters, event, range }) => {
  const query = new URLSearchParams();
  for (const name of filterNames) {
    const value = filters[name];
    if (value) query.set(name, value);
  }
  if (range === '7d') query.set('range', range);
  if (event !== null) query.set('event', event);
  const text = query.toString();
  return text === '' ? './' : `./?${text}`;
};
