// What is open: the list as Now shows it, and what it comes to in one line.
import { plural } from './plural.js';
import { severities } from './severity.js';
import { duration } from './time.js';

/** @import { AlertView, LiveMessage } from './types.ts' */

/** The most serious first, and of those what has been open for longest. @param {AlertView} a @param {AlertView} b */
const byUrgency = (a, b) =>
  severities[a.severity].rank - severities[b.severity].rank ||
  a.opened_at.localeCompare(b.opened_at) ||
  a.alert_id.localeCompare(b.alert_id);

/** @param {Iterable<AlertView>} alerts @returns {readonly AlertView[]} */
export const sortOpen = (alerts) => [...alerts].sort(byUrgency);

/** @param {unknown} data @returns {data is AlertView} the server's own messages have its own shape */
const isAlert = (data) => typeof data === 'object' && data !== null && 'alert_id' in data;

/**
 * What is open after some messages of the live stream: each tells an alert as it is now.
 * @param {ReadonlyMap<string, AlertView>} open
 * @param {readonly LiveMessage[]} messages
 * @returns {ReadonlyMap<string, AlertView>} the same one when nothing changed
 */
export const withMessages = (open, messages) => {
  const alerts = messages.flatMap(({ name, data }) => (name === 'alert' && isAlert(data) ? [data] : []));
  if (alerts.length === 0) return open;
  const next = new Map(open);
  for (const alert of alerts) {
    if (alert.state === 'open') next.set(alert.alert_id, alert);
    else next.delete(alert.alert_id);
  }
  return next;
};

const manyEvents = 10;

/**
 * What is open, in a few words for somebody three metres away.
 * @param {readonly AlertView[]} alerts as `sortOpen` gives them
 * @param {number} nowMs
 * @returns {{ level: 'critical' | 'warning' | 'well', words: string, detail: string, storm?: AlertView }} `storm` is an alert that
 *   stands for many events, among several alerts
 */
export const verdictOf = (alerts, nowMs) => {
  const critical = alerts.filter(({ severity }) => severity === 'critical').length;
  const others = alerts.length - critical;
  const first = alerts[0];
  if (!first) return { level: 'well', words: 'All is well', detail: 'No alert is open.' };
  const words = [
    ...(critical > 0 ? [`${critical} critical`] : []),
    ...(others > 0 ? [plural(others, 'warning')] : []),
  ].join(', ');
  const since = duration(nowMs - Date.parse(first.opened_at));
  const kind = critical > 0 ? 'critical alert' : 'alert';
  const age = alerts.length === 1 ? `Open for ${since}.` : `The oldest ${kind} has been open for ${since}.`;
  // Of a storm it is the number of its events that tells how large it is.
  const events = alerts.reduce((sum, { event_count: count }) => sum + count, 0);
  const detail = events >= alerts.length + manyEvents ? `${age} ${events} events in all.` : age;
  const largest = alerts.reduce((one, other) => (other.event_count > one.event_count ? other : one));
  const isStorm = alerts.length > 1 && largest.event_count >= manyEvents;
  return { level: critical > 0 ? 'critical' : 'warning', words, detail, ...(isStorm && { storm: largest }) };
};

/**
 * The title of the tab: what is open, as far as it is known, and which view it is.
 * @param {readonly AlertView[]} alerts @param {string} name of the view @param {boolean} isUnknown
 */
export const titleOf = (alerts, name, isUnknown) => {
  const critical = alerts.filter(({ severity }) => severity === 'critical').length;
  const count = critical > 0 ? `(${critical} critical) ` : alerts.length > 0 ? `(${alerts.length} open) ` : '';
  return `${isUnknown ? '? ' : count}${name} · vendor-signals`;
};
