// How a source does, from what is known of its page and of its events.
import { ago } from './time.js';

/** @import { PageView } from './types.ts' */
/** @typedef {{ source: string, state: 'good' | 'stale' | 'failing' | 'blind' | 'unknown' | 'skipped', label: string, detail: string }} Health */

/** @type {Readonly<Record<Health['state'], string>>} */
export const signs = { good: '✓', stale: '◔', failing: '!', blind: '✕', unknown: '?', skipped: '–' };

/** @type {Readonly<Record<PageView['condition'], string>>} */
const labels = {
  good: 'read',
  stale: 'old copies',
  failing: 'failing',
  blind: 'blind: cannot be read',
  unknown: 'not read yet',
};

/**
 * @param {PageView} page
 * @param {number} nowMs
 * @returns {Health}
 */
export const pageHealth = ({ source, condition, last_good_at: goodAt, last_error: error }, nowMs) => {
  const lastGood = goodAt === null ? 'never read' : `last read ${ago(goodAt, nowMs)}`;
  return {
    source,
    state: condition,
    label: labels[condition],
    detail: error === null ? lastGood : `${lastGood}; ${error}`,
  };
};

/**
 * @param {string} name
 * @returns {Health}
 */
export const skippedHealth = (name) => ({
  source: `${name}_status`,
  state: 'skipped',
  label: 'skipped',
  detail: 'it has no URL, and fixtures are not read while notifications reach people',
});

/**
 * A vendor that posts to us: that it says nothing may be good news, so only the time is told.
 * @param {string} source
 * @param {string | null} lastReceivedAt
 * @param {number} nowMs
 * @returns {Health}
 */
export const webhookHealth = (source, lastReceivedAt, nowMs) =>
  lastReceivedAt === null
    ? { source, state: 'unknown', label: 'nothing received yet', detail: `its webhooks go to /ingest/${source}` }
    : { source, state: 'good', label: 'receiving', detail: `last webhook ${ago(lastReceivedAt, nowMs)}` };
