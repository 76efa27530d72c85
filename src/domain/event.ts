// The unified event: the one shape into which every vendor's signal is turned. The schema is the single source of the
// type. The status pages' normalizer parses its events by it. Stripe's does not, for speed: a test does it there.
import * as z from 'zod';

export const severities = ['info', 'warning', 'critical'] as const;
export const kinds = ['incident', 'status', 'payment'] as const;

/** `stripe`, or the name of a status page with `_status` behind it. */
export const sourceSchema = z
  .string()
  .regex(/^(stripe|[a-z0-9][a-z0-9_-]*_status)$/, 'expected "stripe" or "{page}_status"');

/** A moment exactly as `Date.prototype.toISOString()` writes it. */
export const isoSchema = z.iso.datetime({ precision: 3 }).meta({
  id: 'Instant',
  description: 'UTC, with milliseconds and a `Z`.',
  examples: ['2026-01-31T12:00:00.000Z'],
  // Zod's own pattern spells out the leap years. The API's description stays readable: `format` covers them.
  override: { pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' },
});

export const eventSchema = z
  .strictObject({
    event_id: z.string().min(1),
    source: sourceSchema,
    kind: z.enum(kinds),
    severity: z.enum(severities),
    service: z.string().min(1),
    summary: z.string().min(1),
    description: z.string().nullable(),
    started_at: isoSchema,
    resolved_at: isoSchema.nullable(),
    raw: z.unknown().meta({ description: "The vendor's object as it arrived." }),
  })
  .meta({ id: 'UnifiedEvent', description: "The one shape into which every vendor's signal is turned." });

export type UnifiedEvent = Readonly<z.infer<typeof eventSchema>>;
export type Severity = UnifiedEvent['severity'];

/** For sorting. */
export const mostSeriousFirst = (a: { readonly severity: Severity }, b: { readonly severity: Severity }): number =>
  severities.indexOf(b.severity) - severities.indexOf(a.severity);

export const isWorse = (severity: Severity, than: Severity): boolean =>
  severities.indexOf(severity) > severities.indexOf(than);
