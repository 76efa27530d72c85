// Writes a decision.
import type { EventRecord } from '../../domain/event-record.ts';
import type { Changes } from '../event-store.ts';
import type { AlertWriter } from './alert-writer.ts';
import type { EventWriter } from './event-writer.ts';
import type { Reader } from './reader.ts';
import type { Found } from './snapshot.ts';

const none: readonly never[] = [];

/** Serializes the changes (bad data throws here) and returns the function that writes them. */
export type PlanChanges = (found: Found, changes: Changes<unknown>) => () => void;

export const createPlanner = (reader: Reader, events: EventWriter, alerts: AlertWriter): PlanChanges => {
  const planEvent = (
    { eventId, event: found }: Found,
    { event, rawJson, eventHistory = none }: Changes<unknown>,
  ): readonly (() => void)[] => {
    const id = event?.event.event_id ?? eventId;
    const stored = id === undefined || id === eventId ? found : reader.findEvent(id);
    if (event && !stored) return [events.planInsert(event, rawJson, eventHistory)];
    if (!stored) return none;
    return [
      ...(event ? [events.planUpdate(stored, event)] : none),
      ...(rawJson === undefined ? none : [events.planRaw(stored.sequence, rawJson)]),
      ...(eventHistory.length === 0 ? none : [events.planHistory(stored.sequence, eventHistory)]),
    ];
  };

  const planOther = (record: EventRecord): readonly (() => void)[] => {
    const stored = reader.findEvent(record.event.event_id);
    return stored ? [events.planUpdate(stored, record)] : none;
  };

  const planPayments =
    ({ alertId, isOpen }: NonNullable<Changes<unknown>['paymentsOf']>[number]) =>
    () => {
      for (const stored of reader.eventsOfAlert(alertId)) {
        const { record } = stored;
        if (record.event.kind !== 'payment' || record.alert_is_open === isOpen) continue;
        events.planUpdate(stored, { ...record, alert_is_open: isOpen })();
      }
    };

  const tell = (eventIds: readonly string[]): void => {
    for (const eventId of eventIds) {
      const stored = reader.findEvent(eventId);
      if (stored) events.tell(stored.sequence);
    }
  };

  return (found, changes) => {
    const { alerts: changed = none, otherEvents = none, paymentsOf = none, attempt } = changes;
    const writeAlerts = changed.map((change) => {
      const id = change.alert.alert_id;
      return alerts.plan(found.alerts.find(({ alert }) => alert.alert_id === id) ?? reader.findAlert(id), change);
    });
    const writeEvents = [...planEvent(found, changes), ...otherEvents.flatMap(planOther)];
    writeEvents.push(...paymentsOf.map(planPayments));
    if (attempt) writeEvents.push(alerts.planAttempt(attempt.deliveryId, attempt.attempt));
    return () => {
      const told = writeAlerts.flatMap((write) => write().eventIds);
      for (const write of writeEvents) write();
      tell(told);
    };
  };
};
