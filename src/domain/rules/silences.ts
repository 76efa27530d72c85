// Silences: they stop triggers and updates of the events that they match, for a time that has an end.
import { toIso } from '../../lib/time.ts';
import { formatLength, parseLength } from './lengths.ts';
import { type Parsed, parsed, unreadable } from './parsed.ts';
import type { StoredSilence } from './silence-schema.ts';
import { compileWhen, type Matcher, type Subject } from './when.ts';
import type { When } from './when-schema.ts';
import { parseMoment, type Window } from './windows.ts';

export interface Silence extends Omit<StoredSilence, 'when'> {
  readonly when: { readonly written: When; readonly matches: Matcher };
  /** When it ends at the latest, in ms since 1970. */
  readonly endsAtMs: number;
}

export type SilenceState = 'planned' | 'active' | 'expired';

/** As much of the rules as bounds a silence. */
interface Limits {
  readonly windows: ReadonlyMap<string, Window>;
  readonly maxSilenceMs: number;
}

/** Makes a kept silence one that can be asked. A window that the rules no longer have is never active. */
export const compileSilence = (stored: StoredSilence, { windows, maxSilenceMs }: Limits): Silence => ({
  ...stored,
  when: { written: stored.when, matches: compileWhen(stored.when, windows) },
  endsAtMs: stored.until === 'resolved' ? Date.parse(stored.from) + maxSilenceMs : Date.parse(stored.until),
});

export const silenceState = (
  { from, endsAtMs, expired_at }: Pick<Silence, 'from' | 'endsAtMs' | 'expired_at'>,
  nowMs: number,
): SilenceState => {
  if (expired_at !== null || endsAtMs <= nowMs) return 'expired';
  return Date.parse(from) > nowMs ? 'planned' : 'active';
};

/** The first active silence that stops this event of this alert. The event's severity is the one that the rules gave. */
export const silencing = (
  silences: readonly Silence[],
  subject: Subject,
  alertId: string | null,
  nowMs: number,
): Silence | null =>
  silences.find(
    (silence) =>
      silenceState(silence, nowMs) === 'active' &&
      (silence.until !== 'resolved' || (alertId !== null && silence.alertIds.includes(alertId))) &&
      silence.when.matches(subject, nowMs),
  ) ?? null;

interface Span {
  readonly from: string;
  readonly until: string;
}

/** When a silence begins and ends, from what was written. */
export const readSpan = (
  written: { readonly from: string; readonly until: string },
  { timezone, maxSilenceMs }: Pick<Limits, 'maxSilenceMs'> & { readonly timezone: string },
): Parsed<Span> => {
  const from = parseMoment(written.from, timezone);
  if (!from.ok) return from;
  const start = toIso(from.value);
  if (written.until === 'resolved') return parsed({ from: start, until: 'resolved' });
  const length = parseLength(written.until);
  const until = length.ok ? parsed(from.value + length.value) : parseMoment(written.until, timezone);
  if (!until.ok) return until;
  if (until.value <= from.value) return unreadable('the silence ends before it begins');
  if (until.value - from.value > maxSilenceMs)
    return unreadable(`a silence lasts for ${formatLength(maxSilenceMs)} at most (max_silence in the rules file)`);
  return parsed({ from: start, until: toIso(until.value) });
};
