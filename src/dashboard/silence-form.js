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

/** A text as a condition takes it literally: `*` and a leading `!` or `/` mean something else there. @param {string} text */
const literal = (text) => (/^[!/]/.test(text) ? `*${text.slice(1)}` : text);

/** A share of failed payments: those of the same rule. @param {AlertEventView} event */
const conditionsOfRate = ({ title, facts }) => {
  const [, rule] = /^(.+): \d+% of /.exec(title) ?? [];
  const { currency, account } = facts ?? {};
  return {
    source: 'stripe',
    kind: 'status',
    ...(rule !== undefined && { summary: literal(`${rule}: *`) }),
    ...(currency !== undefined && { currency }),
    ...(account !== undefined && { account }),
  };
};

/**
 * The conditions that name what an alert is about: its Stripe object, its component, its group, its status page, or its rule.
 * @param {readonly AlertEventView[]} events
 * @returns {Readonly<Record<string, string>>}
 */
export const conditionsOf = (events) => {
  const [rate] = events;
  if (rate?.item === 'rate') return conditionsOfRate(rate);
  const facts = events.find((event) => event.state === 'open' && event.facts !== null)?.facts ?? events[0]?.facts;
  if (!facts) return {};
  if (facts.object_id !== undefined) return { object_id: literal(facts.object_id) };
  if (facts.page === undefined) return facts.type === undefined ? {} : { type: literal(facts.type) };
  const { group } = facts;
  if (events.length > 1 && group !== undefined && events.every((event) => event.facts?.group === group))
    return { page: facts.page, group: literal(group) };
  if (events.length > 1 || facts.component === undefined) return { page: facts.page };
  return { page: facts.page, component: literal(facts.component) };
};

/**
 * The conditions of an address: its parameters that are facts or fields of an event.
 * @param {Readonly<Record<string, string>>} query
 * @param {readonly string[]} names
 * @returns {readonly { name: string, value: string }[]} at least one row
 */
export const rowsOf = (query, names) => {
  const rows = names.flatMap((name) => {
    const value = query[name];
    return value === undefined ? [] : [{ name, value }];
  });
  return rows.length > 0 ? rows : [{ name: 'page', value: '' }];
};

/**
 * @param {readonly { name: string, value: string }[]} rows
 * @param {{ until: string, by: string, because: string }} fields
 */
export const silenceBody = (rows, { until, by, because }) => ({
  when: Object.fromEntries(
    rows.filter(({ value }) => value.trim() !== '').map(({ name, value }) => [name, value.trim()]),
  ),
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
