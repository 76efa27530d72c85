// What the API shows of an event. The views in event-view.ts give exactly this, and openapi.ts describes it.
import * as z from 'zod';
import { actions, attemptOutcomes, deliveryStatuses } from '../domain/delivery.ts';
import { eventSchema, instantSchema } from '../domain/event.ts';
import { historyEntrySchema } from '../stores/event-store.ts';

const count = z.int().nonnegative();

const deliverySchema = z.strictObject({
  id: z.string().meta({ description: 'Of the newest delivery, for `POST /deliveries/{id}/retry`.' }),
  destination: z.string(),
  action: z.enum(actions),
  status: z.enum(deliveryStatuses),
  attempts: count,
  last_error: z.string().nullable(),
  delivered_at: instantSchema.nullable(),
  next_attempt_at: instantSchema.nullable(),
});

const attemptSchema = z.strictObject({
  number: z.int().positive(),
  started_at: instantSchema,
  duration_ms: z.number().nonnegative(),
  outcome: z.enum(attemptOutcomes).meta({ description: '`unknown`: it may have arrived, but no answer came back.' }),
  status_code: z.int().nullable(),
  error: z.string().nullable(),
});

const recordShape = {
  ...eventSchema.shape,
  raw: eventSchema.shape.raw.optional().meta({ description: "The vendor's object; absent with `raw=none`." }),
  redactions: z
    .record(z.string(), count)
    .optional()
    .meta({ description: 'With `raw=redacted`: how many of each kind were taken out.' }),
  routed: z.boolean().meta({ description: 'It was decided to send it to at least one destination.' }),
  delivered_to: z.array(z.string()).meta({ description: 'The destinations that have accepted it.' }),
  routing_reason: z.string().nullable().meta({ description: 'Why it was or was not sent; null until decided.' }),
  first_seen_at: instantSchema,
  last_seen_at: instantSchema,
  seen_count: z.int().positive(),
};

export const eventViewSchema = z
  .strictObject({
    ...recordShape,
    deliveries: z.array(deliverySchema).meta({ description: 'One for each destination and action.' }),
  })
  .meta({ id: 'Event', description: 'The unified event with its deliveries and decisions.' });

export const eventDetailSchema = z
  .strictObject({
    ...recordShape,
    deliveries: z.array(deliverySchema.extend({ attempt_log: z.array(attemptSchema) })),
    history: z.array(historyEntrySchema).meta({ description: 'Oldest first.' }),
  })
  .meta({ id: 'EventDetail', description: 'An event with its whole history, and each attempt of its deliveries.' });

export type EventView = z.infer<typeof eventViewSchema>;
export type EventDetailView = z.infer<typeof eventDetailSchema>;
export type DeliveryView = EventView['deliveries'][number];
