// Lengths of time as the rules write them: 90s, 5m, 2h, 7d.
import { dayMs, hourMs, minuteMs } from '../../lib/time.ts';
import { type Parsed, parsed, unreadable } from './parsed.ts';

const units = { d: dayMs, h: hourMs, m: minuteMs, s: 1000 } as const;
type Unit = keyof typeof units;

export const lengthPattern = /^[1-9]\d{0,8}[smhd]$/;
/** Longer ones are slips of the keyboard. */
const maxMs = 366 * units.d;
const isUnit = (text: string): text is Unit => text in units;

/** A length in milliseconds. */
export const parseLength = (text: string): Parsed<number> => {
  const unit = text.at(-1) ?? '';
  if (!lengthPattern.test(text) || !isUnit(unit))
    return unreadable('expected a length of time such as 90s, 5m, 2h or 7d');
  const ms = Number(text.slice(0, -1)) * units[unit];
  return ms <= maxMs ? parsed(ms) : unreadable('a length of time is 366d at most');
};

/** The shortest way to write a whole number of seconds. */
export const formatLength = (ms: number): string => {
  const seconds = Math.round(ms / 1000) * 1000;
  for (const [unit, size] of Object.entries(units))
    if (seconds > 0 && seconds % size === 0) return `${seconds / size}${unit}`;
  return '0s';
};
