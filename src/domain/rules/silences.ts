// Silences: they stop triggers and updates of the events that they match, for a time that has an end.
import type { z } from 'zod';
import { formatLength, parseLength } from './lengths.ts';
import { type Parsed, parsed, unreadable } from './parsed.ts';
import type { Rules } from './rules.ts';
import { silenceRequestSchema } from './schema.ts';
import { compileWhen, type Matcher, type Subject, type When } from './when.ts';
import { parseMoment, type Window } from './windows.ts';

/** A silence as it is kept. All times are ISO-8601 in UTC. */
export interface StoredSilence {
  readonly id: string;
  readonly origin: 'api' | 'file';
  readonly when: When;
  readonly from: string;
  /** A time, or `resolved`: it ends with the alerts that it is bound to. */
  readonly until: string;
  readonly by: string | null;
  readonly because: string;
  /** The alerts that `resolved` is bound to; else empty. */
  readonly alertIds: readonly string[];
  /** When somebody ended it early, or its alerts had ended. */
  readonly expired_at: string | null;
}

export interface Silence extends Omit<StoredSilence, 'when'> {
  readonly when: { readonly written: When; readonly matches: Matcher };
  /** When it ends at the latest, in ms since 1970. */
  readonly endsAtMs: number;
}

export type SilenceState = 'planned' | 'active' | 'expired';

type Limits = Pick<Rules, 'windows' | 'maxSilenceMs'>;

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

/** When a silence begins and ends, from what was written. `maxMs` is the longest that is allowed. */
export const readSpan = (
  written: { readonly from: string; readonly until: string },
  { timezone, maxSilenceMs }: Pick<Rules, 'timezone' | 'maxSilenceMs'>,
): Parsed<Span> => {
  const from = parseMoment(written.from, timezone);
  if (!from.ok) return from;
  const start = new Date(from.value).toISOString();
  if (written.until === 'resolved') return parsed({ from: start, until: 'resolved' });
  const length = parseLength(written.until);
  const until = length.ok ? parsed(from.value + length.value) : parseMoment(written.until, timezone);
  if (!until.ok) return until;
  if (until.value <= from.value) return unreadable('the silence ends before it begins');
  if (until.value - from.value > maxSilenceMs)
    return unreadable(`a silence lasts for ${formatLength(maxSilenceMs)} at most (max_silence in the rules file)`);
  return parsed({ from: start, until: new Date(until.value).toISOString() });
};

export interface FieldProblem {
  /** Such as `when.page`; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

/** A silence that somebody asks for, without its id and alerts. */
export type NewSilence = Pick<StoredSilence, 'when' | 'from' | 'until' | 'by' | 'because'>;

const shownIssues = (error: z.ZodError): readonly FieldProblem[] =>
  error.issues.flatMap(({ path, message }) =>
    message.split('\n').map((line) => ({ path: path.map(String).join('.'), message: line })),
  );

const unknownWindows = (when: When, windows: ReadonlyMap<string, Window>): readonly FieldProblem[] =>
  [when.during ?? []]
    .flat()
    .filter((name) => typeof name === 'string' && !windows.has(name.replace(/^!\s*/, '')))
    .map((name) => ({ path: 'when.during', message: `there is no window "${String(name)}"` }));

/** Reads the body of `POST /silences`. */
export const readSilenceRequest = (
  body: unknown,
  rules: Pick<Rules, 'timezone' | 'maxSilenceMs' | 'windows'>,
  nowMs: number,
): { readonly silence: NewSilence } | { readonly errors: readonly FieldProblem[] } => {
  const request = silenceRequestSchema.safeParse(body);
  if (!request.success) return { errors: shownIssues(request.error) };
  const { when, by, because, until } = request.data;
  const errors = [...unknownWindows(when, rules.windows)];
  const span = readSpan({ from: request.data.from ?? new Date(nowMs).toISOString(), until }, rules);
  if (!span.ok) return { errors: [...errors, { path: 'until', message: span.problem }] };
  if (span.value.until !== 'resolved' && Date.parse(span.value.until) <= nowMs)
    errors.push({ path: 'until', message: 'the end is in the past' });
  if (errors.length > 0) return { errors };
  return { silence: { when, ...span.value, by: by ?? null, because } };
};
