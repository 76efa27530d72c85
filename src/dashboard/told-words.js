// Who was told of an alert and whether that worked, in a few words for each destination.
import { plural } from './plural.js';

/** @import { AlertView, DeliveryRow, DestinationView, Tone } from './types.ts' */
/** @typedef {{ text: string, tone: Tone, destination: string | null }} Told */

/** @param {number} count */
const tries = (count) => (count === 0 ? '' : `, ${plural(count, 'try', 'tries')}`);

/** @type {Readonly<Record<DeliveryRow['status'], (name: string, row: DeliveryRow) => Omit<Told, 'destination'>>>} */
const ofTrigger = {
  delivered: (name) => ({ text: `${name} told`, tone: 'good' }),
  pending: (name, { attempts }) => ({ text: `${name} not told yet${tries(attempts)}`, tone: 'waiting' }),
  failed: (name) => ({ text: `${name} failed`, tone: 'bad' }),
  superseded: (name) => ({ text: `${name} cancelled`, tone: 'none' }),
};

/** @param {string} name @param {readonly DeliveryRow[]} rows of one destination @param {boolean} reachesPeople */
const ofDestination = (name, rows, reachesPeople) => {
  const failed = rows.find(({ action, status }) => action !== 'trigger' && status === 'failed');
  const trigger = rows.find(({ action }) => action === 'trigger');
  const shown = reachesPeople ? name : `${name} (nobody)`;
  if (failed && trigger?.status === 'delivered')
    return { text: `${shown}: ${failed.action} failed`, tone: /** @type {Tone} */ ('bad') };
  const row = trigger ?? rows[0];
  if (!row) return { text: `${shown} not told`, tone: /** @type {Tone} */ ('none') };
  const told = ofTrigger[row.status](shown, row);
  // A mock that was told is no person that was told.
  return !reachesPeople && told.tone === 'good' ? { ...told, tone: /** @type {Tone} */ ('none') } : told;
};

/**
 * @param {Pick<AlertView, 'deliveries' | 'wake_at' | 'state'>} alert
 * @param {readonly Pick<DestinationView, 'name' | 'reaches_people'>[]} destinations
 * @returns {readonly Told[]} never empty
 */
export const toldOf = ({ deliveries, wake_at: wake, state }, destinations) => {
  if (deliveries.length === 0) {
    return wake === null || state === 'resolved'
      ? [{ text: 'Nobody told, by the rules', tone: 'none', destination: null }]
      : [{ text: `Nobody told yet: ${wake.because}`, tone: 'waiting', destination: null }];
  }
  return [...new Set(deliveries.map(({ destination }) => destination))].map((name) => {
    const reachesPeople = destinations.find((each) => each.name === name)?.reaches_people ?? true;
    const rows = deliveries.filter(({ destination }) => destination === name);
    return { ...ofDestination(name, rows, reachesPeople), destination: name };
  });
};

/** How it may stand with an alert, in the order of the summary. */
const standings = /** @type {const} */ (['told', 'told in part', 'failed', 'waiting', 'told to nobody']);

/** @param {readonly Tone[]} tones of one alert @returns {(typeof standings)[number]} */
const standingOf = (tones) => {
  const isComplete = !tones.includes('bad') && !tones.includes('waiting');
  if (tones.includes('good')) return isComplete ? 'told' : 'told in part';
  if (tones.includes('bad')) return 'failed';
  return tones.includes('waiting') ? 'waiting' : 'told to nobody';
};

/**
 * How it stands with all open alerts, as `6 told, 2 told in part`.
 * @param {readonly Pick<AlertView, 'deliveries' | 'wake_at' | 'state'>[]} alerts
 * @param {readonly Pick<DestinationView, 'name' | 'reaches_people'>[]} destinations
 */
export const toldInAll = (alerts, destinations) => {
  const found = alerts.map((alert) => standingOf(toldOf(alert, destinations).map(({ tone }) => tone)));
  return standings
    .map((standing) => ({ standing, count: found.filter((each) => each === standing).length }))
    .filter(({ count }) => count > 0)
    .map(({ standing, count }) => `${count} ${standing}`)
    .join(', ');
};
