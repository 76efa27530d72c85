// The request of a delivery, without sending it.
import type { Delivery } from '../domain/delivery.ts';
import type { DeliveryPreview } from '../domain/request-preview.ts';
import type { SendRequest } from './destination.ts';
import type { Destinations } from './destinations.ts';

export const createPreview =
  (destinations: Pick<Destinations, 'check'>) =>
  (delivery: Delivery, request: SendRequest): DeliveryPreview => {
    const what = { destination: delivery.destination, action: delivery.action };
    const checked = destinations.check(delivery);
    return 'refused' in checked ? { ...what, ...checked } : { ...what, ...checked.to.preview(request) };
  };
