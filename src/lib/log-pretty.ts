// Log lines for a person at a terminal: the time, the level, what happened, and its fields. Of what comes from outside
// nothing reaches the terminal as a control character.
import type { DestinationStream } from 'pino';
import { escapeUnsafe } from './text.ts';

const colorOf: Readonly<Record<string, number>> = { trace: 90, debug: 90, info: 32, warn: 33, error: 31, fatal: 31 };
const gray = 90;
const maxValueChars = 200;

const show = (value: unknown): string => {
  const isPlain = typeof value === 'string' && /^[^\s"\\\p{Cc}]+$/u.test(value);
  const text = escapeUnsafe(isPlain ? value : JSON.stringify(value));
  return text.length > maxValueChars ? `${text.slice(0, maxValueChars)}…` : text;
};

/** A stack stands on lines of its own. */
const showStack = (stack: unknown): string =>
  typeof stack === 'string'
    ? stack
        .split('\n')
        .map((line) => `\n    ${escapeUnsafe(JSON.stringify(line).slice(1, -1).trim())}`)
        .join('')
    : '';

/** @param isColored for a terminal that shows colours */
const prettyLine = (line: string, isColored: boolean): string => {
  const color = (code: number, text: string) => (isColored ? `\u001b[${code}m${text}\u001b[0m` : text);
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed !== 'object' || parsed === null) return line;
  const { time, level, msg, service: _service, stack, ...fields }: Readonly<Record<string, unknown>> = { ...parsed };
  const parts = [
    color(gray, String(time).slice(11)),
    color(colorOf[String(level)] ?? gray, String(level).toUpperCase().padEnd(5)),
    show(msg),
    ...Object.entries(fields).map(([name, value]) => `${color(gray, `${name}=`)}${show(value)}`),
  ];
  return `${parts.join(' ')}${showStack(stack)}\n`;
};

/** Turns each JSON line that is written into one for people. */
export const createPrettyStream = (to: DestinationStream, isColored: boolean): DestinationStream => ({
  write: (line) => to.write(prettyLine(line, isColored)),
});
