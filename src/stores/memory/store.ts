// The store for trying it and for tests: everything in this process, in bounded space, gone with the process.
import { type Attempt, isDue } from '../../domain/delivery.ts';
import { StoreUnavailable } from '../../lib/errors.ts';
import { awaitsEnd } from '../awaits-end.ts';
import type { Change, EventRecord, EventStore, Found, HistoryEntry } from '../event-store.ts';
import { isNews, matches } from '../news.ts';
import { type Arrival, createArrivals } from './arrivals.ts';
import { type Changed, createChangeOrder } from './changes.ts';
import { createDeliveryIndex } from './deliveries.ts';

export interface MemoryBounds {
  readonly eventCapacity: number;
  readonly dedupeCapacity: number;
}

interface Entry extends Arrival, Changed {
  record: EventRecord;
  readonly history: HistoryEntry[];
  readonly attempts: Map<string, Attempt[]>;
}

/** How much an event is still needed: the higher, the later it is dropped. */
const needs = { nothing: 0, itsEnd: 1, delivery: 2 } as const;

const needOf = (record: EventRecord): number => {
  const { deliveries, version, routed_version: routedVersion } = record;
  if (routedVersion < version || deliveries.some(({ status }) => status === 'pending')) return needs.delivery;
  return awaitsEnd(record) ? needs.itsEnd : needs.nothing;
};

export const createMemoryStore = ({ eventCapacity, dedupeCapacity }: MemoryBounds): EventStore => {
  const entries = new Map<string, Entry>();
  const arrivals = createArrivals<Entry>(Object.keys(needs).length);
  const deliveryIndex = createDeliveryIndex(arrivals);
  const changes = createChangeOrder<Entry>();
  /** Least recently seen first. */
  const seenIds = new Set<string>();
  /** Goes on where it stopped: from the front, it would walk over all that was deleted there, each time. */
  const oldestIds = seenIds.values();
  const openBySource = new Map<string, Map<string, Entry>>();
  const withPending = new Set<Entry>();
  const undecided = new Set<Entry>();
  const states = new Map<string, string>();

  const remember = (eventId: string): void => {
    seenIds.delete(eventId);
    seenIds.add(eventId);
    if (seenIds.size <= dedupeCapacity) return;
    const oldest = oldestIds.next();
    if (!oldest.done) seenIds.delete(oldest.value);
  };

  const find = (eventId: string): Found =>
    entries.get(eventId)?.record ?? (seenIds.has(eventId) ? 'forgotten' : undefined);

  const openOf = (source: string): Map<string, Entry> => {
    const known = openBySource.get(source);
    if (known) return known;
    const fresh = new Map<string, Entry>();
    openBySource.set(source, fresh);
    return fresh;
  };

  const member = <T>(set: Set<T>, item: T, belongs: boolean): void => {
    if (belongs) set.add(item);
    else set.delete(item);
  };

  /** Brings every index in step with the entry as it is now. */
  const index = (entry: Entry, isStored: boolean): void => {
    const { event, deliveries, version, routed_version: routedVersion } = entry.record;
    if (isStored && awaitsEnd(entry.record)) openOf(event.source).set(event.event_id, entry);
    else openOf(event.source).delete(event.event_id);
    member(withPending, entry, isStored && deliveries.some(({ status }) => status === 'pending'));
    member(undecided, entry, isStored && routedVersion < version);
    deliveryIndex.update(entry, isStored);
  };

  const makeRoom = (): void => {
    if (entries.size < eventCapacity) return;
    const dropped = arrivals.oldest(needs.nothing) ?? arrivals.oldest(needs.itsEnd);
    if (!dropped) {
      throw new StoreUnavailable('store_full', `all ${eventCapacity} stored events still have a delivery pending`);
    }
    entries.delete(dropped.record.event.event_id);
    arrivals.remove(dropped);
    changes.drop(dropped, dropped.rank === needs.itsEnd);
    index(dropped, false);
  };

  const insert = (eventId: string, record: EventRecord): Entry => {
    makeRoom();
    // A clock that steps back must not put a newer event behind an older one.
    const newest = arrivals.newest()?.record.first_seen_at ?? '';
    const ordered = record.first_seen_at < newest ? { ...record, first_seen_at: newest } : record;
    const arrival = arrivals.next(needOf(ordered));
    const entry: Entry = { ...arrival, revision: 0, record: ordered, history: [], attempts: new Map() };
    arrivals.add(entry);
    entries.set(eventId, entry);
    return entry;
  };

  const update = (entry: Entry, record: EventRecord): void => {
    entry.record = record;
    arrivals.need(entry, needOf(record));
  };

  const logAttempt = ({ attempts }: Entry, { deliveryId, attempt }: NonNullable<Change<unknown>['attempt']>): void => {
    const log = attempts.get(deliveryId);
    if (log) log.push(attempt);
    else attempts.set(deliveryId, [attempt]);
  };

  const keep = (eventId: string, { record, history = [], attempt }: Change<unknown>): void => {
    const stored = entries.get(eventId);
    const before = stored?.record;
    if (stored && record) update(stored, record);
    const entry = stored ?? (record && insert(eventId, record));
    if (!entry) return;
    if (record && isNews(before, record)) changes.add(entry);
    index(entry, true);
    entry.history.push(...history);
    if (attempt) logAttempt(entry, attempt);
  };

  return {
    find: async (eventId) => find(eventId),

    async change(eventId, decide) {
      const found = find(eventId);
      const change = decide(found);
      keep(eventId, change);
      if (found === 'forgotten' || change.record?.seen_count !== found?.seen_count) remember(eventId);
      return change.result;
    },

    async read(eventId) {
      const entry = entries.get(eventId);
      if (!entry) return undefined;
      const attempts = new Map([...entry.attempts].map(([id, log]) => [id, [...log]]));
      return { record: entry.record, history: [...entry.history], attempts };
    },

    async list(query) {
      const { limit, before, since = '', until } = query;
      const isBefore = until === undefined ? undefined : ({ record }: Entry) => record.first_seen_at < until;
      const found: Entry[] = [];
      for (const entry of arrivals.newestFirst(before?.sequence, isBefore)) {
        if (found.length > limit || entry.record.first_seen_at < since) break;
        if (matches(entry.record, query)) found.push(entry);
      }
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      return {
        records: page.map(({ record }) => record),
        next: last ? { firstSeenAt: last.record.first_seen_at, sequence: last.sequence } : null,
      };
    },

    listDeliveries: async (query) => deliveryIndex.list(query),
    findDelivery: async (deliveryId) => deliveryIndex.find(deliveryId),
    async changes(after, limit) {
      const changed = changes.after(after, limit);
      return changed === 'lost'
        ? 'lost'
        : { records: changed.entries.map(({ record }) => record), cursor: changed.cursor };
    },

    openEvents: async (source) =>
      [...openOf(source).values()].map(({ record: { event, subject } }) => ({
        event_id: event.event_id,
        subject,
        started_at: event.started_at,
      })),

    async dueDeliveries(nowMs, limit) {
      const due = [];
      for (const { record } of withPending) {
        for (const delivery of record.deliveries) {
          if (due.length === limit) return due;
          if (!isDue(delivery, record.deliveries, nowMs)) continue;
          due.push({ eventId: delivery.event_id, deliveryId: delivery.id, requestId: delivery.request_id });
        }
      }
      return due;
    },

    async backlog() {
      const owed = [...withPending].flatMap(({ record }) =>
        record.deliveries.filter(({ status }) => status === 'pending').map(({ created_at: at }) => at),
      );
      const oldest = owed.reduce<string | null>((a, b) => (a === null || b < a ? b : a), null);
      return { pending: owed.length, oldestCreatedAt: oldest };
    },

    undecided: async (seenBefore, limit) =>
      [...undecided]
        .filter(({ record }) => record.last_seen_at <= seenBefore)
        .slice(0, limit)
        .map(({ record }) => ({ eventId: record.event.event_id, requestId: record.request_id })),

    async loadState(key) {
      const text = states.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async saveState(key, state) {
      states.set(key, JSON.stringify(state));
    },

    // What bounds this store is its capacity, not time.
    prune: async () => 0,
    exclusively: (_name, work) => work(),
    lead: async () => true,
    async ping() {},
    async close() {},
  };
};
