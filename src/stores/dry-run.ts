// A store over another one: it reads what that holds, and keeps every change to itself. What is done over it leaves no
// trace, and each decision sees what those before it changed.
import { type Alert, maxMembers } from '../domain/alert.ts';
import { type EventRecord, type Found, holdsOpen, isOngoing, isRecord } from '../domain/event-record.ts';
import type { AlertChange } from '../domain/settle-alert.ts';
import { type Changes, type EventStore, type Snapshot, type TransactKeys, toOngoingEvent } from './event-store.ts';
import { isEnding, isOfScope, isSelected, ofScope } from './selection.ts';
import { parseState, toStateText } from './state-text.ts';

export type Underlay = Pick<EventStore, 'transact' | 'find' | 'ongoingEvents' | 'loadState' | 'stormOf'>;

export type OverlayStore = Underlay & Pick<EventStore, 'saveState' | 'changeState' | 'withLock'>;

/** Replaces those of the list that were changed, and adds those that came to it; what does not belong there goes. */
const overlay = <T>(
  list: readonly T[],
  changed: ReadonlyMap<string, T>,
  idOf: (item: T) => string,
  belongs: (item: T) => boolean,
): readonly T[] => {
  const known = new Set(list.map(idOf));
  const added = [...changed.values()].filter((item) => !known.has(idOf(item)));
  return [...list.map((item) => changed.get(idOf(item)) ?? item), ...added].filter(belongs);
};

const idOfEvent = ({ event }: EventRecord): string => event.event_id;
const idOfAlert = ({ alert_id: alertId }: Alert): string => alertId;

export const createOverlayStore = (under: Underlay): OverlayStore => {
  const events = new Map<string, EventRecord>();
  const alerts = new Map<string, Alert>();
  /** The alerts that the other store does not have. */
  const opened = new Set<string>();
  /** Whether the payments of an alert are open, where that was decided here. */
  const payments = new Map<string, boolean>();
  const states = new Map<string, string>();

  const lay = (keys: TransactKeys, stored: Snapshot): Snapshot => {
    const { eventId, alertId, scopes } = keys;
    const isMember = (record: EventRecord): boolean => record.alert_id === alertId && holdsOpen(record);
    const isOfFirst = (record: EventRecord): boolean => record.scope === scopes[0] && isOfScope(record);
    const known = [...stored.guests.filter((guest) => !isEnding(guest)), ...stored.endings].map(settle);
    const changed = eventId === undefined ? undefined : events.get(eventId);
    const event = changed ?? (isRecord(stored.event) ? settle(stored.event) : stored.event);
    const members = overlay(stored.members.map(settle), events, idOfEvent, isMember);
    const newestFirst = overlay(known.toReversed(), events, idOfEvent, isOfFirst).toReversed();
    return {
      event,
      alerts: overlay(stored.alerts, alerts, idOfAlert, (alert) => isSelected(alert, keys, event)),
      members: keys.withMembers ? members.slice(0, maxMembers) : [],
      ...ofScope(newestFirst, keys),
    };
  };

  /** What an alert's payments are, whose rows the other store still has as they were. */
  const settle = (record: EventRecord): EventRecord => {
    const paid = record.event.kind === 'payment' ? payments.get(record.alert_id ?? '') : undefined;
    return paid === undefined || record.alert_is_open === paid ? record : { ...record, alert_is_open: paid };
  };

  const keepAlerts = (changes: readonly AlertChange[], found: readonly Alert[]): void => {
    const known = new Set(found.map(idOfAlert));
    for (const { alert } of changes) {
      if (!known.has(alert.alert_id)) opened.add(alert.alert_id);
      alerts.set(alert.alert_id, alert);
    }
  };

  const keep = (changes: Changes<unknown>, found: readonly Alert[]): void => {
    const { event, otherEvents = [], paymentsOf = [] } = changes;
    keepAlerts(changes.alerts ?? [], found);
    for (const record of event ? [event, ...otherEvents] : otherEvents) events.set(idOfEvent(record), record);
    if (paymentsOf.length === 0) return;
    for (const { alertId, isOpen } of paymentsOf) payments.set(alertId, isOpen);
    for (const [id, record] of events) events.set(id, settle(record));
  };

  const find = async (eventId: string): Promise<Found> => events.get(eventId) ?? under.find(eventId);

  const loadState = async (key: string): Promise<unknown> => {
    const text = states.get(key);
    return text === undefined ? under.loadState(key) : parseState(text);
  };
  const saveState = async (key: string, state: unknown): Promise<void> => {
    states.set(key, toStateText(state));
  };

  return {
    find,
    async transact(keys, decide) {
      const stored = await under.transact(keys, (snapshot) => ({ result: snapshot }));
      // Other decisions may have run while that store answered: their changes are laid over its answer. From here on
      // nothing waits.
      const snapshot = lay(keys, stored);
      const changes = decide(snapshot);
      keep(changes, snapshot.alerts);
      return changes.result;
    },
    async ongoingEvents(source) {
      const known = await under.ongoingEvents(source);
      const isOf = ({ event }: EventRecord): boolean => event.source === source;
      const added = [...events.values()].filter((record) => isOf(record) && isOngoing(record));
      return [...known.filter(({ event_id: eventId }) => !events.has(eventId)), ...added.map(toOngoingEvent)];
    },
    async stormOf(stormKey, since) {
      const stored = await under.stormOf(stormKey, since);
      const own = [...opened].flatMap((alertId) => alerts.get(alertId) ?? []);
      const ofKind = own.filter((alert) => alert.storm_key === stormKey);
      const lately = ofKind.filter(({ opened_at: at }) => at >= since).length;
      const known = stored.newest && (alerts.get(stored.newest.alert_id) ?? stored.newest);
      return { opened: stored.opened + lately, newest: ofKind.at(-1) ?? known };
    },
    loadState,
    saveState,
    async changeState(key, change) {
      const stored = await loadState(key);
      const known = states.get(key);
      const { state, result } = change(known === undefined ? stored : parseState(known));
      await saveState(key, state);
      return result;
    },
    withLock: (_name, work) => work(async () => true),
  };
};
