import type { Delivery } from '../delivery.ts';
import type { UnifiedEvent } from '../event.ts';
import type { Outcome } from '../pipeline/outcomes.ts';
import type { OverlayStore, Underlay } from '../stores/overlay.ts';
import type { EventRecord, Found, HistoryEntry } from '../stores/store.ts';

type Ended = Exclude<Outcome, { readonly kind: 'failed' }>;

/** What became of a signal, as somebody who asks would say it. */
const verdictOf = (kind: Ended['kind']) => (kind === 'stored' ? 'new' : kind === 'updated' ? 'changed' : kind);

/** As a sink tells it, with "(set)" in the place of each secret; or why nothing would be sent. */
export type PreviewedRequest = { readonly destination: string; readonly action: Delivery['action'] } & (
  | {
      readonly method: string;
      readonly url: string | null;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: unknown;
    }
  | { readonly refused: string }
);

export interface EventExplanation {
  /** Compared with what is stored now. */
  readonly verdict: ReturnType<typeof verdictOf>;
  readonly event_id: string;
  /** The event as it would be stored; null when its id is all that is left of it. */
  readonly event: UnifiedEvent | null;
  readonly routed: boolean;
  readonly routing_reason: string | null;
  /** What would be added to its history. */
  readonly history: readonly HistoryEntry[];
  /** What would be owed anew, each as the request that would be made. */
  readonly requests: readonly PreviewedRequest[];
}

const recordOf = (found: Found): EventRecord | undefined => (found === 'forgotten' ? undefined : found);

export const explainEvent = async (
  kind: Ended['kind'],
  eventId: string,
  stored: Underlay,
  overlay: OverlayStore,
  preview: (delivery: Delivery, event: UnifiedEvent) => PreviewedRequest,
): Promise<EventExplanation> => {
  const before = recordOf(await stored.find(eventId));
  const after = recordOf(await overlay.find(eventId));
  const known = new Set(before?.deliveries.map(({ id }) => id));
  const owed = after?.deliveries.filter(({ id, status }) => status === 'pending' && !known.has(id)) ?? [];
  return {
    verdict: verdictOf(kind),
    event_id: eventId,
    event: after?.event ?? null,
    routed: after?.routed ?? false,
    routing_reason: after?.routing_reason ?? null,
    history: overlay.addedHistory(eventId),
    requests: after ? owed.map((delivery) => preview(delivery, after.event)) : [],
  };
};
