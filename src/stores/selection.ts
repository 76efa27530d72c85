// Which events and alerts a transaction reads, the same for every backend.
import type { Alert } from '../domain/alert.ts';
import { type EventRecord, type Found, isGuest, isRecord } from '../domain/event-record.ts';
import { maxEndings, maxGuests, type Snapshot, type TransactKeys } from './event-store.ts';

/** The alert of the event that a transaction found, which may have ended long ago. */
export const alertIdOf = (event: Found): string | undefined =>
  isRecord(event) ? (event.alert_id ?? undefined) : undefined;

/** Whether the keys of a transaction, and the event that it found, select this alert. */
export const isSelected = (alert: Alert, { scopes, endedSince, alertId }: TransactKeys, event: Found): boolean =>
  alert.alert_id === alertId ||
  (scopes.includes(alert.scope) &&
    (alert.state === 'open' || (alert.resolved_at ?? '') >= endedSince || alert.alert_id === alertIdOf(event)));

/** Whether the event ends others of its scope. */
export const isEnding = ({ ends_types: types = [] }: Pick<EventRecord, 'ends_types'>): boolean => types.length > 0;

/** Whether others of its scope have to find it: it ends them, or they may end it. */
export const isOfScope = (record: EventRecord): boolean => isEnding(record) || isGuest(record);

/** So many of the scope are read, the newest first: neither kind hides what is wanted of the other. */
export const mostOfScope = ({ withGuests }: TransactKeys): number => maxEndings + (withGuests ? maxGuests : maxEndings);

/** Those that a transaction asked for. @param found all of the scope, the newest first */
export const ofScope = (
  found: readonly EventRecord[],
  { withEndings, withGuests }: TransactKeys,
): Pick<Snapshot, 'endings' | 'guests'> => ({
  endings: withEndings ? found.filter(isEnding).slice(0, maxEndings) : [],
  guests: withGuests ? found.filter(isGuest).slice(0, maxGuests) : [],
});

/** Whether all that looks for one of them would find the other in its place. */
export const isFoundAlike = (a: Alert, b: Alert): boolean =>
  a.state === b.state && a.scope === b.scope && a.resolved_at === b.resolved_at && a.storm_key === b.storm_key;
