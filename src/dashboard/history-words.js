// An entry of an event's history as one sentence.

/** @import { HistoryEntryView } from './types.ts' */

/** @type {Readonly<Record<HistoryEntryView['change'], (entry: HistoryEntryView) => string>>} */
const words = {
  stored: () => 'Seen for the first time',
  updated: () => 'Changed',
  resolved: () => 'Ended',
  reopened: () => 'Opened again',
  routing_decided: () => 'Decided',
  delivered: ({ action, destination }) => `${destination ?? 'A destination'} accepted the ${action ?? 'delivery'}`,
  delivery_failed: ({ action, destination }) =>
    `Gave up the ${action ?? 'delivery'} to ${destination ?? 'a destination'}`,
  delivery_superseded: ({ action, destination }) =>
    `Cancelled the ${action ?? 'delivery'} to ${destination ?? 'a destination'}: nobody needs it`,
  delivery_retried: ({ action, destination }) =>
    `Retried the ${action ?? 'delivery'} to ${destination ?? 'a destination'}`,
  opened: () => 'Opened an alert',
  joined: () => 'Joined an alert',
  eased: () => 'Its alert was resolved, because it became less serious',
};

/** A field's value; what was not there is null. @param {unknown} value */
const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

/** What changed, a text for each field. @param {HistoryEntryView['fields']} fields @param {ReadonlySet<string>} [without] */
export const fieldWords = (fields = {}, without = new Set()) =>
  Object.entries(fields)
    .filter(([name]) => !without.has(name))
    .map(([name, { old, new: after }]) => `${name}: ${asText(old)} → ${asText(after)}`);

/** Fields whose change stands in the entry's own words. */
const silent = new Set(['status']);

/** @param {HistoryEntryView} entry */
export const entryWords = (entry) => {
  const reason = entry.reason === undefined ? [] : [entry.reason.replace(/\.$/, '')];
  const rest = [...reason, ...fieldWords(entry.fields, silent)].join('; ');
  return `${words[entry.change](entry)}${rest === '' ? '' : `: ${rest}`}.`;
};
