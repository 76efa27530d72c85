// The table, as RESULTS.md keeps it.
import { cpus, release, totalmem, type } from 'node:os';
import type { Bound, Row } from './scenario.ts';
import { spreadOf } from './stats.ts';

/** The median of figures a second. */
export const rate = (figures: readonly number[]): string =>
  `${Math.round(spreadOf(figures).median).toLocaleString('en')}/s`;

const boundText = (bound: Bound): string => {
  if (bound === null) return '–';
  return 'atLeast' in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;
};

const holds = (value: number, bound: Bound): boolean =>
  bound === null || ('atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost);

const verdict = ({ ratio: { median }, reach, aim }: Row): string => {
  if (reach === null || Number.isNaN(median)) return '–';
  if (holds(median, aim)) return 'aim';
  return holds(median, reach) ? 'reached' : '**missed**';
};

const figure = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(1));

const line = (row: Row): string => {
  const { ratio, unit = '×' } = row;
  const spread = Number.isNaN(ratio.median)
    ? '–'
    : `${figure(ratio.median)}${unit} (${figure(ratio.least)} to ${figure(ratio.most)})`;
  return `| ${[row.what, row.measured, row.beside, spread, boundText(row.reach), boundText(row.aim), verdict(row)].join(' | ')} |`;
};

export const table = (rows: readonly Row[]): string =>
  [
    '| what | measured | beside | ratio, median (least to most) | reach | aim | |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(line),
  ].join('\n');

/** The machine in words, without anything that names it. */
export const machine = (): string =>
  [
    `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${type()} ${release().split('-')[0]}`,
    `Node ${process.version}`,
  ].join(', ');
