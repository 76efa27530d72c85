import type { Alert } from '../domain/alert.ts';
import type { AlertChange } from '../domain/settle-alert.ts';
import type { Changes } from '../stores/event-store.ts';

/** The alerts whose payments are open from now on, or not, because the alert opened or ended in this step. */
export const paymentsOf = (
  before: readonly Alert[],
  changes: readonly AlertChange[],
): NonNullable<Changes<unknown>['paymentsOf']> => {
  if (changes.length === 0) return [];
  const states = new Map(before.map(({ alert_id: id, state }) => [id, state]));
  return changes
    .filter(({ alert }) => alert.members.some(({ kind }) => kind === 'payment'))
    .filter(({ alert }) => states.has(alert.alert_id) && states.get(alert.alert_id) !== alert.state)
    .map(({ alert }) => ({ alertId: alert.alert_id, isOpen: alert.state === 'open' }));
};
