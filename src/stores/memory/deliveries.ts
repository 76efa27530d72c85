// What the memory store is asked about deliveries: by their id, and as a listing, newest first.
import type { Delivery } from '../../domain/delivery.ts';
import type { DeliveryPage, DeliveryPosition, DeliveryQuery, EventRecord } from '../event-store.ts';
import type { Arrival, Arrivals } from './arrivals.ts';

interface Owner extends Arrival {
  readonly record: EventRecord;
}

export interface DeliveryIndex<E extends Owner> {
  /** Brings the index in step with an entry that is stored now, or is not any more. */
  update(entry: E, isStored: boolean): void;
  find(deliveryId: string): Delivery | undefined;
  list(query: DeliveryQuery): DeliveryPage;
}

const matches = ({ status, destination, action }: Delivery, query: DeliveryQuery): boolean =>
  (query.status === undefined || status === query.status) &&
  (query.destination === undefined || destination === query.destination) &&
  (query.action === undefined || action === query.action);

const isBehind = ({ sequence, ordinal }: DeliveryPosition, before: DeliveryPosition | undefined): boolean =>
  before === undefined || sequence < before.sequence || ordinal < before.ordinal;

export const createDeliveryIndex = <E extends Owner>(arrivals: Arrivals<E>): DeliveryIndex<E> => {
  const owners = new Map<string, E>();

  function* newestFirst({ before, since = '', until }: DeliveryQuery) {
    const isBefore = until === undefined ? undefined : ({ record }: E) => record.first_seen_at < until;
    // The event at which the last page stopped may have more.
    for (const { sequence, record } of arrivals.newestFirst(before && before.sequence + 1, isBefore)) {
      if (record.first_seen_at < since) return;
      for (const [ordinal, delivery] of [...record.deliveries.entries()].reverse()) {
        const position = { firstSeenAt: record.first_seen_at, sequence, ordinal };
        if (isBehind(position, before)) yield { delivery, position };
      }
    }
  }

  return {
    update(entry, isStored) {
      for (const { id } of entry.record.deliveries) {
        if (isStored) owners.set(id, entry);
        else owners.delete(id);
      }
    },
    find: (deliveryId) => owners.get(deliveryId)?.record.deliveries.find(({ id }) => id === deliveryId),
    list(query) {
      const found: { readonly delivery: Delivery; readonly position: DeliveryPosition }[] = [];
      for (const each of newestFirst(query)) {
        if (found.length > query.limit) break;
        if (matches(each.delivery, query)) found.push(each);
      }
      const page = found.slice(0, query.limit);
      return {
        deliveries: page.map(({ delivery }) => delivery),
        next: found.length > query.limit ? (page.at(-1)?.position ?? null) : null,
      };
    },
  };
};
