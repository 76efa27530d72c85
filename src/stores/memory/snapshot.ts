// What a transaction of the memory store finds.
import { maxMembers } from '../../domain/alert.ts';
import { type EventRecord, type Found, isOpen } from '../../domain/event-record.ts';
import { maxEndings, type Snapshot, type TransactKeys } from '../event-store.ts';
import type { Contents } from './contents.ts';
import { type EventEntry, none } from './entries.ts';

const inOrder = (entries: ReadonlySet<EventEntry> | undefined): readonly EventEntry[] =>
  entries ? [...entries].sort((a, b) => a.sequence - b.sequence) : none;

const membersOf = ({ events }: Contents, alertId: string | undefined): readonly EventRecord[] =>
  inOrder(alertId === undefined ? undefined : events.ofAlert(alertId))
    .map(({ record }) => record)
    .filter(isOpen)
    .slice(0, maxMembers);

const endingsOf = ({ events }: Contents, scope: string | undefined): readonly EventRecord[] =>
  inOrder(scope === undefined ? undefined : events.endings(scope))
    .slice(-maxEndings)
    .reverse()
    .map(({ record }) => record);

export const takeSnapshot = (
  contents: Contents,
  { scopes, endedSince, alertId, withMembers, withEndings }: TransactKeys,
  event: Found,
): Snapshot => ({
  event,
  alerts: contents.alerts.select(scopes, endedSince, alertId),
  members: withMembers ? membersOf(contents, alertId) : none,
  endings: withEndings ? endingsOf(contents, scopes[0]) : none,
});
