// What is stored, together with what the decisions of a batch have made of it so far: each decision sees those before it.
import { type Alert, maxMembers } from '../../domain/alert.ts';
import type { Attempt, Delivery } from '../../domain/delivery.ts';
import { type EventRecord, holdsOpen } from '../../domain/event-record.ts';
import type { HistoryEntry } from '../../domain/history.ts';
import type { AlertChange } from '../../domain/settle-alert.ts';
import type { Changes, Snapshot, TransactKeys } from '../event-store.ts';
import { isSelected, ofScope } from '../selection.ts';
import type { StoredAlert } from './alert-rows.ts';
import type { StoredEvent } from './event-rows.ts';
import type { BatchRead } from './read-batch.ts';

export interface EventState {
  readonly stored: StoredEvent | undefined;
  readonly record: EventRecord;
  readonly history: readonly HistoryEntry[];
  readonly rawJson: string | undefined;
}

export interface AlertState {
  readonly stored: StoredAlert | undefined;
  readonly alert: Alert;
  /** When it opened, by an order that no clock can turn round; only of a new one. */
  readonly openedAt: string;
  readonly history: readonly HistoryEntry[];
  /** By delivery id. */
  readonly attempts: ReadonlyMap<string, readonly Attempt[]>;
}

export interface BatchState {
  snapshot(keys: TransactKeys): Snapshot;
  apply(keys: TransactKeys, changes: Changes<unknown>): void;
  /** By id, in the order of arrival. */
  readonly events: ReadonlyMap<string, EventState>;
  readonly alerts: ReadonlyMap<string, AlertState>;
  /** Whether the payments of these alerts are open from now on, whichever of them were read. */
  readonly payments: ReadonlyMap<string, boolean>;
  /** Changes of other events that were not read, and are kept only if they are stored. */
  readonly unread: ReadonlyMap<string, EventRecord>;
  /** Attempts of deliveries whose alerts were not read, by delivery id. */
  readonly unreadAttempts: ReadonlyMap<string, readonly Attempt[]>;
  /** What was found to be stored after all. */
  found(events: readonly StoredEvent[], alerts: readonly StoredAlert[]): void;
}

/** An event keeps its place in the list, and a clock that steps back puts no newer one behind an older one. */
const place = (record: EventRecord, before: EventRecord | undefined, newest: string): EventRecord => {
  const first = before?.first_seen_at ?? (record.first_seen_at < newest ? newest : record.first_seen_at);
  return first === record.first_seen_at ? record : { ...record, first_seen_at: first };
};

const idOf = (alert: Alert): string => alert.alert_id;

export const createBatchState = (read: BatchRead): BatchState => {
  let { newestEventAt, newestAlertAt } = read;
  const payments = new Map<string, boolean>();
  const unread = new Map<string, EventRecord>();
  const unreadAttempts = new Map<string, readonly Attempt[]>();
  const events = new Map<string, EventState>(
    read.events.map((stored) => [
      stored.record.event.event_id,
      { stored, record: stored.record, history: [], rawJson: undefined },
    ]),
  );
  const alerts = new Map<string, AlertState>(
    read.alerts.map((stored) => [
      idOf(stored.alert),
      { stored, alert: stored.alert, openedAt: stored.alert.opened_at, history: [], attempts: new Map() },
    ]),
  );

  /** Of all events; most decisions ask for a scope that has none yet. */
  const scopes = new Set<string | undefined>(read.events.map(({ record }) => record.scope));

  /** In the order of arrival. */
  const select = (isWanted: (record: EventRecord) => boolean): readonly EventRecord[] => {
    const last = Number.POSITIVE_INFINITY;
    const wanted = [...events.values()].filter(({ record }) => isWanted(record));
    wanted.sort((a, b) => (a.stored?.sequence ?? last) - (b.stored?.sequence ?? last));
    return wanted.map(({ record }) => record);
  };

  const membersOf = (alertId: string | undefined): readonly EventRecord[] =>
    select((record) => record.alert_id === alertId && holdsOpen(record)).slice(0, maxMembers);

  /** The newest first. */
  const findOfScope = (scope: string | undefined): readonly EventRecord[] =>
    scopes.has(scope) ? select((record) => record.scope === scope).toReversed() : [];

  const putEvent = (record: EventRecord, history: readonly HistoryEntry[], rawJson: string | undefined): void => {
    const id = record.event.event_id;
    const before = events.get(id);
    const placed = place(record, before?.record, newestEventAt);
    if (placed.first_seen_at > newestEventAt) newestEventAt = placed.first_seen_at;
    scopes.add(placed.scope);
    events.set(id, {
      stored: before?.stored,
      record: placed,
      history: [...(before?.history ?? []), ...history],
      rawJson: rawJson ?? before?.rawJson,
    });
  };

  const putAlert = ({ alert, history }: AlertChange): void => {
    const before = alerts.get(idOf(alert));
    const openedAt = before?.openedAt ?? (alert.opened_at < newestAlertAt ? newestAlertAt : alert.opened_at);
    if (openedAt > newestAlertAt) newestAlertAt = openedAt;
    alerts.set(idOf(alert), {
      stored: before?.stored,
      alert,
      openedAt,
      history: [...(before?.history ?? []), ...history],
      attempts: before?.attempts ?? new Map(),
    });
  };

  const hasDelivery =
    (deliveryId: string) =>
    ({ alert }: AlertState): boolean =>
      alert.deliveries.some(({ id }: Delivery) => id === deliveryId);

  const addAttempt = ({ deliveryId, attempt }: NonNullable<Changes<unknown>['attempt']>): void => {
    const owner = [...alerts.values()].find(hasDelivery(deliveryId));
    const before = (owner?.attempts ?? unreadAttempts).get(deliveryId) ?? [];
    if (!owner) unreadAttempts.set(deliveryId, [...before, attempt]);
    else {
      const attempts = new Map(owner.attempts).set(deliveryId, [...before, attempt]);
      alerts.set(idOf(owner.alert), { ...owner, attempts });
    }
  };

  const putPayments = ({ alertId, isOpen: open }: NonNullable<Changes<unknown>['paymentsOf']>[number]): void => {
    payments.set(alertId, open);
    for (const { record } of events.values()) {
      if (record.alert_id === alertId && record.event.kind === 'payment' && record.alert_is_open !== open)
        putEvent({ ...record, alert_is_open: open }, [], undefined);
    }
  };

  const findEvent = (stored: StoredEvent): void => {
    const { record } = stored;
    const id = record.event.event_id;
    const known = events.get(id);
    if (known?.stored) return;
    const changed = known?.record ?? unread.get(id) ?? record;
    const open = record.event.kind === 'payment' ? payments.get(changed.alert_id ?? '') : undefined;
    events.set(id, {
      history: [],
      rawJson: undefined,
      ...known,
      stored,
      record: { ...changed, first_seen_at: record.first_seen_at, alert_is_open: open ?? changed.alert_is_open },
    });
  };

  return {
    events,
    alerts,
    payments,
    unread,
    unreadAttempts,
    snapshot(keys) {
      const event = keys.eventId === undefined ? undefined : events.get(keys.eventId)?.record;
      return {
        event,
        alerts: [...alerts.values()].map(({ alert }) => alert).filter((alert) => isSelected(alert, keys, event)),
        members: keys.withMembers ? membersOf(keys.alertId) : [],
        ...ofScope(keys.withEndings || keys.withGuests ? findOfScope(keys.scopes[0]) : [], keys),
      };
    },
    apply(
      { eventId },
      { event, rawJson, eventHistory = [], otherEvents = [], paymentsOf = [], alerts: changed, attempt },
    ) {
      for (const change of changed ?? []) putAlert(change);
      const record = event ?? events.get(eventId ?? '')?.record;
      if (record) putEvent(record, eventHistory, rawJson);
      for (const other of otherEvents) {
        if (events.has(other.event.event_id)) putEvent(other, [], undefined);
        else unread.set(other.event.event_id, other);
      }
      for (const each of paymentsOf) putPayments(each);
      if (attempt) addAttempt(attempt);
    },
    found(storedEvents, storedAlerts) {
      for (const stored of storedEvents) findEvent(stored);
      for (const stored of storedAlerts) {
        const known = alerts.get(idOf(stored.alert));
        if (known && !known.stored) alerts.set(idOf(stored.alert), { ...known, stored });
      }
    },
  };
};
