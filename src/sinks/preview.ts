// What would go over the wire for a delivery, without sending it.
import { admit, type Delivery } from '../domain/delivery.ts';
import type { UnifiedEvent } from '../domain/event.ts';
import type { DeliveryPreview } from '../domain/request-preview.ts';
import type { Sink } from './destination.ts';

export const createPreview =
  (sinks: readonly Sink[]) =>
  (delivery: Delivery, event: UnifiedEvent): DeliveryPreview => {
    const { destination, action, request_id: requestId } = delivery;
    const admitted = admit(
      delivery,
      sinks.find((sink) => sink.destination === destination),
    );
    const what = { destination, action };
    return 'refused' in admitted
      ? { ...what, ...admitted }
      : { ...what, ...admitted.to.preview({ action, event, requestId }) };
  };
