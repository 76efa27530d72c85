// A clock that stands still while something happens, and moves on from one thing that is due to the next.
import { minuteMs } from '../../lib/time.ts';
import type { EventStore } from '../../stores/event-store.ts';

export interface Timeline {
  readonly now: () => number;
  set(ms: number): void;
  /** Until this time `tick` is called each minute too, for what is due at no time of its own. */
  keepTicking(untilMs: number): void;
  /** Moves on to this time, and calls `tick` at each time in between at which an alert or a delivery is due. */
  advanceTo(ms: number, tick: () => Promise<void>): Promise<void>;
}

const maxOpen = 1000;
/** A tick that leaves so many times the same thing due will not get further. */
const maxInVain = 10;

/** When the next alert has to be looked at, or the next delivery is to be sent; infinity when nothing waits. */
const nextDueMs = async (store: Pick<EventStore, 'listAlerts'>): Promise<number> => {
  const { alerts } = await store.listAlerts({ state: 'open', limit: maxOpen });
  const times = alerts.flatMap(({ wake_at: wakeAt, deliveries }) => [
    wakeAt,
    ...deliveries.filter(({ status }) => status === 'pending').map(({ next_attempt_at: at }) => at),
  ]);
  return Math.min(...times.flatMap((at) => (at === null ? [] : [Date.parse(at)])), Number.POSITIVE_INFINITY);
};

export const createTimeline = (store: Pick<EventStore, 'listAlerts'>): Timeline => {
  let nowMs = 0;
  let tickingUntilMs = 0;
  const nextMs = async (): Promise<number> => {
    const dueMs = await nextDueMs(store);
    return nowMs < tickingUntilMs ? Math.min(dueMs, nowMs + minuteMs) : dueMs;
  };
  return {
    now: () => nowMs,
    set(ms) {
      nowMs = ms;
    },
    keepTicking(untilMs) {
      tickingUntilMs = Math.max(tickingUntilMs, untilMs);
    },
    async advanceTo(ms, tick) {
      let inVain = 0;
      for (let due = await nextMs(); due < ms && inVain < maxInVain; due = await nextMs()) {
        inVain = due <= nowMs ? inVain + 1 : 0;
        nowMs = Math.max(nowMs, due);
        await tick();
      }
      nowMs = Math.max(nowMs, ms);
    },
  };
};
