// Which events and alerts a transaction reads, the same for every backend.
import type { Alert } from '../domain/alert.ts';
import type { EventRecord } from '../domain/event-record.ts';
import type { TransactKeys } from './event-store.ts';

/** Whether the keys of a transaction select this alert. */
export const isSelected = (alert: Alert, { scopes, endedSince, alertId }: TransactKeys): boolean =>
  alert.alert_id === alertId ||
  (scopes.includes(alert.scope) && (alert.state === 'open' || (alert.resolved_at ?? '') >= endedSince));

/** Whether the event ends others of its scope. */
export const isEnding = ({ ends_types: types = [] }: Pick<EventRecord, 'ends_types'>): boolean => types.length > 0;
