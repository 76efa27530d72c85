import { expect, it } from 'vitest';
import { colored, plain, renderTable, shortTime } from '../../src/cli/text.ts';

const rows = [
  ['critical', 'Card payments are failing everywhere'],
  ['info', 'Planned\u001b[31m work'],
];
const terminal = { isTerminal: true, hasColors: false, width: 32 };

it('on a terminal a table has a header and columns, and its last column is cut to the width', () => {
  expect(renderTable(['SEVERITY', 'TITLE'], rows, terminal).split('\n')).toEqual([
    'SEVERITY  TITLE',
    'critical  Card payments are fai…',
    'info      Planned [31m work',
  ]);
});

it('elsewhere it has neither, but tabs, so that programs can cut it', () => {
  expect(renderTable(['SEVERITY', 'TITLE'], rows, { ...terminal, isTerminal: false })).toBe(
    'critical\tCard payments are failing everywhere\ninfo\tPlanned [31m work',
  );
});

it('there are colours only where they are wanted', () => {
  expect(colored('critical', { hasColors: true })).toBe('\u001b[31mcritical\u001b[39m');
  expect(colored('critical', { hasColors: false })).toBe('critical');
  expect(colored('unknown', { hasColors: true })).toBe('unknown');
});

it('what a vendor wrote cannot move the cursor', () => {
  expect(plain('a\u001b[2J\r\nb')).toBe('a [2J  b');
});

it('a time says its zone', () => {
  expect(shortTime('2026-02-10T14:00:59.000Z')).toBe('2026-02-10 14:00Z');
});
