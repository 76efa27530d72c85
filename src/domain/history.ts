// The entry that each change leaves in the history of an event or an alert.
import * as z from 'zod';
import { actions } from './delivery.ts';
import { isoSchema } from './event.ts';

export const changeKinds = [
  'stored',
  'updated',
  'resolved',
  'reopened',
  'routing_decided',
  'delivered',
  'delivery_failed',
  'delivery_superseded',
  'delivery_retried',
  'opened',
  'joined',
  'eased',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** A schema, for the API shows an entry as it is kept. */
export const historyEntrySchema = z.strictObject({
  at: isoSchema,
  change: z.enum(changeKinds),
  request_id: z.string(),
  fields: z
    .record(z.string(), z.strictObject({ old: z.unknown(), new: z.unknown() }).readonly())
    .readonly()
    .exactOptional()
    .meta({ description: 'The fields that changed, with what they held before and after.' }),
  reason: z.string().exactOptional(),
  event_id: z.string().exactOptional(),
  destination: z.string().exactOptional(),
  action: z.enum(actions).exactOptional(),
});
export type HistoryEntry = Readonly<z.infer<typeof historyEntrySchema>>;
