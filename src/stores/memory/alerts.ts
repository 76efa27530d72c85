// The alerts of the memory store, with an index for each question that is asked about them.
import type { Alert } from '../../domain/alert.ts';
import { type Attempt, type Delivery, mayBeKnown } from '../../domain/delivery.ts';
import type { Found } from '../../domain/event-record.ts';
import type { TransactKeys } from '../event-store.ts';
import { isAppended } from '../is-appended.ts';
import { alertIdOf, isFoundAlike, isSelected } from '../selection.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import { createEndedAlerts } from './ended.ts';
import { type AlertEntry, none } from './entries.ts';
import { createGroups } from './groups.ts';
import { createWaking, type Waking } from './waking.ts';

export interface AlertBook {
  get(alertId: string): AlertEntry | undefined;
  /** Stores the alert as it is from now on, and gives its entry; `history` and `attempts` of the entry stay. */
  put(alert: Alert): AlertEntry;
  drop(entry: AlertEntry): void;
  /** Those that a transaction reads (`isSelected`), the oldest first. */
  select(keys: TransactKeys, event: Found): readonly Alert[];
  ownerOf(deliveryId: string): AlertEntry | undefined;
  addAttempt(deliveryId: string, attempt: Attempt): void;
  withStormKey(stormKey: string): ReadonlySet<AlertEntry> | undefined;
  readonly arrivals: Arrivals<AlertEntry>;
  readonly pending: ReadonlySet<AlertEntry>;
  readonly waking: Pick<Waking, 'due'>;
}

const hasPending = ({ deliveries }: Alert): boolean => deliveries.some(({ status }) => status === 'pending');

const isHeld = (alert: Alert): boolean =>
  hasPending(alert) || (alert.state === 'open' && alert.deliveries.some(mayBeKnown));

export const createAlertBook = (): AlertBook => {
  const entries = new Map<string, AlertEntry>();
  const arrivals = createArrivals<AlertEntry>(1);
  const open = createGroups<AlertEntry>();
  const ended = createEndedAlerts();
  const storms = createGroups<AlertEntry>();
  const owners = new Map<string, AlertEntry>();
  const pending = new Set<AlertEntry>();
  const waking = createWaking();
  const noAttempts: AlertEntry['attempts'] = new Map();

  const find = (alertId: string | undefined): AlertEntry | undefined =>
    alertId === undefined ? undefined : entries.get(alertId);

  const insert = (alert: Alert): AlertEntry => {
    const newest = arrivals.newest()?.openedAt ?? '';
    const entry: AlertEntry = {
      type: 'alert',
      sequence: arrivals.take(),
      rank: 0,
      removed: false,
      revision: 0,
      alert,
      openedAt: alert.opened_at < newest ? newest : alert.opened_at,
      isHeld: false,
      history: none,
      attempts: noAttempts,
    };
    arrivals.add(entry);
    entries.set(alert.alert_id, entry);
    return entry;
  };

  const unindex = (entry: AlertEntry): void => {
    const { alert } = entry;
    if (alert.state === 'open') open.remove(alert.scope, entry);
    else ended.remove(entry);
    if (alert.storm_key !== null) storms.remove(alert.storm_key, entry);
  };

  const disown = ({ alert }: AlertEntry): void => {
    for (const { id } of alert.deliveries) owners.delete(id);
  };

  /** An alert may have thousands of deliveries, of which a change touches few. */
  const own = (entry: AlertEntry, before: readonly Delivery[]): void => {
    for (const [at, delivery] of entry.alert.deliveries.entries()) {
      if (delivery !== before[at]) owners.set(delivery.id, entry);
    }
  };

  /** Of deliveries that are gone. */
  const forgetAttempts = (entry: AlertEntry): void => {
    entry.attempts = new Map([...entry.attempts].filter(([id]) => owners.get(id) === entry));
  };

  const index = (entry: AlertEntry): void => {
    const { alert } = entry;
    if (alert.state === 'open') open.add(alert.scope, entry);
    else ended.add(entry);
    if (alert.storm_key !== null) storms.add(alert.storm_key, entry);
  };

  const setTasks = (entry: AlertEntry): void => {
    const { alert } = entry;
    entry.isHeld = isHeld(alert);
    if (hasPending(alert)) pending.add(entry);
    else pending.delete(entry);
    waking.set(entry);
  };

  return {
    arrivals,
    pending,
    waking,
    get: (alertId) => entries.get(alertId),
    put(alert) {
      const known = entries.get(alert.alert_id);
      const before = known?.alert.deliveries ?? none;
      const isMoving = !known || !isFoundAlike(known.alert, alert);
      if (known && isMoving) unindex(known);
      const hasMoved = !isAppended(before, alert.deliveries);
      if (known && hasMoved) disown(known);
      const entry = known ?? insert(alert);
      entry.alert = alert;
      if (isMoving) index(entry);
      setTasks(entry);
      own(entry, hasMoved ? none : before);
      if (hasMoved) forgetAttempts(entry);
      return entry;
    },
    drop(entry) {
      unindex(entry);
      disown(entry);
      pending.delete(entry);
      waking.drop(entry);
      entries.delete(entry.alert.alert_id);
      arrivals.remove(entry);
    },
    select(keys, event) {
      const { scopes, endedSince, alertId } = keys;
      const found: AlertEntry[] = [];
      for (const scope of scopes) {
        for (const entry of open.get(scope) ?? none) found.push(entry);
        for (const entry of ended.since(scope, endedSince)) found.push(entry);
      }
      for (const named of [find(alertId), find(alertIdOf(event))])
        if (named && !found.includes(named) && isSelected(named.alert, keys, event)) found.push(named);
      return found.sort((a, b) => a.sequence - b.sequence).map(({ alert }) => alert);
    },
    ownerOf: (deliveryId) => owners.get(deliveryId),
    addAttempt(deliveryId, attempt) {
      const owner = owners.get(deliveryId);
      if (!owner) return;
      owner.attempts = new Map(owner.attempts).set(deliveryId, [...(owner.attempts.get(deliveryId) ?? none), attempt]);
    },
    withStormKey: (stormKey) => storms.get(stormKey),
  };
};
