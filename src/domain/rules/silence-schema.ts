// Silences as they are written, in the file and in the body of `POST /silences`.
import * as z from 'zod';
import { isoSchema } from '../event.ts';
import { length, moment } from './fields.ts';
import { parsed, unreadable } from './parsed.ts';
import { readable, strict } from './strict.ts';
import { type When, whenSchema } from './when-schema.ts';
import { parseMoment } from './windows.ts';

const needsCondition = (when: object) => Object.keys(when).length > 0;
/** A silence without a condition would silence everything. */
const silenceWhen: z.ZodType<When> = whenSchema.refine(needsCondition, {
  error: 'a silence needs a condition',
  // A condition that was misspelt is told already.
  when: ({ issues }) => issues.length === 0,
});
/** In characters. */
export const silenceLimits = { by: 200, because: 2000 } as const;

const person = z.string().min(1).max(silenceLimits.by);
const explanation = z.string().min(1).max(silenceLimits.because);

export const silenceSchema = strict('key', {
  when: silenceWhen,
  from: moment(),
  until: readable((text) => {
    if (text === 'resolved') return unreadable('a silence of the file ends at a time or after a length');
    return length().safeParse(text).success ? parsed(text) : parseMoment(text, 'UTC');
  }),
  by: person.optional(),
  because: explanation,
});

const startsLikeTime = /^\d{4}-/;

/** The body of `POST /silences`. */
export const silenceRequestSchema = strict('key', {
  when: silenceWhen,
  from: moment().optional().describe('default: now'),
  until: readable((text) => {
    if (text === 'resolved' || length().safeParse(text).success) return parsed(text);
    return startsLikeTime.test(text)
      ? parseMoment(text, 'UTC')
      : unreadable('expected a length such as 2h, a time such as 2026-12-05T22:00, or resolved');
  }).describe('a time, a length such as `2h`, or `resolved`'),
  by: person.optional(),
  because: explanation,
});

/** The body of `POST /silences/matches`. */
export const silenceMatchSchema = strict('key', { when: silenceWhen });

export type SilenceSettings = Readonly<z.infer<typeof silenceSchema>>;

/** A silence as the store gives it back. `when` is checked anew: an older or newer version may have written it. */
export const storedSilenceSchema = z.object({
  id: z.string().min(1),
  origin: z.enum(['api', 'file']),
  when: silenceWhen,
  from: isoSchema,
  /** A time, or `resolved`: it ends with the alerts that it is bound to. */
  until: z.union([isoSchema, z.literal('resolved')]),
  by: z.string().nullable(),
  because: z.string(),
  /** The alerts that `resolved` is bound to; else empty. */
  alertIds: z.array(z.string()).readonly(),
  /** When somebody ended it early, or its alerts had ended. */
  expired_at: isoSchema.nullable(),
});

export type StoredSilence = Readonly<z.infer<typeof storedSilenceSchema>>;
