import { expect, it } from 'vitest';
import { compareUrgency, groupOf, type Urgency } from '../../src/sinks/urgency.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const waiting = (
  action: Urgency['action'],
  severity: Urgency['severity'],
  minutes = 0,
): Urgency & { readonly name: string } => ({
  action,
  severity,
  createdMs: nowMs - minutes * 60_000,
  name: `${action} ${severity} ${minutes}`,
});
const order = (...all: ReturnType<typeof waiting>[]) =>
  all.toSorted((a, b) => compareUrgency(a, b, nowMs)).map(({ name }) => name);

it('resolves go first, then triggers, the most serious first, then updates', () => {
  expect(
    order(
      waiting('update', 'critical'),
      waiting('trigger', 'warning'),
      waiting('trigger', 'critical'),
      waiting('resolve', 'warning'),
    ),
  ).toEqual(['resolve warning 0', 'trigger critical 0', 'trigger warning 0', 'update critical 0']);
});

it('of what is equally urgent the oldest goes first', () => {
  expect(order(waiting('trigger', 'critical', 1), waiting('trigger', 'critical', 3))).toEqual([
    'trigger critical 3',
    'trigger critical 1',
  ]);
});

it('what has waited for five minutes goes up one class, but no update overtakes a trigger that is as serious', () => {
  expect(
    order(
      waiting('update', 'critical', 5),
      waiting('trigger', 'critical'),
      waiting('trigger', 'warning'),
      waiting('trigger', 'warning', 6),
      waiting('update', 'warning', 4.9),
      waiting('resolve', 'warning'),
    ),
  ).toEqual([
    'resolve warning 0',
    'trigger warning 6',
    'trigger critical 0',
    'update critical 5',
    'trigger warning 0',
    'update warning 4.9',
  ]);
});

it.each([
  ['trigger', 'critical', 'critical'],
  ['trigger', 'warning', 'trigger'],
  ['update', 'critical', 'update'],
  ['resolve', 'critical', 'resolve'],
] as const)('a %s that is %s shares the pace of the group %s', (action, severity, group) => {
  expect(groupOf({ action, severity })).toBe(group);
});
