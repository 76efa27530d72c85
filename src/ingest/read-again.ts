// What an event's vendor sent is stored with it, so its adapter can read it again: for what an older program did not keep.
import type { UnifiedEvent } from '../domain/event.ts';
import type { Sighting } from '../domain/observation.ts';
import type { WebhookSource } from './webhook.ts';

/** Undefined for an event that did not come by a webhook: of a status page only the part that is the event is stored. */
export const createReadAgain =
  (webhooks: readonly WebhookSource[]) =>
  ({ event_id: eventId, source, raw: payload }: UnifiedEvent): Sighting | undefined => {
    const webhook = webhooks.find((each) => each.source === source);
    if (!webhook?.check(payload).ok) return undefined;
    const signal = { signalId: eventId, requestId: eventId, vendor: webhook.vendor, source, payload };
    return webhook
      .normalize(signal)
      .filter((observation) => observation.type === 'sighting')
      .find(({ event }) => event.event_id === eventId);
  };
