// Who is told that an alert is over.
import type { Alert } from './alert.ts';
import { sinceLastEnd } from './cancel-unneeded.ts';
import { type DeliveryReason, isTold } from './delivery.ts';
import type { NotifyContext } from './notify-context.ts';
import type { Outbox } from './outbox.ts';

/** The most ids under which the end of the first look is told; a status page lists at most a few hundred components. */
const maxKeys = 100;

/** Every target that was told, or may have been, is told of the end, even if it is no longer configured. */
export const tellEnd = (outbox: Outbox, alert: Alert, reason: DeliveryReason, { policy }: NotifyContext): void => {
  const opener = alert.members[0];
  if (!opener) return;
  for (const target of new Set(alert.deliveries.map((each) => each.target))) {
    const [first] = sinceLastEnd(alert.deliveries, target).filter(isTold);
    if (!first) continue;
    const { destination: name, reaches_people: reachesPeople } = first;
    const about = { eventId: opener.event_id, severity: alert.severity };
    outbox.add({ name, target, reachesPeople }, 'resolve', reason, about);
    // A restart may have chosen another opener before. Without keys people would be told once more under each.
    const hasKeys = policy.destinations.some((each) => each.target === target && each.hasKeys);
    if (!alert.first_look || !policy.forgetsOnRestart || !reachesPeople || !hasKeys) continue;
    for (const { event_id: key } of alert.members.slice(1, maxKeys))
      if (key !== alert.alert_id) outbox.add({ name, target, reachesPeople }, 'resolve', reason, about, { key });
  }
};
