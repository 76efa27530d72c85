// What a transaction finds.
import type { Snapshot, TransactKeys } from '../event-store.ts';
import { mostOfScope, ofScope } from '../selection.ts';
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

const alertsOf = (reader: Reader, { scopes, endedSince, alertId }: TransactKeys): readonly StoredAlert[] => {
  const sequences = reader.alertSequences(scopes, endedSince);
  const named = alertId === undefined ? undefined : reader.findAlert(alertId);
  if (sequences.length === 0) return named ? [named] : none;
  const distinct = new Set(named ? [...sequences, named.sequence] : sequences);
  return [...distinct].sort((a, b) => a - b).flatMap((sequence) => reader.alertAt(sequence) ?? []);
};

export const find = (reader: Reader, keys: TransactKeys): Found => {
  const { eventId, alertId, scopes } = keys;
  const event = eventId === undefined ? undefined : reader.findEvent(eventId);
  const alerts = alertsOf(reader, keys);
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
