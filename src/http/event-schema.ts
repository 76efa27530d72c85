// What the API shows of an event. The views in event-view.ts give exactly this, and openapi.ts describes it.
import * as z from 'zod';
import { eventSchema, isoSchema } from '../domain/event.ts';
import { factsSchema } from '../domain/facts.ts';
import { historyEntrySchema } from '../domain/history.ts';
import { attemptLog, count, deliveryRowSchema } from './delivery-schema.ts';

const recordShape = {
  ...eventSchema.shape,
  raw: eventSchema.shape.raw.optional().meta({ description: "The vendor's object; absent with `raw=none`." }),
  redactions: z
    .record(z.string(), count)
    .optional()
    .meta({ description: 'With `raw=redacted`: how many of each kind were removed.' }),
  facts: factsSchema,
  state: z.enum(['open', 'resolved']).meta({
    description: 'Whether it is open: unresolved, a maintenance that has begun, a payment whose alert is open.',
  }),
  alert_id: z.string().nullable().meta({ description: 'The alert that it belongs to; null when it has none.' }),
  routed: z.boolean().meta({ description: 'It was handed to at least one destination.' }),
  delivered_to: z.array(z.string()).meta({ description: 'The destinations that have accepted it.' }),
  routing_reason: z.string().nullable().meta({ description: 'Why it was or was not sent.' }),
  first_seen_at: isoSchema,
  last_seen_at: isoSchema,
  seen_count: z.int().positive(),
};

export const eventViewSchema = z
  .strictObject({
    ...recordShape,
    deliveries: z.array(deliveryRowSchema).meta({
      description: 'Those that carried it, and the end of its alert: one row for each destination and action.',
    }),
  })
  .meta({ id: 'Event', description: 'The unified event, and beside it what became of it.' });

export const eventDetailSchema = z
  .strictObject({
    ...recordShape,
    deliveries: z.array(deliveryRowSchema.extend({ attempt_log: attemptLog })),
    history: z
      .array(historyEntrySchema)
      .readonly()
      .meta({ description: 'Of the event, and of its alert as far as it names the event. Oldest first.' }),
  })
  .meta({ id: 'EventDetail', description: 'An event with its whole history and every attempt of its deliveries.' });

export type EventView = z.infer<typeof eventViewSchema>;
export type EventDetailView = z.infer<typeof eventDetailSchema>;
