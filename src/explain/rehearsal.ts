// The real stages over a store that keeps nothing, with what they changed written down.
import type { Alert } from '../domain/alert.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { HistoryEntry } from '../domain/history.ts';
import type { Policy } from '../domain/ruling.ts';
import { createBus } from '../pipeline/bus.ts';
import { createSignalOutcomes } from '../pipeline/signal-outcome.ts';
import { subscribeStages } from '../pipeline/stages.ts';
import type { Normalizer } from '../pipeline/topics.ts';
import { createOverlayStore, type OverlayStore, type Underlay } from '../stores/dry-run.ts';
import type { EventStore } from '../stores/event-store.ts';

/** What previews and explanations read: the store as it would be. */
export type RehearsedReads = Pick<EventStore, 'find' | 'readRaw'>;

export interface RehearsalDeps {
  readonly store: Underlay & Pick<EventStore, 'readRaw'>;
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  readonly policy: () => Policy;
  readonly now: () => number;
}

/** A delivery that would be created, with its alert as it would be. */
export interface NewDelivery {
  readonly delivery: Delivery;
  readonly alert: Alert;
}

const append = (
  histories: Map<string, readonly HistoryEntry[]>,
  id: string,
  added: readonly HistoryEntry[] = [],
): void => {
  histories.set(id, [...(histories.get(id) ?? []), ...added]);
};

export const createRehearsal = ({ store: under, normalizers, policy, now }: RehearsalDeps) => {
  const overlay = createOverlayStore(under);
  const raws = new Map<string, string>();
  /** The ids of the deliveries that are stored. */
  const known = new Set<string>();
  /** What was added to the history of events, and of alerts; the two may have the same id. */
  const eventHistory = new Map<string, readonly HistoryEntry[]>();
  const alertHistory = new Map<string, readonly HistoryEntry[]>();
  /** As they are found first, and then as they are left. */
  const alerts = new Map<string, Alert>();

  const note = (found: readonly Alert[]): void => {
    for (const alert of found) {
      if (alerts.has(alert.alert_id)) continue;
      alerts.set(alert.alert_id, alert);
      for (const { id } of alert.deliveries) known.add(id);
    }
  };

  const store: OverlayStore = {
    ...overlay,
    transact: (keys, decide) =>
      overlay.transact(keys, (snapshot) => {
        note(snapshot.alerts);
        const changes = decide(snapshot);
        const { event, rawJson } = changes;
        if (event && rawJson !== undefined) raws.set(event.event.event_id, rawJson);
        if (keys.eventId !== undefined) append(eventHistory, keys.eventId, changes.eventHistory);
        for (const { alert, history } of changes.alerts ?? []) {
          alerts.set(alert.alert_id, alert);
          append(alertHistory, alert.alert_id, history);
        }
        return changes;
      }),
  };

  const bus = createBus();
  const outcomes = createSignalOutcomes(bus);
  // A broken rule shows in the reason of each decision.
  subscribeStages(bus, { store, normalizers, policy, now, onBroken: () => undefined });

  const reads: RehearsedReads = {
    find: store.find,
    readRaw: async (eventId) => raws.get(eventId) ?? under.readRaw(eventId),
  };
  return {
    store,
    bus,
    outcomes,
    reads,
    alertHistory: (alertId: string): readonly HistoryEntry[] => alertHistory.get(alertId) ?? [],
    /** Of an event, and of its alert as far as that names it. */
    historyOf: (eventId: string, alertId: string | null): readonly HistoryEntry[] => [
      ...(eventHistory.get(eventId) ?? []),
      ...(alertHistory.get(alertId ?? '') ?? []).filter(({ event_id: named }) => named === eventId),
    ],
    alerts: (): ReadonlyMap<string, Alert> => alerts,
    newDeliveries: (): readonly NewDelivery[] =>
      [...alerts.values()].flatMap((alert) =>
        alert.deliveries
          .filter(({ id, status }) => status === 'pending' && !known.has(id))
          .map((delivery) => ({ delivery, alert })),
      ),
  };
};

export type Rehearsal = ReturnType<typeof createRehearsal>;
