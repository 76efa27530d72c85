import { expect, it } from 'vitest';
import { laneWords, layOut, spanOf, ticks } from '../../src/dashboard/timeline-geometry.js';
import type { EventView } from '../../src/dashboard/types.ts';
import { aView } from './views.ts';

// A pixel an hour.
const fromMs = Date.parse('2026-03-01T00:00:00.000Z');
const frame = { fromMs, toMs: fromMs + 24 * 3_600_000, width: 24 };
const at = (hour: number) => new Date(fromMs + hour * 3_600_000).toISOString();

const lasting = (id: string, from: number, to: number | null, more: Parameters<typeof aView>[0] = {}): EventView =>
  aView({ event_id: id, started_at: at(from), resolved_at: to === null ? null : at(to), ...more });
const layOutOne = (events: readonly EventView[]) => layOut(events, [], { ...frame, width: 240 }).lanes[0];
const places = (events: readonly EventView[]) =>
  Object.fromEntries(
    layOutOne(events)?.bars.map(({ event, x, width, row }) => [event.event_id, [x, width, row]]) ?? [],
  );

it('a bar goes from the beginning to the end, or to now, and not beyond the picture', () => {
  const events = [lasting('whole', -5, null), lasting('part', 2, 4, { severity: 'info' }), lasting('late', 20, null)];
  expect(places(events)).toEqual({ whole: [0, 240, 0], part: [20, 20, 1], late: [200, 40, 1] });
});

it('what is over before the picture begins, or begins after it ends, is not in it', () => {
  expect(layOut([lasting('old', -5, -1), lasting('planned', 30, null)], ['acme_status'], frame)).toMatchObject({
    lanes: [{ source: 'acme_status', bars: [], rows: 1 }],
  });
});

it('a payment is a moment until somebody resolves it, and is still to be seen', () => {
  const payment = { kind: 'payment', source: 'stripe' } as const;
  expect(spanOf(lasting('a', 3, null, payment), frame.toMs)).toEqual({
    fromMs: Date.parse(at(3)),
    toMs: Date.parse(at(3)),
  });
  expect(places([lasting('a', 3, null, payment), lasting('b', 24, null, payment)])).toEqual({
    a: [30, 4, 0],
    b: [236, 4, 0],
  });
});

it('an end before the beginning does not turn a bar around', () => {
  expect(places([lasting('a', 5, 3)])).toEqual({ a: [50, 4, 0] });
});

it('what happens at the same time lies side by side, the most serious first, and beyond four on one another', () => {
  const events = ['info', 'warning', 'critical', 'critical', 'critical', 'info'].map((severity, index) =>
    lasting(`${index}`, 1, 9, {
      severity: severity === 'info' ? 'info' : severity === 'warning' ? 'warning' : 'critical',
    }),
  );
  const lane = layOutOne(events);
  expect(lane?.rows).toBe(4);
  expect(lane?.bars.map(({ event, row }) => [event.event_id, row])).toEqual([
    ['5', 3],
    ['0', 3],
    ['1', 3],
    ['4', 2],
    ['3', 1],
    ['2', 0],
  ]);
});

it('every source has a lane beneath the one before, known ones first and whether it has events or not', () => {
  const { lanes, height } = layOut([lasting('a', 1, 2, { source: 'other_status' })], ['stripe', 'acme_status'], frame);
  expect(lanes.map(({ source }) => source)).toEqual(['stripe', 'acme_status', 'other_status']);
  const tops = lanes.map(({ top }) => top);
  expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  expect(height).toBeGreaterThan(tops.at(-1) ?? 0);
});

it('lays out thousands of events of one source in time', () => {
  const events = Array.from({ length: 3000 }, (_, index) => lasting(`${index}`, index % 24, null, { kind: 'payment' }));
  expect(layOutOne(events)?.bars).toHaveLength(3000);
});

it.each([
  [1, 1000, 3, /^\d\d:00$/],
  [1, 300, 6, /^\d\d:00$/],
  [7, 1000, 24, /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat) \d+$/],
  [7, 300, 48, /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat) \d+$/],
])('over %i days in %i pixels there is a mark every %i hours', (days, width, hours, label) => {
  const marks = ticks({ fromMs, toMs: fromMs + days * 86_400_000, width });
  expect(marks.length).toBeGreaterThanOrEqual(Math.floor((days * 24) / hours) - 1);
  for (const [index, { x, label: text }] of marks.entries()) {
    expect(text).toMatch(label);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(width);
    expect(x).toBeGreaterThan(marks[index - 1]?.x ?? -1);
  }
});

it('a lane is told in words', () => {
  const lane = layOutOne([lasting('a', 1, null), lasting('b', 2, 3, { severity: 'info' })]);
  if (!lane) throw new Error('there is a lane');
  expect(laneWords(lane, '24 hours')).toBe(
    'acme_status: 1 critical, 1 info in the last 24 hours, 1 of them still going on',
  );
  expect(laneWords({ ...lane, bars: [] }, '7 days')).toBe('acme_status: nothing in the last 7 days');
  const over = layOutOne([lasting('b', 2, 3, { severity: 'warning' })]);
  expect(over && laneWords(over, '24 hours')).toBe('acme_status: 1 warning in the last 24 hours');
});
