// The store for trying it and for tests: everything in this process, in bounded space, gone with the process.
import type { Attempt } from '../../domain/delivery.ts';
import type { Found } from '../../domain/event-record.ts';
import { toIso } from '../../lib/time.ts';
import { mergeHistory } from '../event-deliveries.ts';
import { type EventDetail, type EventStore, toOngoingEvent } from '../event-store.ts';
import { defaultMaxScan, type ListingBounds } from '../listing-bounds.ts';
import { parseState, toStateText } from '../state-text.ts';
import { contentOf, recordOf, rouseRecord } from './at-rest.ts';
import { createContents } from './contents.ts';
import { type AlertEntry, none } from './entries.ts';
import { createLister } from './list.ts';
import { backlogOf, dueOf } from './pending.ts';
import { createSeenIds } from './seen-ids.ts';
import { takeSnapshot } from './snapshot.ts';

export interface MemoryBounds extends ListingBounds {
  readonly eventCapacity: number;
  readonly dedupeCapacity: number;
}

const attemptsOf = (
  entry: AlertEntry | undefined,
  deliveries: readonly { readonly id: string }[],
): ReadonlyMap<string, readonly Attempt[]> => {
  const found = new Map<string, readonly Attempt[]>();
  for (const { id } of deliveries) {
    const attempts = entry?.attempts.get(id);
    if (attempts) found.set(id, attempts);
  }
  return found;
};

export const createMemoryStore = ({
  eventCapacity,
  dedupeCapacity,
  maxScan = defaultMaxScan,
}: MemoryBounds): EventStore => {
  const contents = createContents(eventCapacity);
  const { events, alerts, changes } = contents;
  const seenIds = createSeenIds(dedupeCapacity);
  const list = createLister(contents, maxScan);
  const states = new Map<string, string>();

  const find = (eventId: string, read = recordOf): Found => {
    const entry = events.get(eventId);
    return entry ? read(entry) : seenIds.has(eventId) ? 'expired' : undefined;
  };

  const loadState = (key: string): unknown => parseState(states.get(key));

  const readEvent = (eventId: string): EventDetail | undefined => {
    const entry = events.get(eventId);
    if (!entry) return undefined;
    const { record, history } = contentOf(entry);
    const alert = alerts.get(record.alert_id ?? '');
    const shown = list.show(entry, true, record);
    return {
      ...shown,
      history: mergeHistory(eventId, history, alert?.history ?? none),
      attempts: attemptsOf(alert, shown.deliveries),
    };
  };

  return {
    async transact(keys, decide) {
      const { eventId } = keys;
      // Roused, so that parts of it that a decision leaves as they were are the same objects when it is kept.
      const found = eventId === undefined ? undefined : find(eventId, rouseRecord);
      const decided = decide(takeSnapshot(contents, keys, found));
      contents.keep(eventId, decided);
      const seenBefore = found === 'expired' ? found : found?.seen_count;
      const seenId = decided.event?.event.event_id ?? eventId;
      if (seenId !== undefined && (found === 'expired' || decided.event?.seen_count !== seenBefore)) {
        seenIds.remember(seenId);
      }
      return decided.result;
    },

    find: async (eventId) => find(eventId),
    readEvent: async (eventId) => readEvent(eventId),
    async readAlert(alertId) {
      const entry = alerts.get(alertId);
      return entry && { alert: entry.alert, history: entry.history, attempts: entry.attempts };
    },
    findDelivery: async (deliveryId) =>
      alerts.ownerOf(deliveryId)?.alert.deliveries.find(({ id }) => id === deliveryId),
    readRaw: async (eventId) => events.get(eventId)?.rawJson ?? undefined,
    listEvents: async (query) => list.events(query),
    listAlerts: async (query) => list.alerts(query),
    listDeliveries: async (query) => list.deliveries(query),

    async changes(after, limit, of) {
      const changed = changes.after(after, limit, of === 'alerts' ? 'alert' : undefined);
      if (changed === 'lost') return 'lost';
      return {
        events: changed.entries.flatMap((entry) => (entry.type === 'event' ? [list.show(entry, false)] : [])),
        alerts: changed.entries.flatMap((entry) => (entry.type === 'alert' ? [entry.alert] : [])),
        cursor: changed.cursor,
      };
    },

    ongoingEvents: async (source) =>
      [...(events.ongoing(source) ?? none)].map((entry) => toOngoingEvent(recordOf(entry))),
    dueDeliveries: async (nowMs, limit, withoutTargets = none) => dueOf(alerts.pending, nowMs, limit, withoutTargets),
    dueAlerts: async (nowMs, limit) => alerts.waking.due(toIso(nowMs), limit),

    async stormOf(stormKey, since) {
      const ofKind = [...(alerts.withStormKey(stormKey) ?? none)];
      const newest = ofKind.reduce<AlertEntry | undefined>(
        (latest, entry) => (latest && latest.sequence > entry.sequence ? latest : entry),
        undefined,
      );
      return { opened: ofKind.filter(({ openedAt }) => openedAt >= since).length, newest: newest?.alert };
    },

    backlog: async () => backlogOf(alerts.pending),
    size: async () => ({
      events: events.count(),
      newestFirstSeenAt: events.arrivals.newest()?.firstSeenAt ?? null,
    }),

    loadState: async (key) => loadState(key),
    async saveState(key, state) {
      states.set(key, toStateText(state));
    },
    async changeState(key, change) {
      const { state, result } = change(loadState(key));
      states.set(key, toStateText(state));
      return result;
    },

    // What bounds this store is its capacity, not time.
    prune: async () => 0,
    withLock: (_name, work) => work(async () => true),
    tryLease: async () => true,
    sharedClock: async () => undefined,
    async ping() {
      contents.checkRoom();
    },
    async close() {},
  };
};
