// The bar of a vendor's days: one mark a day, coloured by the worst of it, and the same in words.
import { plural } from './plural.js';

/** @import { ReportView } from './types.ts' */
/** @typedef {ReportView['days'][number]} Day */
/** @typedef {{ x: number, width: number, tone: Day['worst'] | 'unknown', label: string }} Mark */

/** @param {number} minutes */
export const minutesWords = (minutes) => {
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest > 0 ? ` ${rest} min` : ''}`;
};

/** @param {Day} day */
const labelOf = ({ day, worst, critical_minutes: critical, warning_minutes: warning, alerts }) => {
  if (worst === null) return `${day}: no record`;
  if (worst === 'none') return `${day}: nothing`;
  const parts = [
    ...(critical > 0 ? [`${minutesWords(critical)} critical`] : []),
    ...(warning > 0 ? [`${minutesWords(warning)} warning`] : []),
    ...(alerts > 0 ? [plural(alerts, 'alert')] : []),
  ];
  return `${day}: ${parts.length === 0 ? worst : parts.join(', ')}`;
};

const gap = 1;

/**
 * @param {readonly Day[]} days oldest first
 * @param {number} width
 * @returns {readonly Mark[]}
 */
export const marksOf = (days, width) => {
  const step = width / Math.max(1, days.length);
  return days.map((day, at) => ({
    x: at * step,
    width: Math.max(1, step - gap),
    tone: day.worst ?? 'unknown',
    label: labelOf(day),
  }));
};

/** What the bar shows, for who cannot see it. @param {readonly Day[]} days */
export const barWords = (days) => {
  /** @param {Day['worst']} worst */
  const count = (worst) => days.filter((day) => day.worst === worst).length;
  const unknown = count(null);
  const words = `${days.length} days: ${count('critical')} with something critical, ${count('warning')} with a warning, ${count('none')} with nothing`;
  return unknown === 0 ? words : `${words}, ${unknown} without a record`;
};

/** @param {number | null} seconds */
export const leadWords = (seconds) => {
  if (seconds === null) return 'unknown';
  return seconds < 90 ? `${seconds} s` : minutesWords(Math.round(seconds / 60));
};
