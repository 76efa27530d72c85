// The one step that every decision about an alert ends with: it goes on, eases or ends, whom it concerns is told, and it
// is noted when to look again.
import { toIso } from '../lib/time.ts';
import { type Alert, openMembers, worstOf } from './alert.ts';
import { mustBeWhole, type SettleContext, settleState, stateWakesAt } from './alert-state.ts';
import { deliveryHistory } from './delivery-history.ts';
import { isWorse } from './event.ts';
import type { HistoryEntry } from './history.ts';
import { withTodaysTargets } from './legacy-targets.ts';
import { notify, notifyWakesAt } from './notify.ts';
import type { NotifyContext } from './notify-context.ts';
import type { Policy } from './ruling.ts';
import { toldSeverity } from './sending.ts';

/** What a decision makes of an alert. */
export interface AlertChange {
  /** The alert as it is from now on, with all its deliveries. */
  readonly alert: Alert;
  readonly history: readonly HistoryEntry[];
}

/** What every decision depends on beside what is stored. */
export interface Moment {
  readonly policy: Policy;
  readonly nowMs: number;
  readonly requestId: string;
}

const hasFallen = (before: Alert, after: Alert): boolean =>
  isWorse(worstOf(openMembers(before)) ?? 'info', worstOf(openMembers(after)) ?? 'info');

/**
 * @param isByVendor whether what the vendor says of one event is decided; else the alert is looked at as a whole, because
 * of time or rules
 */
export const settleAlert = (before: Alert, given: Alert, context: NotifyContext, isByVendor: boolean): AlertChange => {
  const { nowMs, requestId, policy, isByHand = false } = context;
  const after = withTodaysTargets(given, policy.destinations);
  const settleContext: SettleContext = {
    told: toldSeverity(after),
    hasFallen: isByVendor && hasFallen(before, after),
    isWhole: !isByVendor,
    isByHand,
    nowMs,
    requestId,
  };
  const settled = settleState(after, settleContext);
  const told = notify(settled.alert, settled.ended, context);
  const wakes = [...stateWakesAt(told), ...notifyWakesAt(told, policy, nowMs)].filter((ms) => ms > nowMs);
  if (isByVendor && mustBeWhole(told, nowMs)) wakes.push(nowMs);
  const alert: Alert = {
    ...told,
    wake_at: wakes.length === 0 ? null : toIso(Math.min(...wakes)),
    request_id: requestId,
  };
  return {
    alert,
    history: [...settled.history, ...deliveryHistory(before.deliveries, alert.deliveries, toIso(nowMs), requestId)],
  };
};
