// The listings of the memory store: walks from the newest on, which end early like those of the databases.
import type { Alert } from '../../domain/alert.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { EventRecord } from '../../domain/event-record.ts';
import { deliveriesOf } from '../event-deliveries.ts';
import { createMatcher } from '../event-filter.ts';
import type {
  AlertPage,
  AlertQuery,
  AlertTitle,
  DeliveryPage,
  DeliveryPosition,
  DeliveryQuery,
  EventPage,
  EventQuery,
  EventWithDeliveries,
} from '../event-store.ts';
import { takePage } from '../page.ts';
import { createGlance, recordOf } from './at-rest.ts';
import type { Contents } from './contents.ts';
import { type AlertEntry, type EventEntry, none } from './entries.ts';

export interface Lister {
  /** @param record that of the entry, where it was read already */
  show(entry: EventEntry, withRaw: boolean, record?: EventRecord): EventWithDeliveries;
  events(query: EventQuery): EventPage;
  alerts(query: AlertQuery): AlertPage;
  deliveries(query: DeliveryQuery): DeliveryPage;
}

const sizeOf = (shown: EventWithDeliveries): number =>
  JSON.stringify(shown.record).length + (shown.rawJson?.length ?? 0) + JSON.stringify(shown.deliveries).length;

const isAsked = (alert: Alert, { state, severity, source }: AlertQuery): boolean =>
  (state === undefined || alert.state === state) &&
  (severity === undefined || alert.severity === severity) &&
  (source === undefined || alert.source === source);

const isWanted = (delivery: Delivery, { status, destination, action }: DeliveryQuery): boolean =>
  (status === undefined || delivery.status === status) &&
  (destination === undefined || delivery.destination === destination) &&
  (action === undefined || delivery.action === action);

export const createLister = ({ events, alerts }: Contents, maxScan: number): Lister => {
  const show = (entry: EventEntry, withRaw: boolean, record = recordOf(entry)): EventWithDeliveries => {
    const alert = record.alert_id === null ? undefined : alerts.get(record.alert_id);
    return {
      record,
      deliveries: alert ? deliveriesOf(record.event.event_id, alert.alert.deliveries) : none,
      rawJson: withRaw ? entry.rawJson : null,
    };
  };

  function* walkAlert(alertId: string, before = Number.MAX_SAFE_INTEGER): Iterable<EventEntry> {
    const ofAlert = [...(events.ofAlert(alertId) ?? none)].sort((a, b) => b.sequence - a.sequence);
    for (const entry of ofAlert) if (entry.sequence < before) yield entry;
  }

  function* walkEvents({ before, since = '', until }: EventQuery): Iterable<EventEntry> {
    const isBefore = until === undefined ? undefined : ({ firstSeenAt }: EventEntry) => firstSeenAt < until;
    for (const entry of events.arrivals.newestFirst(before?.sequence, isBefore)) {
      if (entry.firstSeenAt < since) return;
      yield entry;
    }
  }

  function* walkAlerts(
    { since = '', until }: Pick<AlertQuery, 'since' | 'until'>,
    before: number | undefined,
  ): Iterable<AlertEntry> {
    const isBefore = until === undefined ? undefined : ({ openedAt }: AlertEntry) => openedAt < until;
    for (const entry of alerts.arrivals.newestFirst(before, isBefore)) {
      if (entry.openedAt < since) return;
      yield entry;
    }
  }

  function* walkDeliveries(query: DeliveryQuery) {
    const { before } = query;
    // The alert at which the last page stopped may have more.
    for (const { sequence, alert } of walkAlerts(query, before && before.sequence + 1)) {
      const end = before?.sequence === sequence ? before.ordinal : alert.deliveries.length;
      for (let ordinal = end - 1; ordinal >= 0; ordinal--) {
        const delivery = alert.deliveries[ordinal];
        const position: DeliveryPosition = { sequence, ordinal };
        if (delivery) yield { delivery, position };
      }
    }
  }

  return {
    show,
    events(query) {
      const mayMatch = createGlance(query);
      const matches = createMatcher(query);
      const accept = (entry: EventEntry): EventWithDeliveries | undefined => {
        if (!mayMatch(entry)) return undefined;
        const record = recordOf(entry);
        return matches(record) ? show(entry, query.withRaw === true, record) : undefined;
      };
      const { items, next } = takePage(
        query.alert_id === undefined ? walkEvents(query) : walkAlert(query.alert_id, query.before?.sequence),
        { ...query, maxScan },
        accept,
        sizeOf,
      );
      return { events: items, next: next ? { sequence: next.sequence } : null };
    },
    alerts(query) {
      const { items, next } = takePage(
        walkAlerts(query, query.before?.sequence),
        { limit: query.limit, maxScan },
        (entry) => (isAsked(entry.alert, query) ? entry.alert : undefined),
      );
      return { alerts: items, next: next ? { sequence: next.sequence } : null };
    },
    deliveries(query) {
      const { items, next } = takePage(walkDeliveries(query), { limit: query.limit, maxScan }, ({ delivery }) =>
        isWanted(delivery, query) ? delivery : undefined,
      );
      const ids = query.withTitles ? new Set(items.map(({ alert_id: alertId }) => alertId)) : [];
      const titles = new Map<string, AlertTitle>();
      for (const id of ids) {
        const found = alerts.get(id)?.alert;
        if (found) titles.set(id, { title: found.title, source: found.source });
      }
      return { deliveries: items, titles, next: next?.position ?? null };
    },
  };
};
