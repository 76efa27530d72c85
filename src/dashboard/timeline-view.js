// The picture of the timeline, in pixels of the width that there is. A click on a bar opens its event; for a keyboard
// and for who cannot see it there are the words beneath, and the list.
import { drawing, element } from './dom.js';
import { severities } from './severity.js';
import { labelHeight, laneWords, layOut, rowHeight, ticks } from './timeline-geometry.js';

/** @import { EventView } from './types.ts' */
/** @import { Bar, Lane } from './timeline-geometry.js' */

const spans = { '24h': { ms: 86_400_000, words: '24 hours' }, '7d': { ms: 7 * 86_400_000, words: '7 days' } };
const axisHeight = 18;
const barHeight = rowHeight - 3;

/** Stripes, so that a warning is not told by its colour alone. */
const stripes = () =>
  drawing(
    'pattern',
    { id: 'stripes', width: '6', height: '6', patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    drawing('rect', { class: 'stripes-ground', width: '6', height: '6' }),
    drawing('rect', { class: 'stripes-line', width: '3', height: '6' }),
  );

/** @param {Bar} bar @param {number} top */
const bar = ({ event, x, width, row }, top) => {
  const inset = event.severity === 'info' ? 3 : 0;
  const state = event.resolved_at === null && event.kind !== 'payment' ? ', open' : '';
  return drawing(
    'rect',
    {
      class: `mark ${event.severity}`,
      'data-event': event.event_id,
      x: x.toFixed(1),
      y: String(top + row * rowHeight + inset),
      width: width.toFixed(1),
      height: String(barHeight - 2 * inset),
      rx: '1.5',
    },
    drawing('title', {}, `${severities[event.severity].label}${state}: ${event.summary}`),
  );
};

/** @param {string} source @param {number} width */
const cutToWidth = (source, width) => {
  const most = Math.floor(width / 8);
  return source.length > most ? `${source.slice(0, most - 1)}…` : source;
};

/** @param {Lane} lane @param {number} width */
const drawLane = ({ source, top, rows, bars }, width) =>
  drawing(
    'g',
    {},
    drawing('text', { class: 'lane-label', x: '0', y: String(top + 12) }, cutToWidth(source, width)),
    drawing('rect', {
      class: 'lane-ground',
      x: '0',
      y: String(top + labelHeight),
      width: String(width),
      height: String(rows * rowHeight),
    }),
    ...bars.map((each) => bar(each, top + labelHeight + 1)),
  );

/** @param {number} x @param {string} label @param {number} width */
const anchorOf = (x, label, width) =>
  x + label.length * 4 > width ? 'end' : x < label.length * 4 ? 'start' : 'middle';

/**
 * @param {Element} box
 * @param {Element} words
 * @param {readonly EventView[]} events
 * @param {readonly string[]} sources
 * @param {'24h' | '7d'} range
 */
export const showTimeline = (box, words, events, sources, range) => {
  const width = Math.max(200, box.clientWidth);
  const toMs = Date.now();
  const frame = { fromMs: toMs - spans[range].ms, toMs, width };
  const { lanes, height } = layOut(events, sources, frame);
  const sentences = lanes.map((lane) => laneWords(lane, spans[range].words));
  const grid = ticks(frame).map(({ x, label }) =>
    drawing(
      'g',
      {},
      drawing('line', { class: 'tick', x1: x.toFixed(1), x2: x.toFixed(1), y1: '0', y2: String(height) }),
      drawing(
        'text',
        { class: 'tick-label', x: x.toFixed(1), y: String(height + 13), 'text-anchor': anchorOf(x, label, width) },
        label,
      ),
    ),
  );
  const picture = drawing(
    'svg',
    {
      role: 'img',
      'aria-label': `Timeline of the last ${spans[range].words}. ${sentences.join('. ')}`,
      width: String(width),
      height: String(height + axisHeight),
      viewBox: `0 0 ${width} ${height + axisHeight}`,
    },
    drawing('defs', {}, stripes()),
    ...lanes.map((lane) => drawLane(lane, width)),
    ...grid,
  );
  box.replaceChildren(picture);
  words.replaceChildren(...sentences.map((sentence) => element('li', {}, sentence)));
};
