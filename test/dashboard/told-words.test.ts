import { expect, it } from 'vitest';
import { toldInAll, toldOf } from '../../src/dashboard/told-words.js';
import { aDestination, anAlert, aRow } from './views.ts';

const destinations = [
  aDestination(),
  aDestination({ name: 'chat' }),
  aDestination({ name: 'mock', reaches_people: false }),
];
const told = (alert: Parameters<typeof toldOf>[0]) =>
  toldOf(alert, destinations).map(({ text, tone }) => `${tone}: ${text}`);

it.each([
  [[aRow()], ['good: oncall told']],
  [[aRow({ status: 'pending', attempts: 0 })], ['waiting: oncall not told yet']],
  [[aRow({ status: 'pending', attempts: 2 })], ['waiting: oncall not told yet, 2 tries']],
  [[aRow({ status: 'failed' })], ['bad: oncall failed']],
  [[aRow({ status: 'superseded' })], ['none: oncall cancelled']],
  [[aRow({ action: 'update', status: 'pending', attempts: 1 })], ['waiting: oncall not told yet, 1 try']],
  [[aRow(), aRow({ action: 'update', status: 'failed' })], ['bad: oncall: update failed']],
  [
    [aRow(), aRow({ destination: 'chat', status: 'failed' })],
    ['good: oncall told', 'bad: chat failed'],
  ],
])('%# says who was told, and whether that worked', (deliveries, words) => {
  expect(told(anAlert('a', { deliveries }))).toEqual(words);
});

it('a mock that was told is nobody, and never green', () => {
  expect(told(anAlert('a', { deliveries: [aRow({ destination: 'mock' })] }))).toEqual(['none: mock (nobody) told']);
});

it('an alert that is open again is told to nobody whose last word is its end', () => {
  const before = { earlier: true } as const;
  const ended = [aRow(before), aRow({ action: 'resolve', ...before })];
  const wake = { at: '2026-03-01T15:00:00.000Z', because: 'a silence ends' };
  const words = 'Nobody told that it is open again';
  expect(told(anAlert('a', { deliveries: ended }))).toEqual([`none: ${words}`]);
  expect(told(anAlert('a', { deliveries: ended, wake_at: wake }))).toEqual([`waiting: ${words}`]);
  expect(toldInAll([anAlert('a', { deliveries: ended, wake_at: wake })], destinations)).toBe('1 waiting');
  expect(told(anAlert('a', { deliveries: [...ended, aRow()] }))).toEqual(['good: oncall told']);
  expect(told(anAlert('a', { deliveries: ended, state: 'resolved' }))).toEqual(['none: Nobody told of the last time']);
});

it('of an alert that is open again, a destination that heard of its end only is not called told', () => {
  const ended = [aRow({ earlier: true }), aRow({ action: 'resolve', earlier: true })];
  const chat = aRow({ destination: 'chat' });
  const words = ['none: oncall not told that it is open again', 'good: chat told'];
  expect(told(anAlert('a', { deliveries: [...ended, chat] }))).toEqual(words);
  const failed = { ...chat, status: 'failed' as const };
  expect(told(anAlert('a', { deliveries: [...ended, failed] }))).toEqual([words[0], 'bad: chat failed']);
  const isOver = anAlert('a', { deliveries: [...ended, chat], state: 'resolved' });
  expect(told(isOver)).toEqual(['none: oncall not told of the last time', 'good: chat told']);
});

it('of several deliveries of one action the newest counts, as in the view of one alert', () => {
  const waiting = aRow({ status: 'pending', attempts: 0 });
  expect(told(anAlert('a', { deliveries: [aRow(), waiting] }))).toEqual(['waiting: oncall not told yet']);
  const failed = aRow({ action: 'update', status: 'failed' });
  expect(told(anAlert('a', { deliveries: [aRow(), failed, aRow({ action: 'update' })] }))).toEqual([
    'good: oncall told',
  ]);
});

it('a destination that is no longer configured is marked, once the destinations are known', () => {
  const alert = anAlert('a', { deliveries: [aRow({ destination: 'old' })] });
  expect(told(alert)).toEqual(['good: old (not configured now) told']);
  expect(toldOf(alert, [])).toMatchObject([{ text: 'old told' }]);
});

it('without a delivery it says why nobody was told', () => {
  const wake = { at: '2026-03-01T12:05:00.000Z', because: 'a hold ends' };
  expect(told(anAlert('a'))).toEqual(['none: Nobody told, by the rules']);
  expect(told(anAlert('a', { wake_at: wake }))).toEqual(['waiting: Nobody told yet']);
  expect(toldOf(anAlert('a', { wake_at: wake }), destinations)).toMatchObject([{ wake }]);
  expect(told(anAlert('a', { wake_at: wake, state: 'resolved' }))).toEqual(['none: Nobody told, by the rules']);
});

it('in all, what a destination lacks is said first, with its name', () => {
  const alerts = [
    anAlert('a', { deliveries: [aRow()] }),
    anAlert('b', { deliveries: [aRow(), aRow({ destination: 'chat', status: 'pending' })] }),
    anAlert('c', { deliveries: [aRow({ status: 'failed' })] }),
    anAlert('d', { deliveries: [aRow({ status: 'pending' })] }),
    anAlert('e'),
  ];
  expect(toldInAll(alerts, destinations)).toBe(
    'oncall failed for 1, chat not told yet of 1, oncall not told yet of 1, 1 told, 1 told to nobody',
  );
  const wake = { at: '2026-03-01T12:05:00.000Z', because: 'a hold ends' };
  expect(toldInAll([anAlert('a', { wake_at: wake })], destinations)).toBe('1 waiting');
  const down = aRow({ status: 'pending', attempts: 3 });
  const twoLacked = ['a', 'b'].map((id) => anAlert(id, { deliveries: [down, aRow({ destination: 'chat' })] }));
  expect(toldInAll(twoLacked, destinations)).toBe('oncall not told yet of 2');
});
