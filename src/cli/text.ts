// Output: on a terminal in columns and colours, elsewhere in lines that programs can split.
import { styleText } from 'node:util';
import { escapeUnsafe } from '../lib/text.ts';
import type { Io } from './io.ts';

type Style = 'red' | 'yellow' | 'green' | 'dim' | 'bold';

/** A vendor's text could move the cursor, or colour what follows. */
export const plain = (text: string): string => text.replace(/\p{Cc}/gu, ' ');

export const styled = (style: Style, text: string, { hasColors }: Pick<Io, 'hasColors'>): string =>
  hasColors ? styleText(style, text, { validateStream: false }) : text;

const styles: Readonly<Record<string, Style>> = {
  critical: 'red',
  failed: 'red',
  open: 'red',
  warning: 'yellow',
  missing: 'yellow',
  ok: 'green',
  passed: 'green',
  skipped: 'dim',
};

/** A word in the colour of what it means, if it has one. */
export const colored = (word: string, io: Pick<Io, 'hasColors'>): string => {
  const style = styles[word.trim()];
  return style ? styled(style, word, io) : word;
};

const gap = 2;
const shortestLast = 20;

const shorten = (cell: string, width: number): string =>
  cell.length > width ? `${cell.slice(0, Math.max(1, width - 1))}…` : cell;

/** Rows under a header, the last column cut to the terminal; without a terminal: no header, and tabs between. */
export const renderTable = (
  header: readonly string[],
  rows: readonly (readonly string[])[],
  io: Pick<Io, 'isTerminal' | 'hasColors' | 'width'>,
): string => {
  const clean = rows.map((row) => row.map(plain));
  if (!io.isTerminal) return clean.map((row) => row.join('\t')).join('\n');
  const all = [header, ...clean];
  const last = header.length - 1;
  const widths = header.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)));
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap, 0);
  const lastWidth = Math.max(shortestLast, io.width - before);
  const line = (row: readonly string[], paint: (cell: string) => string): string =>
    row
      .map((cell, at) => paint(at === last ? shorten(cell, lastWidth) : cell.padEnd((widths[at] ?? 0) + gap)))
      .join('')
      .trimEnd();
  return [
    line(header, (cell) => styled('dim', cell, io)),
    ...clean.map((row) => line(row, (cell) => colored(cell, io))),
  ].join('\n');
};

/** `2026-02-10 14:00Z`: to the minute, and with its zone. */
export const shortTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`;

export const printJson = (value: unknown, { print }: Pick<Io, 'print'>): void =>
  print(escapeUnsafe(JSON.stringify(value, null, 2)));
