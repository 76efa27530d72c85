// The open alerts that silences concern. They are asked anew once a silence was made or has ended, whoever did that: this
// replica and every other one may have decided by what it knew before.
import { randomUUID } from 'node:crypto';
import type { Alert } from '../domain/alert.ts';
import type { Silence } from '../domain/rules/silences.ts';
import type { Matcher } from '../domain/rules/when.ts';
import type { EventStore } from '../stores/event-store.ts';
import { readOpenAlerts, readOpenEvents } from '../stores/walk-open.ts';
import type { Bus } from './bus.ts';
import { stoppedBy } from './listed-silence.ts';

/** An open alert of which some open events match. */
export interface MatchedAlert {
  readonly alert: Alert;
  readonly matched: number;
}

/** What asks the store rejects with `StoreUnavailable`. */
export interface SilencedAlerts {
  /** Those with an event that one of the silences matches, or holds back now. */
  of(silences: readonly Silence[]): Promise<readonly Alert[]>;
  /** Those with an open event that matches, and how many of each do. */
  matching(matches: Matcher): Promise<readonly MatchedAlert[]>;
  /** Notes that these silences were made or have ended. */
  changed(silenceIds: readonly string[]): void;
  /** Asks the alerts of what was noted, and remembers it until that is done. @param silences all of the store */
  askAnew(silences: readonly Silence[], requestId: string): Promise<void>;
}

export const createSilencedAlerts = (
  store: Pick<EventStore, 'listAlerts' | 'listEvents'>,
  bus: Pick<Bus, 'publish'>,
  now: () => number,
): SilencedAlerts => {
  const unasked = new Set<string>();

  /** What is open, and how many open events of each alert match, by its id. */
  const readOpen = async (matches: Matcher) => {
    const [open, events] = await Promise.all([readOpenAlerts(store), readOpenEvents(store)]);
    const nowMs = now();
    const counts = new Map<string, number>();
    for (const { event, facts, alert_id: alertId } of events)
      if (alertId !== null && matches({ event, facts }, nowMs)) counts.set(alertId, (counts.get(alertId) ?? 0) + 1);
    return { open, counts };
  };

  const of = async (silences: readonly Silence[]): Promise<readonly Alert[]> => {
    const { open, counts } = await readOpen((...asked) => silences.some(({ when }) => when.matches(...asked)));
    const stopped = new Set(silences.flatMap((silence) => stoppedBy(silence, open)));
    return open.filter((alert) => counts.has(alert.alert_id) || stopped.has(alert));
  };

  return {
    of,
    async matching(matches) {
      const { open, counts } = await readOpen(matches);
      return open.flatMap((alert) => {
        const matched = counts.get(alert.alert_id);
        return matched === undefined ? [] : [{ alert, matched }];
      });
    },
    changed(silenceIds) {
      for (const id of silenceIds) unasked.add(id);
    },
    async askAnew(silences, requestId) {
      const asked = silences.filter(({ id }) => unasked.has(id));
      if (asked.length === 0) return;
      for (const { alert_id: alertId, scope } of await of(asked))
        bus.publish('alert.due', { signalId: randomUUID(), requestId, alertId, scope, cause: 'time' });
      for (const { id } of asked) unasked.delete(id);
    },
  };
};
