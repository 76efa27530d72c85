// What would become of a payload: the API shows exactly this, and scripts read it.
import * as z from 'zod';
import { alertStates } from '../domain/alert.ts';
import { eventSchema, severities } from '../domain/event.ts';
import { factsSchema } from '../domain/facts.ts';
import { historyEntrySchema } from '../domain/history.ts';
import { deliveryPreviewSchema } from '../domain/request-preview.ts';
import { pageStateSchema } from '../ingest/polling/page-state.ts';
import type { Outcome } from '../pipeline/topics.ts';

export type Ended = Exclude<Outcome, { readonly kind: 'failed' }>;

/** What became of an observation, as somebody who asks would say it. */
export const verdicts = {
  stored: 'new',
  updated: 'changed',
  revised: 'revised',
  resolved: 'resolved',
  reopened: 'reopened',
  duplicate: 'duplicate',
  older: 'older',
  ignored: 'ignored',
} as const satisfies Readonly<Record<Ended['kind'], string>>;

const { condition, last_error: reason } = pageStateSchema.shape;

const pageSchema = z.strictObject({
  name: z.string(),
  condition: condition.meta({ description: 'How the status page would be left.' }),
  reason,
  items: z.int().nonnegative(),
  problems: z.array(z.string()).readonly().meta({ description: 'The items of the summary that cannot be used.' }),
});

const alertSchema = z.strictObject({
  alert_id: z.string(),
  title: z.string(),
  state: z.enum(alertStates),
  how: z
    .enum(['opens', 'joins', 'reopens', 'stays'])
    .meta({ description: 'The effect of the event on the alert. `stays`: it belongs to it already.' }),
  because: z.string(),
});

const rulingSchema = z.strictObject({
  severity: z.enum(severities),
  built_in_severity: z.enum(severities),
  severity_because: z
    .string()
    .nullable()
    .meta({ description: 'The rule that changed the severity; null when the built-in tables decide.' }),
  route: z
    .strictObject({ name: z.string(), place: z.string() })
    .readonly()
    .nullable()
    .meta({ description: 'The route of the rules file that decided, with its place; null without one.' }),
  because: z.string(),
});

const eventExplanationSchema = z.strictObject({
  verdict: z.enum(verdicts).meta({ description: 'Compared with what is stored now.' }),
  event_id: z.string(),
  event: eventSchema.nullable().meta({ description: 'As it would be stored; null when only its id is left.' }),
  facts: factsSchema.nullable(),
  rules: rulingSchema.nullable().meta({ description: 'The answer of the rules at the time that was asked for.' }),
  alert: alertSchema.nullable().meta({ description: 'The alert that it would belong to; null when it has none.' }),
  routed: z.boolean(),
  routing_reason: z.string().nullable(),
  history: z.array(historyEntrySchema).readonly().meta({ description: 'The entries that would be added.' }),
  requests: z
    .array(deliveryPreviewSchema)
    .readonly()
    .meta({ description: 'The deliveries that would be created, each as the request that would be made.' }),
});

export const explanationSchema = z.strictObject({
  vendor: z.string(),
  at: z.string().meta({ description: 'The time that was asked for.' }),
  page: pageSchema.nullable().meta({ description: 'Of a summary only.' }),
  events: z.array(eventExplanationSchema).readonly(),
});

export type EventExplanation = Readonly<z.infer<typeof eventExplanationSchema>>;
export type Explanation = Readonly<z.infer<typeof explanationSchema>>;
