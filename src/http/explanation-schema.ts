// What `POST /routing/explain` answers, as openapi.ts describes it.
import * as z from 'zod';
import { actions } from '../delivery.ts';
import { eventSchema } from '../event.ts';
import { historyEntrySchema } from './event-schema.ts';

const owed = { destination: z.string(), action: z.enum(actions) };

const requestSchema = z
  .union([
    z.strictObject({
      ...owed,
      method: z.string(),
      url: z.string().nullable(),
      headers: z.record(z.string(), z.string()).readonly(),
      body: z.unknown(),
    }),
    z.strictObject({ ...owed, refused: z.string() }),
  ])
  .meta({ description: 'The exact request, with "(set)" in the place of each secret; or why none would be made.' });

const eventExplanationSchema = z.strictObject({
  verdict: z.enum(['new', 'changed', 'resolved', 'reopened', 'revised', 'ignored', 'duplicate', 'older', 'unrouted']),
  event_id: z.string(),
  event: eventSchema.readonly().nullable().meta({ description: 'As it would be stored.' }),
  routed: z.boolean(),
  routing_reason: z.string().nullable(),
  history: z.array(historyEntrySchema).readonly().meta({ description: 'What would be added to it.' }),
  requests: z.array(requestSchema).readonly(),
});

export const explanationSchema = z.strictObject({
  vendor: z.string(),
  page: z
    .strictObject({
      name: z.string(),
      condition: z.string(),
      reason: z.string().nullable(),
      items: z.int().nonnegative(),
      problems: z.array(z.string()).readonly(),
    })
    .nullable()
    .meta({ description: 'Of a summary: how its page would be left.' }),
  events: z.array(eventExplanationSchema).readonly(),
});
