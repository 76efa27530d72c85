// What the API shows of an alert. The views in alert-view.ts give exactly this, and openapi.ts describes it.
import * as z from 'zod';
import { alertStates } from '../domain/alert.ts';
import { isoSchema, kinds, severities, sourceSchema } from '../domain/event.ts';
import { factsSchema } from '../domain/facts.ts';
import { historyEntrySchema } from '../domain/history.ts';
import { traitItems } from '../domain/observation.ts';
import { count, deliveryDetailSchema, deliveryRowSchema } from './delivery-schema.ts';

/** The ids of so many events are listed; `GET /events?alert_id=` has all. */
export const maxEventIds = 100;

/** Of each event in an alert, of which there may be 500; the event itself has all of it. */
export const maxDescriptionChars = 1000;

const alertShape = {
  alert_id: z.string(),
  dedup_key: z.string().meta({ description: 'The key under which PagerDuty knows it.' }),
  title: z.string().meta({ description: 'The title of its most serious event.' }),
  severity: z
    .enum(severities)
    .meta({ description: 'The worst of its open events; of a resolved alert, the worst it had.' }),
  state: z.enum(alertStates),
  source: sourceSchema,
  opened_at: isoSchema,
  resolved_at: isoSchema.nullable(),
  reopened_at: z.array(isoSchema).readonly().meta({ description: 'When it was opened again, newest last.' }),
  related: z.array(z.string()).readonly().meta({ description: 'Other alerts that one of its events fitted as well.' }),
  event_ids: z
    .array(z.string())
    .meta({ description: `Its events in the order in which they joined, at most ${maxEventIds}.` }),
  event_count: count.meta({ description: 'How many events it has.' }),
  open_event_count: count.meta({ description: 'How many of them have not ended.' }),
  phase: z
    .string()
    .nullable()
    .meta({ description: "The vendor's word for the state of its newest incident, such as `monitoring`." }),
  affects: z.array(z.string()).readonly().meta({ description: 'The names of the components that it is about.' }),
  delivered_to: z.array(z.string()).meta({ description: 'The destinations that have ever accepted a delivery of it.' }),
  told_to: z.array(z.string()).meta({
    description:
      'The destinations that have accepted that it is open since it was opened last; once it is resolved, before that.',
  }),
  wake_at: z.strictObject({ at: isoSchema, because: z.string() }).nullable().meta({
    description: 'When it is looked at again though nothing happens, and why; null when it waits for nothing.',
  }),
};

export const alertViewSchema = z
  .strictObject({
    ...alertShape,
    deliveries: z.array(deliveryRowSchema).meta({ description: 'One row for each destination and action.' }),
  })
  .meta({ id: 'Alert', description: 'One outage, as people are told about it: one or more events under one key.' });

const alertEventSchema = z.strictObject({
  event_id: z.string(),
  kind: z.enum(kinds),
  item: z.enum(traitItems),
  title: z.string(),
  severity: z.enum(severities),
  state: z.enum(['open', 'resolved']).meta({ description: 'Whether it has ended, for this alert.' }),
  started_at: isoSchema,
  joined_at: isoSchema,
  ended_at: isoSchema.nullable(),
  test_mode: z.boolean(),
  description: z
    .string()
    .nullable()
    .meta({
      description: `The vendor's words, the first ${maxDescriptionChars} characters; null like \`facts\`, too.`,
    }),
  facts: factsSchema.nullable().meta({ description: 'Null when the event was dropped, or belongs to a later alert.' }),
  routed: z.boolean().nullable(),
  routing_reason: z.string().nullable(),
});

export const alertDetailSchema = z
  .strictObject({
    ...alertShape,
    events: z.array(alertEventSchema).meta({ description: 'In the order in which they joined, at most 500.' }),
    deliveries: z.array(deliveryDetailSchema).meta({ description: 'Each one, with its attempts. Oldest first.' }),
    history: z
      .array(historyEntrySchema.extend({ text: z.string().meta({ description: 'The same as one sentence.' }) }))
      .meta({ description: 'Each decision. Oldest first.' }),
  })
  .meta({
    id: 'AlertDetail',
    description: 'An alert with its events, its deliveries and their attempts, and its history.',
  });

export type AlertView = z.infer<typeof alertViewSchema>;
export type AlertDetailView = z.infer<typeof alertDetailSchema>;
export type AlertEventView = AlertDetailView['events'][number];
