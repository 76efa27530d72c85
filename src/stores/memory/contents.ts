// All that the memory store holds, and how a decision changes it: all of it, or nothing when there is no room.
import type { EventRecord } from '../../domain/event-record.ts';
import type { AlertChange } from '../../domain/settle-alert.ts';
import { StoreUnavailable } from '../../lib/errors.ts';
import { isOnlySighting, newsOf } from '../change-feed.ts';
import type { Changes } from '../event-store.ts';
import { addedHistory } from '../history-bounds.ts';
import { type AlertBook, createAlertBook } from './alerts.ts';
import { createRest, recordOf, rouse } from './at-rest.ts';
import { type ChangeOrder, createChangeOrder } from './change-order.ts';
import { type AlertEntry, type EventEntry, none } from './entries.ts';
import { createEventBook, type EventBook } from './events.ts';
import { needs } from './needs.ts';

export interface Contents {
  readonly events: EventBook;
  readonly alerts: AlertBook;
  readonly changes: ChangeOrder<EventEntry | AlertEntry>;
  /**
   * @param eventId whose history is added to where the changes have no event
   * @throws {StoreUnavailable} `store_full` when a new event has no room; nothing is kept then
   */
  keep(eventId: string | undefined, changes: Changes<unknown>): void;
  /** @throws {StoreUnavailable} `store_full` when a new event would have no room */
  checkRoom(): void;
}

/** Each is dropped before any of the next, the oldest first. */
const droppable = [needs.nothing, needs.itsEnd, needs.one];

export const createContents = (capacity: number): Contents => {
  const alerts = createAlertBook();
  const events = createEventBook(alerts.get);
  const rest = createRest();
  const changes = createChangeOrder<EventEntry | AlertEntry>(({ type }) => type);
  /** Alerts without a stored event, which go by their number. */
  const alone = new Set<AlertEntry>();

  const dropAlert = (entry: AlertEntry): void => {
    alone.delete(entry);
    alerts.drop(entry);
    changes.drop(entry, entry.alert.state === 'open');
  };

  /** The alert, where no stored event is left in it. */
  const withoutEvents = (alertId: string | null): AlertEntry | undefined =>
    alertId === null || events.ofAlert(alertId) ? undefined : alerts.get(alertId);

  /** An alert goes with its last event, unless somebody is still to be told of it. */
  const dropEvent = (entry: EventEntry): void => {
    events.drop(entry);
    changes.drop(entry, entry.rank >= needs.itsEnd);
    const alert = typeof entry.content === 'string' ? undefined : withoutEvents(entry.content.record.alert_id);
    if (alert?.isHeld) alone.add(alert);
    else if (alert) dropAlert(alert);
  };

  /** The event that has to go, which is none that the changes are about. */
  const leastNeeded = ({ alerts: changed = none, otherEvents = none }: Changes<unknown>): EventEntry => {
    const isChanged = ({ eventId, content }: EventEntry) =>
      typeof content !== 'string' &&
      (changed.some(({ alert }) => alert.alert_id === content.record.alert_id) ||
        otherEvents.some(({ event }) => event.event_id === eventId));
    for (const rank of droppable) {
      const dropped = events.arrivals.oldest(rank, isChanged);
      if (dropped) return dropped;
    }
    throw new StoreUnavailable('store_full', `all ${capacity} stored events are still needed: something is to be sent`);
  };

  const tell = (eventIds: readonly string[]): void => {
    for (const eventId of eventIds) {
      const entry = events.get(eventId);
      if (!entry) continue;
      events.rank(entry);
      changes.add(entry);
    }
  };

  const keepAlert = ({ alert, history }: AlertChange): void => {
    const stored = alerts.get(alert.alert_id);
    const [before, wasHeld] = [stored?.alert, stored?.isHeld];
    const entry = alerts.put(alert);
    entry.history = addedHistory(entry.history, history);
    const group = events.ofAlert(alert.alert_id);
    if (!group) alone.add(entry);
    else if (wasHeld !== entry.isHeld || before?.state !== alert.state) for (const event of group) events.rank(event);
    const { isTold, eventIds } = newsOf(before, alert);
    if (isTold) changes.add(entry);
    tell(eventIds);
  };

  /** What an event has left for another alert stays to be read: somebody may have been told of it. */
  const leaveAlert = (alertId: string | null): void => {
    const alert = withoutEvents(alertId);
    if (alert) alone.add(alert);
  };

  const putEvent = (record: EventRecord): EventEntry => {
    const stored = events.get(record.event.event_id);
    const before = stored && recordOf(stored);
    const entry = stored ?? events.insert(record);
    if (stored) events.replace(stored, record);
    if (before === undefined || !isOnlySighting(before, record)) changes.add(entry);
    if (before && before.alert_id !== record.alert_id) leaveAlert(before.alert_id);
    const alert = record.alert_id === null ? undefined : alerts.get(record.alert_id);
    if (alert) alone.delete(alert);
    return entry;
  };

  const keepPayments = ({ alertId, isOpen }: NonNullable<Changes<unknown>['paymentsOf']>[number]): void => {
    for (const entry of [...(events.ofAlert(alertId) ?? none)]) {
      const record = recordOf(entry);
      if (record.event.kind !== 'payment' || record.alert_is_open === isOpen) continue;
      events.replace(entry, { ...record, alert_is_open: isOpen });
      changes.add(entry);
    }
  };

  const isFull = (): boolean => events.count() >= capacity;

  const makeRoom = (made: Changes<unknown>): void => {
    const isNew = made.event && !events.get(made.event.event.event_id);
    if (isNew && isFull()) dropEvent(leastNeeded(made));
  };

  const keepEvent = (eventId: string | undefined, { event, rawJson, eventHistory = none }: Changes<unknown>): void => {
    const entry = event ? putEvent(event) : events.get(eventId ?? '');
    // What was merely seen again goes on as it is: it may be seen again soon.
    if (!entry || (eventHistory.length === 0 && rawJson === undefined)) return;
    const { record, history } = rouse(entry);
    entry.content = { record, history: addedHistory(history, eventHistory) };
    if (rawJson !== undefined) entry.rawJson = rawJson;
    rest(entry);
  };

  /** The oldest of which nobody is still to be told, or else the oldest. */
  const leastNeededAlone = (): AlertEntry | undefined => {
    for (const entry of alone) if (!entry.isHeld) return entry;
    const [oldest] = alone;
    return oldest;
  };

  const boundAlone = (): void => {
    for (let over = alone.size - capacity; over > 0; over -= 1) {
      const dropped = leastNeededAlone();
      if (dropped) dropAlert(dropped);
    }
  };

  return {
    events,
    alerts,
    changes,
    keep(eventId, made) {
      makeRoom(made);
      for (const change of made.alerts ?? none) keepAlert(change);
      keepEvent(eventId, made);
      for (const other of made.otherEvents ?? none) if (events.get(other.event.event_id)) putEvent(other);
      for (const payments of made.paymentsOf ?? none) keepPayments(payments);
      if (made.attempt) alerts.addAttempt(made.attempt.deliveryId, made.attempt.attempt);
      boundAlone();
    },
    checkRoom() {
      if (isFull()) leastNeeded({ result: undefined });
    },
  };
};
