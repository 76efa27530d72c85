import type { AlertPlace } from '../domain/observation.ts';
import type { EventStore } from './event-store.ts';

/** Where the alert of an event is, which may have another scope than the event; null when there is none. */
export const readAlertPlace = async (
  store: Pick<EventStore, 'readAlert'>,
  alertId: string | null,
): Promise<AlertPlace | null> => {
  const alert = alertId === null ? undefined : (await store.readAlert(alertId))?.alert;
  return alert ? { id: alert.alert_id, scope: alert.scope } : null;
};
