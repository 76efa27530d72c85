// What a transaction of the memory store finds.
import { maxMembers } from '../../domain/alert.ts';
import { type EventRecord, type Found, holdsOpen } from '../../domain/event-record.ts';
import type { Snapshot, TransactKeys } from '../event-store.ts';
import { ofScope } from '../selection.ts';
import { recordOf } from './at-rest.ts';
import type { Contents } from './contents.ts';
import { type EventEntry, none } from './entries.ts';

const inOrder = (entries: ReadonlySet<EventEntry> | undefined): readonly EventEntry[] =>
  entries ? [...entries].sort((a, b) => a.sequence - b.sequence) : none;

const membersOf = ({ events }: Contents, alertId: string | undefined): readonly EventRecord[] =>
  inOrder(alertId === undefined ? undefined : events.ofAlert(alertId))
    .map(recordOf)
    .filter(holdsOpen)
    .slice(0, maxMembers);

/** The newest first. */
const findOfScope = ({ events }: Contents, scope: string | undefined): readonly EventRecord[] =>
  inOrder(scope === undefined ? undefined : events.ofScope(scope))
    .map(recordOf)
    .toReversed();

export const takeSnapshot = (contents: Contents, keys: TransactKeys, event: Found): Snapshot => {
  const { scopes, alertId, withMembers, withEndings, withGuests } = keys;
  return {
    event,
    alerts: contents.alerts.select(keys, event),
    members: withMembers ? membersOf(contents, alertId) : none,
    ...ofScope(withEndings || withGuests ? findOfScope(contents, scopes[0]) : none, keys),
  };
};
