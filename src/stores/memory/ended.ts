// Alerts that have ended, by scope, in the order of their ends: a scope may have thousands, of which few are recent.
import { partitionPoint } from '../../lib/partition-point.ts';
import type { AlertEntry } from './entries.ts';

export interface EndedAlerts {
  add(entry: AlertEntry): void;
  remove(entry: AlertEntry): void;
  /** Those that ended at or after this time. */
  since(scope: string, time: string): readonly AlertEntry[];
}

const endOf = ({ alert }: AlertEntry): string => alert.resolved_at ?? '';

/** How many of these ended before this time. */
const countBefore = (ended: readonly AlertEntry[], time: string): number =>
  partitionPoint(ended, (entry) => endOf(entry) < time);

/** An entry must be removed before its alert changes. */
export const createEndedAlerts = (): EndedAlerts => {
  const scopes = new Map<string, AlertEntry[]>();
  return {
    add(entry) {
      const ended = scopes.get(entry.alert.scope);
      if (ended) ended.splice(countBefore(ended, endOf(entry)), 0, entry);
      else scopes.set(entry.alert.scope, [entry]);
    },
    remove(entry) {
      const ended = scopes.get(entry.alert.scope);
      const at = ended?.indexOf(entry, countBefore(ended, endOf(entry))) ?? -1;
      if (!ended || at === -1) return;
      ended.splice(at, 1);
      if (ended.length === 0) scopes.delete(entry.alert.scope);
    },
    since(scope, time) {
      const ended = scopes.get(scope);
      return ended ? ended.slice(countBefore(ended, time)) : [];
    },
  };
};
