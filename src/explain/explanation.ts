// What would become of a payload, as it is told: the API shows exactly this, and scripts read it.
import * as z from 'zod';
import { eventSchema } from '../domain/event.ts';
import { deliveryPreviewSchema } from '../domain/request-preview.ts';
import { pageStateSchema } from '../ingest/polling/page-state.ts';
import type { Outcome } from '../pipeline/signal-outcome.ts';
import { historyEntrySchema } from '../stores/event-store.ts';

export type Ended = Exclude<Outcome, { readonly kind: 'failed' }>;

/** What became of a signal, as somebody who asks would say it. */
export const verdicts = {
  stored: 'new',
  updated: 'changed',
  revised: 'revised',
  resolved: 'resolved',
  reopened: 'reopened',
  duplicate: 'duplicate',
  older: 'older',
  ignored: 'ignored',
  unrouted: 'unrouted',
} as const satisfies Readonly<Record<Ended['kind'], string>>;

const { condition, last_error: reason } = pageStateSchema.shape;

const pageSchema = z.strictObject({
  name: z.string(),
  condition: condition.meta({ description: 'How the page would be left.' }),
  reason,
  items: z.int().nonnegative(),
  problems: z.array(z.string()).readonly().meta({ description: 'What of the summary cannot be used.' }),
});

const eventExplanationSchema = z.strictObject({
  verdict: z.enum(verdicts).meta({ description: 'Compared with what is stored now.' }),
  event_id: z.string(),
  event: eventSchema
    .nullable()
    .meta({ description: 'As it would be stored; null when its id is all that is left of it.' }),
  routed: z.boolean(),
  routing_reason: z.string().nullable(),
  history: z.array(historyEntrySchema).readonly().meta({ description: 'What would be added.' }),
  requests: z
    .array(deliveryPreviewSchema)
    .readonly()
    .meta({ description: 'What would be owed anew, each as the request that would be made.' }),
});

export const explanationSchema = z.strictObject({
  vendor: z.string(),
  page: pageSchema.nullable().meta({ description: 'Of a summary only.' }),
  events: z.array(eventExplanationSchema).readonly(),
});

export type EventExplanation = Readonly<z.infer<typeof eventExplanationSchema>>;
export type Explanation = Readonly<z.infer<typeof explanationSchema>>;
