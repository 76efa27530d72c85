import { expect, it } from 'vitest';
import { sortOpen, titleOf, verdictOf, withMessages } from '../../src/dashboard/open-alerts.js';
import { anAlert } from './views.ts';

const at = (minute: number) => `2026-03-01T12:${String(minute).padStart(2, '0')}:00.000Z`;
const nowMs = Date.parse(at(30));

it('the most serious stand first, and of those the longest open', () => {
  const alerts = [
    anAlert('w', { severity: 'warning', opened_at: at(0) }),
    anAlert('late', { opened_at: at(9) }),
    anAlert('early', { opened_at: at(5) }),
  ];
  expect(sortOpen(alerts).map(({ alert_id: id }) => id)).toEqual(['early', 'late', 'w']);
});

it('those that were opened at the same moment keep one order', () => {
  const ids = (names: readonly string[]) => sortOpen(names.map((id) => anAlert(id))).map(({ alert_id: id }) => id);
  expect(ids(['b', 'a'])).toEqual(['a', 'b']);
  expect(ids(['a', 'b'])).toEqual(['a', 'b']);
});

it.each([
  [[], { level: 'well', words: 'All is well', detail: 'No alert is open.' }],
  [[anAlert('a')], { level: 'critical', words: '1 critical', detail: 'Open for 30 min.' }],
  [[anAlert('a', { severity: 'warning' })], { level: 'warning', words: '1 warning', detail: 'Open for 30 min.' }],
  [
    [anAlert('a'), anAlert('b', { severity: 'warning' }), anAlert('c', { severity: 'warning' })],
    {
      level: 'critical',
      words: '1 critical, 2 warnings',
      detail: 'The oldest critical alert has been open for 30 min.',
    },
  ],
  [
    [anAlert('storm', { event_count: 120 })],
    { level: 'critical', words: '1 critical', detail: 'Open for 30 min. 120 events in all.' },
  ],
])('%# what is open is said in one line', (alerts, verdict) => {
  expect(verdictOf(alerts, nowMs)).toEqual(verdict);
});

it('among several alerts the one that stands for a storm is named', () => {
  const storm = anAlert('storm', { event_count: 100 });
  const alerts = [anAlert('a', { event_count: 2 }), storm];
  expect(verdictOf(alerts, nowMs).storm).toBe(storm);
  expect(verdictOf([storm], nowMs)).not.toHaveProperty('storm');
  expect(verdictOf([anAlert('a', { event_count: 9 }), anAlert('b')], nowMs)).not.toHaveProperty('storm');
});

const message = (data: unknown) => ({ name: 'alert', data }) as const;

it('a message puts an alert in, changes it, and takes it out when it is resolved', () => {
  const opened = withMessages(new Map(), [message(anAlert('a')), message(anAlert('b'))]);
  const changed = withMessages(opened, [message(anAlert('a', { title: 'New' }))]);
  expect([...changed.values()].map(({ title }) => title)).toEqual(['New', 'Title of b']);
  const over = withMessages(changed, [message(anAlert('a', { state: 'resolved' }))]);
  expect([...over.keys()]).toEqual(['b']);
});

it('messages of other kinds change nothing', () => {
  const open = new Map([['a', anAlert('a')]]);
  expect(
    withMessages(open, [{ name: 'changed', data: { event_id: 'x' } }, message(null), { name: 'poll', data: null }]),
  ).toBe(open);
});

it('the title of the window counts what is open, and nothing that may be old', () => {
  const warning = anAlert('w', { severity: 'warning' });
  expect(titleOf([anAlert('a'), warning], 'Now', false)).toBe('(1 critical) Now · vendor-signals');
  expect(titleOf([warning], 'Events', false)).toBe('(1 open) Events · vendor-signals');
  expect(titleOf([], 'Now', false)).toBe('Now · vendor-signals');
  expect(titleOf([anAlert('a')], 'Now', true)).toBe('? Now · vendor-signals');
});
