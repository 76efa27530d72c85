// The unified event: the one shape into which every vendor's signal is turned. The schema is the single
// source of the type, and everything that leaves a normalizer is parsed by it.
import * as z from 'zod';

export const severities = ['info', 'warning', 'critical'] as const;
export const kinds = ['incident', 'status', 'payment'] as const;

/** `stripe`, or the name of a status page with `_status` behind it. */
export const sourceSchema = z
  .string()
  .regex(/^(stripe|[a-z0-9][a-z0-9_-]*_status)$/, 'expected "stripe" or "{page}_status"');

/** A moment exactly as `Date.prototype.toISOString()` writes it: UTC, milliseconds, a `Z`. */
const instantSchema = z.iso.datetime({ precision: 3 });

export const eventSchema = z.strictObject({
  event_id: z.string().min(1),
  source: sourceSchema,
  kind: z.enum(kinds),
  severity: z.enum(severities),
  service: z.string().min(1),
  summary: z.string().min(1),
  description: z.string().nullable(),
  started_at: instantSchema,
  resolved_at: instantSchema.nullable(),
  raw: z.unknown(),
});

export type UnifiedEvent = Readonly<z.infer<typeof eventSchema>>;
export type Severity = UnifiedEvent['severity'];

export const isWorse = (severity: Severity, than: Severity): boolean =>
  severities.indexOf(severity) > severities.indexOf(than);
