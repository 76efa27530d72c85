// Tells, once it is committed, what a transaction did.
import type { Alert } from '../domain/alert.ts';
import { type Delivery, isBlocked } from '../domain/delivery.ts';
import { eventIdOf } from '../domain/observation.ts';
import type { AlertChange } from '../domain/settle-alert.ts';
import { hasCome } from '../lib/time.ts';
import type { Bus } from './bus.ts';
import type { Draft } from './draft.ts';
import type { Thread, Topics } from './topics.ts';

const changeOf = (before: Alert | undefined, { state, cycle }: Alert): Topics['alert.changed']['change'] => {
  if (!before) return 'opened';
  if (before.state === state) return cycle > before.cycle ? 'reopened' : 'updated';
  return state === 'open' ? 'reopened' : 'resolved';
};

/** The deliveries of an alert that may be tried now. */
const dueNow = ({ deliveries }: Alert, nowMs: number): readonly Delivery[] =>
  deliveries.filter(
    (delivery) =>
      delivery.status === 'pending' &&
      delivery.leased_until === null &&
      hasCome(delivery.next_attempt_at, nowMs) &&
      !isBlocked(delivery, deliveries),
  );

export const announceAlerts = (
  bus: Pick<Bus, 'publish'>,
  thread: Thread,
  before: readonly Alert[],
  changes: readonly AlertChange[],
  nowMs: number,
): void => {
  for (const { alert } of changes) {
    const { alert_id: alertId, scope, state, source, severity, wake_at: wakeAt } = alert;
    const known = before.find((other) => other.alert_id === alertId);
    bus.publish('alert.changed', { ...thread, alertId, change: changeOf(known, alert), state, source, severity });
    const deliveries = dueNow(alert, nowMs);
    if (deliveries.length > 0) bus.publish('delivery.queued', { ...thread, alertId, scope, deliveries });
    if (hasCome(wakeAt, nowMs)) bus.publish('alert.due', { ...thread, alertId, scope, cause: 'time' });
  }
};

const newDeliveryIds = (before: readonly Alert[], changes: readonly AlertChange[]): readonly string[] => {
  const known = new Set(before.flatMap(({ deliveries }) => deliveries.map(({ id }) => id)));
  return changes.flatMap(({ alert }) => alert.deliveries.map(({ id }) => id)).filter((id) => !known.has(id));
};

export const announce = (bus: Pick<Bus, 'publish'>, draft: Draft): void => {
  const { thread, observation, event, change, stopped, alerts, reason, snapshot, nowMs } = draft;
  const eventId = eventIdOf(observation);
  if (stopped !== undefined || !event || change === undefined) {
    const source = event?.event.source ?? '';
    bus.publish('event.unchanged', { ...thread, eventId, source, reason: stopped ?? 'ignored' });
    return;
  }
  const { source, severity } = event.event;
  const alertId = event.alert_id;
  bus.publish('event.stored', { ...thread, eventId, change, source, severity, alertId });
  const deliveryIds = alerts.length === 0 ? [] : newDeliveryIds(snapshot.alerts, alerts);
  if (reason !== undefined) bus.publish('routing.decided', { ...thread, eventId, alertId, deliveryIds, reason });
  announceAlerts(bus, thread, snapshot.alerts, alerts, nowMs);
};
