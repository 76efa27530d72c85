import type { EventRecord } from './event-store.ts';

/**
 * Whether the vendor has still to tell that it is over: a payment event is a fact, but an incident or an outage will be
 * heard of again, and so will one that was resolved by hand while its vendor goes on.
 */
export const awaitsEnd = ({ event, closed_by_hand: closed = null }: EventRecord): boolean =>
  event.kind !== 'payment' && (event.resolved_at === null || closed !== null);
