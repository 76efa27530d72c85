import type { Delivery } from '../domain/delivery.ts';
import type { UnifiedEvent } from '../domain/event.ts';
import type { DeliveryPreview } from '../domain/request-preview.ts';
import type { OverlayStore, Underlay } from '../stores/dry-run.ts';
import type { EventRecord, Found } from '../stores/event-store.ts';
import { type Ended, type EventExplanation, verdicts } from './explanation.ts';

const recordOf = (found: Found): EventRecord | undefined => (found === 'forgotten' ? undefined : found);

export const explainEvent = async (
  kind: Ended['kind'],
  eventId: string,
  stored: Underlay,
  overlay: OverlayStore,
  preview: (delivery: Delivery, event: UnifiedEvent) => DeliveryPreview,
): Promise<EventExplanation> => {
  const before = recordOf(await stored.find(eventId));
  const after = recordOf(await overlay.find(eventId));
  const known = new Set(before?.deliveries.map(({ id }) => id));
  const owed = after?.deliveries.filter(({ id, status }) => status === 'pending' && !known.has(id)) ?? [];
  return {
    verdict: verdicts[kind],
    event_id: eventId,
    event: after?.event ?? null,
    routed: after?.routed ?? false,
    routing_reason: after?.routing_reason ?? null,
    history: overlay.addedHistory(eventId),
    requests: after ? owed.map((delivery) => preview(delivery, after.event)) : [],
  };
};
