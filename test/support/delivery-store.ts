// As much of a store as deliveries need, in memory: small, and real where it counts: what is decided is kept, in order.
import type { Alert } from '../../src/domain/alert.ts';
import { type Attempt, type Delivery, isDue } from '../../src/domain/delivery.ts';
import type { EventRecord } from '../../src/domain/event-record.ts';
import type { HistoryEntry } from '../../src/domain/history.ts';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import type { AlertDetail, DueDelivery, EventStore } from '../../src/stores/event-store.ts';

export type DeliveryStore = Pick<
  EventStore,
  | 'transact'
  | 'find'
  | 'readRaw'
  | 'readAlert'
  | 'findDelivery'
  | 'listDeliveries'
  | 'dueDeliveries'
  | 'sharedClock'
  | 'loadState'
  | 'changeState'
  | 'backlog'
>;

export interface DeliveryStoreFake extends DeliveryStore {
  readonly alerts: Map<string, Alert>;
  readonly histories: Map<string, HistoryEntry[]>;
  putEvent(record: EventRecord, rawJson?: string): void;
  putAlert(alert: Alert): void;
  /** Whether writing works; reading goes on. */
  writable: boolean;
  readable: boolean;
}

export const createDeliveryStore = (): DeliveryStoreFake => {
  const alerts = new Map<string, Alert>();
  const histories = new Map<string, HistoryEntry[]>();
  const attempts = new Map<string, Attempt[]>();
  const events = new Map<string, { record: EventRecord; rawJson: string | undefined }>();
  const states = new Map<string, string>();
  const all = (): Delivery[] => [...alerts.values()].flatMap(({ deliveries }) => deliveries);
  const mustRead = (): void => {
    if (!store.readable) throw new StoreUnavailable('store_unavailable', 'the database is away');
  };
  const mustWrite = (): void => {
    mustRead();
    if (!store.writable) throw new StoreUnavailable('store_full', 'the disk is full');
  };

  const store: DeliveryStoreFake = {
    alerts,
    histories,
    writable: true,
    readable: true,
    putEvent: (record, rawJson) => void events.set(record.event.event_id, { record, rawJson }),
    putAlert: (alert) => void alerts.set(alert.alert_id, alert),
    async transact({ alertId }, decide) {
      mustWrite();
      const found = alertId === undefined ? undefined : alerts.get(alertId);
      const changes = decide({ event: undefined, alerts: found ? [found] : [], members: [], endings: [], guests: [] });
      for (const { alert, history } of changes.alerts ?? []) {
        alerts.set(alert.alert_id, alert);
        histories.set(alert.alert_id, [...(histories.get(alert.alert_id) ?? []), ...history]);
      }
      if (changes.attempt) {
        const { deliveryId, attempt } = changes.attempt;
        attempts.set(deliveryId, [...(attempts.get(deliveryId) ?? []), attempt]);
      }
      return changes.result;
    },
    async find(eventId) {
      mustRead();
      return events.get(eventId)?.record;
    },
    async readRaw(eventId) {
      mustRead();
      return events.get(eventId)?.rawJson;
    },
    async readAlert(alertId): Promise<AlertDetail | undefined> {
      mustRead();
      const alert = alerts.get(alertId);
      return alert && { alert, history: histories.get(alertId) ?? [], attempts };
    },
    findDelivery: async (id) => all().find((delivery) => delivery.id === id),
    async listDeliveries({ status, action, limit, before }) {
      const found = all().filter(
        (delivery) =>
          (status === undefined || delivery.status === status) && (action === undefined || delivery.action === action),
      );
      const from = before?.sequence ?? 0;
      const next = from + limit < found.length ? { sequence: from + limit, ordinal: 0 } : null;
      return { deliveries: found.slice(from, from + limit), titles: new Map(), next };
    },
    async sharedClock() {
      mustRead();
      return undefined;
    },
    async dueDeliveries(nowMs, limit, without = []) {
      mustRead();
      const limits = { retryMs: 900_000, leaseMs: 60_000 };
      const due = [...alerts.values()].flatMap(({ scope, deliveries }): DueDelivery[] =>
        deliveries.filter((each) => isDue(each, deliveries, nowMs, limits)).map((each) => ({ ...each, scope })),
      );
      return due.filter(({ target }) => !without.includes(target)).slice(0, limit);
    },
    async loadState(key) {
      mustRead();
      const text = states.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    },
    async changeState(key, change) {
      mustWrite();
      const text = states.get(key);
      const { state, result } = change(text === undefined ? undefined : JSON.parse(text));
      states.set(key, JSON.stringify(state));
      return result;
    },
    async backlog() {
      const pending = all().filter(({ status }) => status === 'pending');
      const byTarget = Map.groupBy(pending, ({ target }) => target);
      const oldest = (list: readonly Delivery[]): string => list.map((each) => each.created_at).toSorted()[0] ?? '';
      return {
        pending: pending.length,
        oldestCreatedAt: pending.length === 0 ? null : oldest(pending),
        byTarget: new Map(
          [...byTarget].map(([target, list]) => [target, { pending: list.length, oldestCreatedAt: oldest(list) }]),
        ),
      };
    },
  };
  return store;
};
