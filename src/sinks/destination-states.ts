// How every destination stands, for `GET /destinations`, the metrics and the dashboard.
import { toIso } from '../lib/time.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Destination } from './destination.ts';
import type { DestinationHealth } from './health.ts';

export const destinationConditions = ['ok', 'failing', 'paused', 'unused'] as const;

export interface DestinationState {
  readonly name: string;
  readonly type: string;
  readonly reaches_people: boolean;
  /** `paused`: nothing is sent for now. `unused`: no delivery was created for it yet. */
  readonly state: (typeof destinationConditions)[number];
  readonly last_success_at: string | null;
  readonly last_failure_at: string | null;
  readonly last_error: string | null;
  /** How many deliveries wait to be sent there. */
  readonly waiting: number;
  readonly oldest_waiting_at: string | null;
}

/** Rejects with `StoreUnavailable`. */
export type DestinationStates = () => Promise<readonly DestinationState[]>;

export interface DestinationStatesDeps {
  readonly destinations: () => readonly Pick<Destination, 'name' | 'type' | 'target' | 'reachesPeople'>[];
  readonly health: (target: string) => Promise<DestinationHealth>;
  /** Until when nothing is sent there, in ms since 1970; null when it is not paused. */
  readonly pausedUntilMs: (target: string) => number | null;
  readonly store: Pick<EventStore, 'backlog'>;
  readonly now: () => number;
}

const conditionOf = (
  health: DestinationHealth,
  waiting: number,
  pausedUntilMs: number | null,
  nowMs: number,
): DestinationState['state'] => {
  if (pausedUntilMs !== null && pausedUntilMs > nowMs) return 'paused';
  if (health.refusing_since !== null) return 'failing';
  return health.last_success_at === null && waiting === 0 ? 'unused' : 'ok';
};

/** A backlog may come from a clock that is ahead of ours. */
const notAhead = (at: string | undefined, nowMs: number): string | null =>
  at === undefined || at <= toIso(nowMs) ? (at ?? null) : toIso(nowMs);

export const createDestinationStates =
  ({ destinations, health, pausedUntilMs, store, now }: DestinationStatesDeps): DestinationStates =>
  async () => {
    const [{ byTarget }, known] = await Promise.all([
      store.backlog(),
      Promise.all(destinations().map(async (each) => ({ ...each, own: await health(each.target) }))),
    ]);
    const nowMs = now();
    return known.map(({ name, type, target, reachesPeople, own }) => {
      const waits = byTarget.get(target);
      const waiting = waits?.pending ?? 0;
      return {
        name,
        type,
        reaches_people: reachesPeople,
        state: conditionOf(own, waiting, pausedUntilMs(target), nowMs),
        last_success_at: own.last_success_at,
        last_failure_at: own.last_failure_at,
        last_error: own.last_error,
        waiting,
        oldest_waiting_at: notAhead(waits?.oldestCreatedAt, nowMs),
      };
    });
  };
