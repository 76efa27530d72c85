// What is remembered of each change, in words and fields.
import * as z from 'zod';
import { actions, type Delivery } from './delivery.ts';
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

const changeOf: Readonly<Record<Exclude<Delivery['status'], 'pending'>, ChangeKind>> = {
  delivered: 'delivered',
  failed: 'delivery_failed',
  superseded: 'delivery_superseded',
};

/** The history of a step in an alert's deliveries: one entry for each that came to its end in it. */
export const deliveryHistory = (
  before: readonly Delivery[],
  after: readonly Delivery[],
  at: string,
  requestId: string,
): readonly HistoryEntry[] => {
  const statusBefore = new Map(before.map(({ id, status }) => [id, status]));
  return after.flatMap(({ id, event_id, status, destination, action, last_error: lastError }) => {
    const old = statusBefore.get(id) ?? 'pending';
    if (status === 'pending' || status === old) return [];
    const entry: HistoryEntry = {
      at,
      change: changeOf[status],
      request_id: requestId,
      event_id,
      destination,
      action,
      fields: { status: { old, new: status } },
    };
    return [status === 'failed' && lastError !== null ? { ...entry, reason: lastError } : entry];
  });
};
