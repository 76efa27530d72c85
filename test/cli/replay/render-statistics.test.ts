import { expect, it } from 'vitest';
import type { Io } from '../../../src/cli/io.ts';
import type { Played } from '../../../src/cli/replay/played.ts';
import { renderComparison, renderStatistics } from '../../../src/cli/replay/render-statistics.ts';
import { renderTimeline } from '../../../src/cli/replay/render-timeline.ts';
import { statisticsOf } from '../../../src/cli/replay/statistics.ts';

const dayMs = 86_400_000;
const firstMs = Date.parse('2026-01-05T00:00:00Z');

const io: Io = {
  env: {},
  loadEnvFile: () => undefined,
  print: () => undefined,
  complain: () => undefined,
  showProgress: () => undefined,
  isTerminal: false,
  hasColors: false,
  width: 80,
  now: () => 0,
  stopped: new AbortController().signal,
};

const played = (more: Partial<Played> = {}): Played => ({
  told: [],
  alerts: [],
  polls: 3,
  webhooks: 0,
  firstMs,
  lastMs: firstMs + dayMs,
  unused: new Map(),
  ...more,
});

const rendered = (more: Partial<Played> = {}): readonly string[] => {
  const all = played(more);
  return renderStatistics(all, statisticsOf(all, 'UTC'), io).split('\n');
};

it.each([
  [dayMs / 2, 'less than a day'],
  [dayMs, 'a day'],
  [3 * dayMs, '3 days'],
])('a recording of %i ms is said to be of %s', (spanMs, words) => {
  expect(rendered({ lastMs: firstMs + spanMs })[0]).toBe(`3 polls of ${words}: 0 alerts, 0 of them told.`);
});

it('one poll and one webhook are told as such', () => {
  expect(rendered({ polls: 1, webhooks: 1 })[0]).toBe('1 poll and 1 webhook of a day: 0 alerts, 0 of them told.');
});

it('where nothing was recorded, there is neither a quiet time nor a loud hour', () => {
  expect(rendered({ polls: 0, firstMs: null, lastMs: null }).at(-1)).toBe(
    'Night is 22:00 to 07:00 UTC. Longest quiet: -. Loudest hour: -.',
  );
  const nothing = statisticsOf(played({ firstMs: null, lastMs: null }), 'UTC');
  expect(renderComparison(['a', 'b'], [nothing, nothing], io)).toContain('\nlongest quiet\t-\t-\n');
});

it('why polls were not used is told with how many', () => {
  const unused = new Map([
    ['an old copy', 1],
    ['HTTP 500', 2],
  ]);
  expect(rendered({ unused }).slice(1, 3)).toEqual(['1 not used: an old copy', '2 not used: HTTP 500']);
});

const told: Played['told'][number] = {
  atMs: firstMs,
  alertId: 'a1',
  title: 'API errors',
  destination: 'oncall',
  action: 'trigger',
  reason: 'opened',
  severity: 'critical',
  summary: 'API errors',
  events: 1,
};

it('one alert is one alert, and what is open at the end is marked', () => {
  const alert = {
    alertId: 'a1',
    title: 'API errors',
    severity: 'critical',
    state: 'open',
    openedAt: '2026-01-05T00:00Z',
  };
  const one = played({ told: [told], alerts: [alert] });
  expect(rendered(one)[0]).toBe('3 polls of a day: 1 alert, 1 of them told.');
  expect(renderTimeline(one, io).split('\n')).toEqual([
    'critical  API errors  (open at the end)',
    '  2026-01-05 00:00Z  trigger  oncall  critical  API errors',
  ]);
});

it('an alert that is not kept any more stands with its id', () => {
  expect(renderTimeline(played({ told: [told] }), io)).toMatch(/^critical {2}a1\n/);
});
