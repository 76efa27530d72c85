// What would go over the wire for a delivery, as it is shown to whoever asks: sinks make it, and http describes it.
import * as z from 'zod';
import { actions } from './delivery.ts';

const requestPreviewSchema = z.strictObject({
  method: z.string(),
  url: z.string().nullable(),
  headers: z.record(z.string(), z.string()).readonly(),
  body: z.unknown(),
});

const owed = { destination: z.string(), action: z.enum(actions) };

export const deliveryPreviewSchema = z.union([
  z.strictObject({ ...owed, ...requestPreviewSchema.shape }).readonly(),
  z.strictObject({ ...owed, refused: z.string().meta({ description: 'Why nothing would be sent.' }) }).readonly(),
]);

/** A request as a destination would see it, but with every secret in it replaced by "(set)". */
export type RequestPreview = Readonly<z.infer<typeof requestPreviewSchema>>;
export type DeliveryPreview = z.infer<typeof deliveryPreviewSchema>;
