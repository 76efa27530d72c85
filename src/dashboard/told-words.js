// Who was told of an alert and whether that worked, in a few words for each destination.
import { plural } from './plural.js';

/** @import { AlertView, DeliveryRow, DestinationView, Tone } from './types.ts' */
/** @typedef {{ text: string, tone: Tone, destination: string | null, wake?: AlertView['wake_at'] }} Told `wake`: when and why that may change */

/** @param {number} count */
const tries = (count) => (count === 0 ? '' : `, ${plural(count, 'try', 'tries')}`);

/** @type {Readonly<Record<DeliveryRow['status'], (name: string, row: DeliveryRow) => Pick<Told, 'text' | 'tone'>>>} */
const ofTrigger = {
  delivered: (name) => ({ text: `${name} told`, tone: 'good' }),
  pending: (name, { attempts }) => ({ text: `${name} not told yet${tries(attempts)}`, tone: 'waiting' }),
  failed: (name) => ({ text: `${name} failed`, tone: 'bad' }),
  superseded: (name) => ({ text: `${name} cancelled`, tone: 'none' }),
};

/** @param {string} name @param {readonly DeliveryRow[]} rows of one destination, oldest first @param {boolean} reachesPeople */
const ofDestination = (name, rows, reachesPeople) => {
  const newest = (/** @type {DeliveryRow['action']} */ wanted) => rows.findLast(({ action }) => action === wanted);
  const failed = [newest('update'), newest('resolve')].find((row) => row?.status === 'failed');
  const trigger = newest('trigger');
  const shown = reachesPeople ? name : `${name} (nobody)`;
  if (failed && trigger?.status === 'delivered')
    return { text: `${shown}: ${failed.action} failed`, tone: /** @type {Tone} */ ('bad') };
  const row = trigger ?? rows.at(-1);
  if (!row) return { text: `${shown} not told`, tone: /** @type {Tone} */ ('none') };
  const told = ofTrigger[row.status](shown, row);
  // A mock that was told is no person that was told.
  return !reachesPeople && told.tone === 'good' ? { ...told, tone: /** @type {Tone} */ ('none') } : told;
};

/** Of an alert that was opened again, an earlier time is all that a destination was told of. @param {readonly DeliveryRow[]} rows of one destination */
const knowsEarlierTime = (rows) => rows.every(({ earlier }) => earlier);

/** @type {Readonly<Record<AlertView['state'], string>>} */
const untoldOf = { open: 'told that it is open again', resolved: 'told of the last time' };

/**
 * @param {Pick<AlertView, 'deliveries' | 'wake_at' | 'state'>} alert
 * @param {readonly Pick<DestinationView, 'name' | 'reaches_people'>[]} destinations
 * @returns {readonly Told[]} never empty
 */
export const toldOf = ({ deliveries, wake_at: wake, state }, destinations) => {
  if (deliveries.length === 0) {
    return wake === null || state === 'resolved'
      ? [{ text: 'Nobody told, by the rules', tone: 'none', destination: null }]
      : [{ text: 'Nobody told yet', tone: 'waiting', destination: null, wake }];
  }
  const byName = Map.groupBy(deliveries, ({ destination }) => destination);
  // A silence, or other rules, may keep from people that the outage has come back.
  if ([...byName.values()].every(knowsEarlierTime)) {
    const isWaiting = state === 'open' && wake !== null;
    return [{ text: `Nobody ${untoldOf[state]}`, tone: isWaiting ? 'waiting' : 'none', destination: null, wake }];
  }
  return [...byName].map(([name, rows]) => {
    const reachesPeople = destinations.find((each) => each.name === name)?.reaches_people;
    // Before the list of destinations has been read, each is taken for one that reaches people.
    const isGone = reachesPeople === undefined && destinations.length > 0;
    const shown = isGone ? `${name} (not configured now)` : name;
    // The rules may tell others than the first time.
    if (knowsEarlierTime(rows)) return { text: `${shown} not ${untoldOf[state]}`, tone: 'none', destination: name };
    const present = rows.filter(({ earlier }) => !earlier);
    return { ...ofDestination(shown, present, reachesPeople ?? true), destination: name };
  });
};

/** How a destination stands with an alert that it should know. @type {Readonly<Record<'bad' | 'waiting', (name: string, count: number) => string>>} */
const lacks = {
  bad: (name, count) => `${name} failed for ${count}`,
  waiting: (name, count) => `${name} not told yet of ${count}`,
};

/** @param {readonly Told[]} told @param {'bad' | 'waiting'} tone @returns {readonly string[]} */
const lackWords = (told, tone) => {
  const names = told.flatMap((each) => (each.tone === tone && each.destination !== null ? [each.destination] : []));
  return [...new Set(names)].map((name) => lacks[tone](name, names.filter((each) => each === name).length));
};

/** @param {readonly Told[]} told of one alert @returns {'told' | 'waiting' | 'told to nobody' | null} null: a destination lacks it */
const standingOf = (told) => {
  const tones = told.map(({ tone }) => tone);
  if (tones.includes('bad') || told.some(({ tone, destination }) => tone === 'waiting' && destination !== null))
    return null;
  if (tones.includes('good')) return 'told';
  return tones.includes('waiting') ? 'waiting' : 'told to nobody';
};

/**
 * How it stands with all open alerts, what is wrong first: `oncall not told yet of 2, 6 told`.
 * @param {readonly Pick<AlertView, 'deliveries' | 'wake_at' | 'state'>[]} alerts
 * @param {readonly Pick<DestinationView, 'name' | 'reaches_people'>[]} destinations
 */
export const toldInAll = (alerts, destinations) => {
  const told = alerts.map((alert) => toldOf(alert, destinations));
  const found = told.map(standingOf);
  const counts = /** @type {const} */ (['waiting', 'told', 'told to nobody']).flatMap((standing) => {
    const count = found.filter((each) => each === standing).length;
    return count === 0 ? [] : [`${count} ${standing}`];
  });
  const all = told.flat();
  return [...lackWords(all, 'bad'), ...lackWords(all, 'waiting'), ...counts].join(', ');
};
