// Severities in words and signs: colour is never all that tells them apart.

/** @import { EventView } from './types.ts' */

/** @type {Readonly<Record<EventView['severity'], { label: string, sign: string, rank: number }>>} */
export const severities = {
  critical: { label: 'Critical', sign: '▲', rank: 0 },
  warning: { label: 'Warning', sign: '◆', rank: 1 },
  info: { label: 'Info', sign: '○', rank: 2 },
};

/**
 * The most serious first, and of those the newest.
 * @param {EventView} a
 * @param {EventView} b
 */
export const bySeverity = (a, b) =>
  severities[a.severity].rank - severities[b.severity].rank || b.started_at.localeCompare(a.started_at);
