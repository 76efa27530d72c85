// An entry of an event's history as a sentence, and the fields that it changed.

/** @import { EventDetailView } from './types.ts' */
/** @typedef {EventDetailView['history'][number]} Entry */

/** @type {Readonly<Record<string, string>>} */
const sentences = {
  stored: 'Seen for the first time',
  updated: 'Changed by the vendor',
  resolved: 'Resolved',
  reopened: 'Open again',
  routing_decided: 'Routing decided',
  delivered: 'Delivered',
  delivery_failed: 'Delivery failed',
  delivery_superseded: 'Delivery cancelled',
  delivery_retried: 'Delivery queued again',
};

/**
 * @param {Entry} entry
 * @returns {string}
 */
export const historyWords = ({ change, action, destination, reason }) => {
  const what = sentences[change] ?? change.replaceAll('_', ' ');
  const where = action && destination ? `: ${action} to ${destination}` : '';
  return `${what}${where}${reason ? `. ${reason}` : ''}`;
};

/** Kept for our own decisions; the reason says it in words. */
const ownFields = ['closed_by_hand'];

/** @param {unknown} value */
const asText = (value) => (typeof value === 'string' ? value : value === null ? 'none' : JSON.stringify(value));

/**
 * @param {Entry} entry
 * @returns {readonly { name: string, before: string, after: string }[]} none where the sentence says it all
 */
export const changedFields = ({ change, fields = {} }) =>
  ['updated', 'resolved', 'reopened'].includes(change)
    ? Object.entries(fields)
        .filter(([name]) => !ownFields.includes(name))
        .map(([name, { old, new: now }]) => ({
          name: name.replaceAll('_', ' '),
          before: asText(old),
          after: asText(now),
        }))
    : [];
