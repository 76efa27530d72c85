// The alerts that have to be looked at again when their time comes. They are asked for every second, and there may be one
// for each open payment, due in a week: so they are looked through only when the first of them can be due.
import type { DueAlert } from '../event-store.ts';
import { type AlertEntry, none } from './entries.ts';

export interface Waking {
  /** Notes when the alert wakes from now on, or that it does not. */
  set(entry: AlertEntry): void;
  drop(entry: AlertEntry): void;
  /** Those whose time has come, the earliest first. */
  due(nowIso: string, limit: number): readonly DueAlert[];
}

/** Behind all times, as texts are ordered. */
const never = '~';

const wakeAt = ({ alert }: AlertEntry): string => alert.wake_at ?? never;

export const createWaking = (): Waking => {
  const waking = new Set<AlertEntry>();
  /** None of them wakes before this. */
  let earliest = never;

  return {
    set(entry) {
      const at = wakeAt(entry);
      if (at === never) waking.delete(entry);
      else waking.add(entry);
      if (at < earliest) earliest = at;
    },
    drop: (entry) => void waking.delete(entry),
    due(nowIso, limit) {
      if (earliest > nowIso) return none;
      earliest = never;
      const due: AlertEntry[] = [];
      for (const entry of waking) {
        const at = wakeAt(entry);
        if (at < earliest) earliest = at;
        if (at <= nowIso) due.push(entry);
      }
      return due
        .sort((a, b) => (wakeAt(a) < wakeAt(b) ? -1 : wakeAt(a) > wakeAt(b) ? 1 : a.sequence - b.sequence))
        .slice(0, limit)
        .map(({ alert }) => ({ alertId: alert.alert_id, scope: alert.scope, requestId: alert.request_id }));
    },
  };
};
