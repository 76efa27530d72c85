// What a transaction finds.
import type { Snapshot, TransactKeys } from '../event-store.ts';
import { alertIdOf, isSelected, mostOfScope, ofScope } from '../selection.ts';
import type { Reader } from './reader.ts';
import type { StoredAlert, StoredEvent } from './stored.ts';

export interface Found {
  /** The id that was looked for. */
  readonly eventId: string | undefined;
  readonly event: StoredEvent | undefined;
  readonly alerts: readonly StoredAlert[];
  readonly snapshot: Snapshot;
}

const none: readonly never[] = [];

const alertsOf = (reader: Reader, keys: TransactKeys, event: StoredEvent | undefined): readonly StoredAlert[] => {
  const sequences = reader.alertSequences(keys.scopes, keys.endedSince);
  const named = [keys.alertId, alertIdOf(event?.record)]
    .flatMap((alertId) => (alertId === undefined ? [] : (reader.findAlert(alertId) ?? [])))
    .filter(({ alert }) => isSelected(alert, keys, event?.record));
  if (sequences.length === 0 && named.length < 2) return named;
  const distinct = new Set([...sequences, ...named.map(({ sequence }) => sequence)]);
  return [...distinct].sort((a, b) => a - b).flatMap((sequence) => reader.alertAt(sequence) ?? []);
};

export const find = (reader: Reader, keys: TransactKeys): Found => {
  const { eventId, alertId, scopes } = keys;
  const event = eventId === undefined ? undefined : reader.findEvent(eventId);
  const alerts = alertsOf(reader, keys, event);
  return {
    eventId,
    event,
    alerts,
    snapshot: {
      event: event?.record,
      alerts: alerts.map(({ alert }) => alert),
      members: keys.withMembers && alertId !== undefined ? reader.members(alertId) : none,
      ...ofScope(
        (keys.withEndings || keys.withGuests) && scopes[0] !== undefined
          ? reader.ofScope(scopes[0], mostOfScope(keys))
          : none,
        keys,
      ),
    },
  };
};
