// Where each bar of the timeline is, in pixels.
import { severities } from './severity.js';

/** @import { EventView } from './types.ts' */
/** @typedef {{ event: EventView, x: number, width: number, row: number }} Bar */
/** @typedef {{ source: string, top: number, rows: number, bars: readonly Bar[] }} Lane */

export const labelHeight = 18;
export const rowHeight = 15;
const laneGap = 8;
const narrowestBar = 4;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
/** Above this many at the same time, bars lie on one another, the most serious on top. */
const mostRows = 4;

/**
 * From when to when an event lasted. A payment is a fact of one moment, unless somebody resolved it.
 * @param {EventView} event
 * @param {number} nowMs
 */
export const spanOf = ({ kind, started_at: startedAt, resolved_at: resolvedAt }, nowMs) => {
  const fromMs = Date.parse(startedAt);
  if (resolvedAt !== null) return { fromMs, toMs: Math.max(fromMs, Date.parse(resolvedAt)) };
  return { fromMs, toMs: kind === 'payment' ? fromMs : Math.max(fromMs, nowMs) };
};

/**
 * The first row in which the bar touches no other, or the last one.
 * @param {readonly (readonly Bar[])[]} rows
 * @param {number} x
 * @param {number} width
 */
const rowFor = (rows, x, width) => {
  for (let row = 0; row < mostRows - 1; row++) {
    const isFree = (rows[row] ?? []).every((other) => other.x + other.width < x || x + width < other.x);
    if (isFree) return row;
  }
  return mostRows - 1;
};

/**
 * @param {readonly EventView[]} events of one source
 * @param {{ fromMs: number, toMs: number, width: number }} frame
 * @returns {readonly Bar[]} the least serious first, so that it is drawn beneath
 */
const placeBars = (events, { fromMs, toMs, width }) => {
  const scale = width / (toMs - fromMs);
  /** @type {Bar[][]} */
  const rows = [];
  const mostSeriousFirst = events.toSorted(
    (a, b) => severities[a.severity].rank - severities[b.severity].rank || a.started_at.localeCompare(b.started_at),
  );
  return mostSeriousFirst
    .map((event) => {
      const span = spanOf(event, toMs);
      const start = (Math.max(span.fromMs, fromMs) - fromMs) * scale;
      const length = Math.max(narrowestBar, (span.toMs - fromMs) * scale - start);
      const x = Math.max(0, Math.min(start, width - length));
      const row = rowFor(rows, x, length);
      const bar = { event, x, width: length, row };
      rows[row] ??= [];
      rows[row].push(bar);
      return bar;
    })
    .toReversed();
};

/**
 * One lane for each source, whether it has events or not.
 * @param {readonly EventView[]} events
 * @param {readonly string[]} sources
 * @param {{ fromMs: number, toMs: number, width: number }} frame
 * @returns {{ lanes: readonly Lane[], height: number }}
 */
export const layOut = (events, sources, frame) => {
  const shown = events.filter((event) => {
    const { fromMs, toMs } = spanOf(event, frame.toMs);
    return toMs >= frame.fromMs && fromMs <= frame.toMs;
  });
  const names = [...new Set([...sources, ...shown.map(({ source }) => source)])];
  let top = 0;
  const lanes = names.map((source) => {
    const bars = placeBars(
      shown.filter((event) => event.source === source),
      frame,
    );
    const rows = bars.reduce((most, { row }) => Math.max(most, row + 1), 1);
    const lane = { source, top, rows, bars };
    top += labelHeight + rows * rowHeight + laneGap;
    return lane;
  });
  return { lanes, height: top };
};

/**
 * Whole hours or days on the reader's own clock.
 * @param {{ fromMs: number, toMs: number, width: number }} frame
 * @returns {readonly { x: number, label: string }[]}
 */
export const ticks = ({ fromMs, toMs, width }) => {
  const isLong = toMs - fromMs > 2 * 86_400_000;
  const step = isLong ? (width < 500 ? 48 : 24) : width < 500 ? 6 : 3;
  const at = new Date(fromMs);
  at.setHours(0, 0, 0, 0);
  const marks = [];
  for (; at.getTime() <= toMs; at.setHours(at.getHours() + step)) {
    if (at.getTime() < fromMs) continue;
    const label = isLong ? `${weekdays[at.getDay()]} ${at.getDate()}` : `${String(at.getHours()).padStart(2, '0')}:00`;
    marks.push({ x: ((at.getTime() - fromMs) / (toMs - fromMs)) * width, label });
  }
  return marks;
};

/**
 * What the picture shows, for who cannot see it.
 * @param {Lane} lane
 * @param {string} span such as "24 hours"
 */
export const laneWords = ({ source, bars }, span) => {
  if (bars.length === 0) return `${source}: nothing in the last ${span}`;
  const counts = Object.entries(severities).flatMap(([severity, { label }]) => {
    const count = bars.filter(({ event }) => event.severity === severity).length;
    return count === 0 ? [] : [`${count} ${label.toLowerCase()}`];
  });
  const open = bars.filter(({ event }) => event.resolved_at === null && event.kind !== 'payment').length;
  return `${source}: ${counts.join(', ')} in the last ${span}${open > 0 ? `, ${open} of them still going on` : ''}`;
};
