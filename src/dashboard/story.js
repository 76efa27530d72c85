// The story of an alert on one time line: what its vendor said, what was decided, what was sent and how that went.

import { fieldWords } from './history-words.js';

/** @import { AlertDetailView, Tone } from './types.ts' */
/** @typedef {{ at: string, what: 'vendor' | 'decision' | 'attempt' | 'open' | 'end', text: string, detail: string | null, tone: Tone }} Step */

/** @type {Readonly<Record<string, Tone>>} */
const toneOfChange = {
  delivered: 'good',
  delivery_failed: 'bad',
  delivery_superseded: 'none',
  delivery_retried: 'waiting',
  joined: 'none',
};

/** @type {Readonly<Record<string, Step['what']>>} */
const whatOfChange = { opened: 'open', reopened: 'open', resolved: 'end', eased: 'end' };

/** @param {AlertDetailView['history'][number]} entry @returns {Step} */
const ofEntry = ({ at, change, text, fields }) => ({
  at,
  what: whatOfChange[change] ?? 'decision',
  text,
  detail: change.startsWith('deliver') || fields === undefined ? null : fieldWords(fields).join(', '),
  tone: toneOfChange[change] ?? 'none',
});

/** @type {Readonly<Record<string, string>>} */
const outcomes = {
  transient: 'not accepted',
  throttled: 'too many requests',
  unknown: 'no clear answer',
  permanent: 'refused for good',
};

/** @param {AlertDetailView['deliveries'][number]} delivery @returns {readonly Step[]} */
const ofDelivery = ({ action, destination, reason, attempt_log: attempts }) =>
  attempts.map(({ started_at: at, number, outcome, status_code: code, duration_ms: ms, error }) => ({
    at,
    what: 'attempt',
    text: `Sent the ${action} to ${destination}${reason === 'fallback' ? ', the fallback' : ''}${number > 1 ? `, attempt ${number}` : ''}: ${outcomes[outcome] ?? outcome}${code === null ? '' : ` (${code})`}, ${ms} ms.`,
    detail: error,
    tone: outcome === 'delivered' ? 'good' : outcome === 'unknown' ? 'waiting' : 'bad',
  }));

/** How an event began. @type {Partial<Record<AlertDetailView['events'][number]['item'], string>>} */
const beginnings = { payment: 'At the vendor', rate: 'Too many payments failed' };

/** @param {AlertDetailView['events'][number]} event @returns {readonly Step[]} */
const ofEvent = ({ title, started_at: began, item }) => [
  {
    at: began,
    what: 'vendor',
    text: `${beginnings[item] ?? 'Began at the vendor'}: "${title}".`,
    detail: null,
    tone: 'none',
  },
];

/** Steps of one moment in the order in which they follow from each other. @type {readonly Step['what'][]} */
const order = ['vendor', 'open', 'decision', 'attempt', 'end'];

/**
 * @param {Pick<AlertDetailView, 'history' | 'deliveries' | 'events'>} alert
 * @returns {readonly Step[]} oldest first
 */
export const storyOf = ({ history, deliveries, events }) => {
  const attempts = deliveries.flatMap(ofDelivery);
  // The attempt that was accepted says the same, and more.
  const said = attempts.length === 0 ? history : history.filter(({ change }) => change !== 'delivered');
  return [...events.flatMap(ofEvent), ...said.map(ofEntry), ...attempts].sort(
    (a, b) => a.at.localeCompare(b.at) || order.indexOf(a.what) - order.indexOf(b.what),
  );
};
