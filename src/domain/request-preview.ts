// The request that a delivery would send, shown without sending it: sinks make it, and http describes it.
import * as z from 'zod';
import { actions } from './delivery.ts';

const requestPreviewSchema = z.strictObject({
  method: z.string(),
  url: z.string().nullable(),
  headers: z.record(z.string(), z.string()).readonly(),
  body: z.unknown(),
});

const delivery = { destination: z.string(), action: z.enum(actions) };

export const deliveryPreviewSchema = z.union([
  z.strictObject({ ...delivery, ...requestPreviewSchema.shape }).readonly(),
  z.strictObject({ ...delivery, refused: z.string().meta({ description: 'Why nothing would be sent.' }) }).readonly(),
]);

/** A request as a destination would see it, but with every secret in it replaced by "(set)". */
export type RequestPreview = Readonly<z.infer<typeof requestPreviewSchema>>;
export type DeliveryPreview = z.infer<typeof deliveryPreviewSchema>;
