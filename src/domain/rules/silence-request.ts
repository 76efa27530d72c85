// Reading the body of `POST /silences`.
import type * as z from 'zod';
import type { FieldError } from '../../lib/errors.ts';
import { toIso } from '../../lib/time.ts';
import { checkWhen } from './check-when.ts';
import { reportIssues } from './issues.ts';
import type { Path, Report } from './problem.ts';
import type { Rules } from './rules.ts';
import { type StoredSilence, silenceMatchSchema, silenceRequestSchema } from './silence-schema.ts';
import { readSpan } from './silences.ts';

/** A silence that somebody asks for, without its id and its alerts. */
export type NewSilence = Pick<StoredSilence, 'when' | 'from' | 'until' | 'by' | 'because'>;

export interface SilenceRequestContext {
  readonly rules: Pick<Rules, 'timezone' | 'maxSilenceMs' | 'windows'>;
  /** All status pages that there are: a silence of one that is not among them would silence nothing. */
  readonly pages: readonly string[];
  readonly nowMs: number;
}

const createReport = (): { readonly report: Report; readonly errors: () => readonly FieldError[] } => {
  const found = new Map<string, string>();
  const report = (path: Path, message: string): void => {
    const key = path.join('.');
    if (!found.has(key)) found.set(key, message);
  };
  return { report, errors: () => [...found].map(([path, message]) => ({ path, message })) };
};

const readBody = <T>(schema: z.ZodType<T>, body: unknown, { rules, pages }: Omit<SilenceRequestContext, 'nowMs'>) => {
  const { report, errors } = createReport();
  const { data, error } = schema.safeParse(body);
  reportIssues(error?.issues ?? [], body, report);
  checkWhen({ tree: body, report }, ['when'], { windows: [...rules.windows.keys()], pages, isComplete: true });
  return { data, report, errors };
};

/** The conditions that a silence might have, or all that is wrong with them. */
export const readSilenceMatch = (
  body: unknown,
  context: Omit<SilenceRequestContext, 'nowMs'>,
): Pick<NewSilence, 'when'> | { readonly errors: readonly FieldError[] } => {
  const { data, errors } = readBody(silenceMatchSchema, body, context);
  return data === undefined || errors().length > 0 ? { errors: errors() } : data;
};

/**
 * A silence, or all that is wrong with it. Its end is a time after now, or `resolved`: then the caller binds it to the
 * matching alerts that are open, and refuses it when there is none.
 */
export const readSilenceRequest = (
  body: unknown,
  context: SilenceRequestContext,
): { readonly silence: NewSilence } | { readonly errors: readonly FieldError[] } => {
  const { rules, nowMs } = context;
  const { data, report, errors } = readBody(silenceRequestSchema, body, context);
  if (data === undefined) return { errors: errors() };
  const { when, by, because, until, from } = data;
  const span = readSpan({ from: from ?? toIso(nowMs), until }, rules);
  if (!span.ok) report(['until'], span.problem);
  else if (span.value.until !== 'resolved' && Date.parse(span.value.until) <= nowMs)
    report(['until'], 'the end is in the past');
  if (!span.ok || errors().length > 0) return { errors: errors() };
  return { silence: { when, ...span.value, by: by ?? null, because } };
};
