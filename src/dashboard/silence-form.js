// A silence as its form has it: conditions made from an alert, and the body of the request.

/** @import { AlertEventView } from './types.ts' */

/** The ends that the form offers; `resolved` binds it to the alerts that are open now. */
export const ends = /** @type {const} */ ([
  ['resolved', 'until these alerts are resolved'],
  ['30m', 'for 30 minutes'],
  ['2h', 'for 2 hours'],
  ['8h', 'for 8 hours'],
  ['24h', 'for a day'],
  ['3d', 'for 3 days'],
  ['7d', 'for 7 days'],
]);

/** A text as a condition takes it literally. @param {string} text */
const literal = (text) => text.replaceAll(/[*\\]|^[!/]/g, (sign) => `\\${sign}`);

/** The rule of a share of failed payments, as the beginning of a summary. @param {string} title */
const rateSummary = (title) => {
  const [, rule] = /^(.+): \d+% of /.exec(title) ?? [];
  return rule === undefined ? undefined : `${literal(rule)}: *`;
};

/** So many values of one fact are offered: more could not be read. */
const mostValues = 12;

/**
 * The values of the events as one condition; undefined where an event has none, or where there are too many.
 * @param {readonly AlertEventView[]} events
 * @param {(event: AlertEventView) => string | undefined} read
 * @returns {string | readonly string[] | undefined}
 */
const oneOf = (events, read) => {
  const values = [...new Set(events.map(read))].filter((value) => value !== undefined);
  if (values.length > mostValues || !events.every((event) => read(event) !== undefined)) return undefined;
  return values.length === 1 ? values[0] : values;
};

/** @param {Readonly<Record<string, string | readonly string[] | undefined>>} conditions */
const withoutAbsent = (conditions) =>
  Object.fromEntries(Object.entries(conditions).flatMap(([name, value]) => (value ? [[name, value]] : [])));

/** @param {keyof import('./types.ts').Facts} name @returns {(event: AlertEventView) => string | undefined} */
const fact =
  (name) =>
  ({ facts }) => {
    const value = facts?.[name];
    return typeof value === 'string' ? literal(value) : undefined;
  };

/** An incident by its name, a component in any state, a share of any size. @param {AlertEventView} event */
const summaryOf = ({ item, title, facts }) => {
  if (item === 'rate') return rateSummary(title);
  return facts?.component === undefined ? literal(title) : `${literal(facts.component)}: *`;
};

/**
 * The narrowest conditions that still name all that goes on in an alert: its Stripe objects, its components in their groups,
 * its incident with the components, its rule. Where that would be too many, what they have in common.
 * @param {readonly AlertEventView[]} events
 * @returns {Readonly<Record<string, string | readonly string[]>>}
 */
export const conditionsOf = (events) => {
  const known = events.filter(({ facts, item }) => facts !== null || item === 'rate');
  const open = known.filter(({ state }) => state === 'open');
  const concerned = open.length > 0 ? open : known;
  if (concerned.length === 0) return {};
  const rates = concerned.filter(({ item }) => item === 'rate');
  if (rates.length === concerned.length)
    return withoutAbsent({
      source: 'stripe',
      kind: 'status',
      summary: oneOf(rates, summaryOf),
      currency: oneOf(rates, fact('currency')),
      account: oneOf(rates, fact('account')),
    });
  const [page] = concerned.flatMap((event) => fact('page')(event) ?? []);
  // A share joins the alert of its vendor.
  if (rates.length > 0) {
    const summary = oneOf(concerned, summaryOf);
    return withoutAbsent(summary === undefined ? { page } : { summary });
  }
  if (page === undefined) {
    const object = oneOf(concerned, fact('object_id'));
    if (object !== undefined) return { object_id: object };
    return withoutAbsent({ type: oneOf(concerned, fact('type')), account: oneOf(concerned, fact('account')) });
  }
  if (concerned.every(({ item }) => item === 'page')) return { page, item: 'page' };
  if (concerned.some(({ facts }) => facts?.component === undefined))
    return withoutAbsent({ page, summary: oneOf(concerned, summaryOf) });
  return withoutAbsent({
    page,
    group: oneOf(concerned, fact('group')),
    component: oneOf(concerned, fact('component')),
  });
};

/** @typedef {{ name: string, value: string }} Row */

/**
 * The conditions of an address: its parameters that are facts or fields of an event.
 * @param {import('./types.ts').Route['pairs']} pairs
 * @param {readonly string[]} names
 * @returns {readonly Row[]} at least one row
 */
export const rowsOf = (pairs, names) => {
  const rows = pairs.flatMap(([name, value]) => (names.includes(name) ? [{ name, value }] : []));
  return rows.length > 0 ? rows : [{ name: 'page', value: '' }];
};

/** Several values of one fact are "one of". @param {readonly Row[]} rows @returns {Readonly<Record<string, string | readonly string[]>>} */
export const whenOf = (rows) => {
  /** @type {Map<string, string[]>} */
  const values = new Map();
  for (const { name, value } of rows)
    if (value.trim() !== '') values.set(name, [...(values.get(name) ?? []), value.trim()]);
  return Object.fromEntries(
    [...values].map(([name, [first = '', ...more]]) => [name, more.length === 0 ? first : [first, ...more]]),
  );
};

/**
 * @param {readonly Row[]} rows
 * @param {{ until: string, by: string, because: string }} fields
 */
export const silenceBody = (rows, { until, by, because }) => ({
  when: whenOf(rows),
  until,
  because: because.trim(),
  ...(by.trim() === '' ? {} : { by: by.trim() }),
});

/** A condition as one line: `page = braze, component = REST API`. @param {Readonly<Record<string, unknown>>} when */
export const whenWords = (when) =>
  Object.entries(when)
    .map(([name, value]) => `${name} = ${Array.isArray(value) ? value.join(' or ') : String(value)}`)
    .join(', ');

const order = { active: 0, planned: 1, expired: 2 };

/**
 * Those that hold first.
 * @template {{ state: 'active' | 'planned' | 'expired', until: string, from: string }} Silence
 * @param {readonly Silence[]} silences
 * @returns {readonly Silence[]}
 */
export const sortSilences = (silences) =>
  [...silences].sort((a, b) => order[a.state] - order[b.state] || b.from.localeCompare(a.from));
