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
  condition: condition.meta({ description: 'The state of the status page afterwards.' }),
  reason,
  items: z.int().nonnegative(),
  problems: z.array(z.string()).readonly().meta({ description: 'The parts of the summary that cannot be used.' }),
});

const eventExplanationSchema = z.strictObject({
  verdict: z.enum(verdicts).meta({ description: 'Compared with what is stored now.' }),
  event_id: z.string(),
  event: eventSchema
    .nullable()
    .meta({ description: 'The event as it would be stored; null when only its id is remembered.' }),
  routed: z.boolean(),
  routing_reason: z.string().nullable(),
  history: z.array(historyEntrySchema).readonly().meta({ description: 'The entries that would be added.' }),
  requests: z
    .array(deliveryPreviewSchema)
    .readonly()
    .meta({ description: 'The deliveries that would be created, each as the request that would be sent.' }),
});

export const explanationSchema = z.strictObject({
  vendor: z.string(),
  page: pageSchema.nullable().meta({ description: 'Of a summary only.' }),
  events: z.array(eventExplanationSchema).readonly(),
});

export type EventExplanation = Readonly<z.infer<typeof eventExplanationSchema>>;
export type Explanation = Readonly<z.infer<typeof explanationSchema>>;
