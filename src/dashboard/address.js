// The dashboard's addresses. All views live under one path, and the query says which one: so every address in it is
// relative, and works under any path of a proxy.

/** @import { Route, ViewName } from './types.ts' */

/** The views that the address names by `view`. */
const named = /** @type {const} */ (['vendors', 'events', 'deliveries', 'silences', 'rules']);
/** The views of one thing, which the address names by what they show. */
const single = /** @type {const} */ (['alert', 'event', 'vendor']);

/** @param {string | null} name @returns {ViewName | undefined} */
const viewOf = (name) => named.find((view) => view === name);

/** @param {URLSearchParams} given @returns {Route['pairs']} */
const rest = (given) =>
  [...given].flatMap(([name, value]) => (name !== 'view' && value.trim() !== '' ? [[name, value.trim()]] : []));

/**
 * @param {string} search what stands behind the path, with its question mark
 * @returns {Route}
 */
export const readAddress = (search) => {
  const given = new URLSearchParams(search);
  for (const view of single) {
    const id = given.get(view);
    if (id) return { view, id, query: {}, pairs: [] };
  }
  const pairs = rest(given);
  const query = Object.fromEntries(pairs);
  // A link of the first dashboard had the filters of the list of events, and no view.
  const view = viewOf(given.get('view')) ?? (Object.keys(query).length > 0 ? 'events' : 'now');
  return { view, id: null, query, pairs };
};

/**
 * @param {ViewName} view
 * @param {{ id?: string | null, query?: Readonly<Record<string, string | readonly string[] | null | undefined>> }} [of]
 * @returns {string} relative to the dashboard's own address
 */
export const addressOf = (view, { id = null, query = {} } = {}) => {
  const search = new URLSearchParams();
  if (id !== null) search.set(view, id);
  else if (view !== 'now') search.set('view', view);
  for (const [name, values] of Object.entries(query))
    for (const value of [values ?? []].flat()) if (value) search.append(name, value);
  const text = search.toString();
  return text === '' ? './' : `./?${text}`;
};
