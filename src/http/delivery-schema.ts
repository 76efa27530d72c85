// What the API shows of deliveries, wherever they stand.
import * as z from 'zod';
import { actions, attemptOutcomes, deliveryReasons, deliveryStatuses } from '../domain/delivery.ts';
import { isoSchema, severities, sourceSchema } from '../domain/event.ts';

export const count = z.int().nonnegative();

const earlier = z.boolean().meta({
  description: 'It is of an earlier time of an alert that was opened again: the end of that time was told there since.',
});

/** One row for each destination and action of an event or an alert. */
export const deliveryRowSchema = z.strictObject({
  id: z.string().meta({ description: 'The newest of them, for `POST /deliveries/{id}/retry`.' }),
  destination: z.string(),
  action: z.enum(actions),
  status: z.enum(deliveryStatuses),
  attempts: count,
  last_error: z.string().nullable(),
  delivered_at: isoSchema.nullable(),
  next_attempt_at: isoSchema.nullable(),
  earlier,
});

const attemptSchema = z.strictObject({
  number: z.int().positive(),
  started_at: isoSchema,
  duration_ms: z.number().nonnegative(),
  outcome: z
    .enum(attemptOutcomes)
    .meta({ description: '`unknown`: no answer came back, so the destination may have accepted it.' }),
  status_code: z.int().nullable(),
  error: z.string().nullable(),
});

export const attemptLog = z.array(attemptSchema).meta({ description: 'Oldest first.' });

const singleShape = {
  id: z.string(),
  alert_id: z.string(),
  event_id: z.string().meta({ description: 'The event that it speaks of.' }),
  event_ids: z.array(z.string()).readonly().meta({ description: 'Every event that it carries.' }),
  destination: z.string(),
  action: z.enum(actions),
  reason: z.enum(deliveryReasons).meta({ description: 'Why it was created.' }),
  severity: z.enum(severities).meta({ description: 'How serious the event was then.' }),
  status: z.enum(deliveryStatuses),
  attempts: count,
  last_error: z.string().nullable(),
  created_at: isoSchema,
  delivered_at: isoSchema.nullable(),
  next_attempt_at: isoSchema.nullable(),
};

export const deliverySchema = z
  .strictObject(singleShape)
  .meta({ id: 'Delivery', description: 'One action of an alert for one destination.' });

export const listedDeliverySchema = z.strictObject({
  ...singleShape,
  alert_title: z.string().nullable().meta({ description: 'The title of its alert; null when the alert is gone.' }),
  source: sourceSchema.nullable().meta({ description: 'The source of its alert; null when the alert is gone.' }),
});

export const deliveryDetailSchema = z.strictObject({ ...singleShape, earlier, attempt_log: attemptLog });

export type DeliveryRow = z.infer<typeof deliveryRowSchema>;
export type DeliveryView = z.infer<typeof deliverySchema>;
export type ListedDeliveryView = z.infer<typeof listedDeliverySchema>;
export type DeliveryDetailView = z.infer<typeof deliveryDetailSchema>;
