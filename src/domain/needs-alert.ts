// Which events have an alert, and why one that has none is not sent.
import type { EventRecord } from './event-record.ts';
import type { EventChange } from './lifecycle.ts';
import type { Sighting } from './observation.ts';
import type { Ruling } from './rules/evaluate.ts';
import { isKeptFromPeople, type Policy } from './ruling.ts';

export const overBeforeWeKnew = 'Not sent: over before we knew.';
export const overBeforeSent = 'Not sent: it was over before it was to be sent.';

/** Whether any destination could be sent the event, now or once a hold, a silence or a window has ended. */
export const isSendable = (
  record: Pick<EventRecord, 'test_mode'>,
  { send, atEndOfWindow }: Ruling,
  policy: Policy,
): boolean =>
  policy.destinations.some(
    (destination) =>
      (send.includes(destination.name) || atEndOfWindow.includes(destination.name)) &&
      !isKeptFromPeople(record, destination, policy),
  );

/** Which events have an alert, told or not. A payment is one of thousands, so only what could be sent has one. */
export const needsAlert = (record: EventRecord, ruling: Ruling, policy: Policy): boolean => {
  const { event, traits } = record;
  if (event.resolved_at !== null || traits.item === 'maintenance' || !ruling.used) return false;
  return event.kind === 'payment' ? isSendable(record, ruling, policy) : event.severity !== 'info';
};

/** Why an event without an alert is not sent. */
export const unsentReason = (
  record: EventRecord,
  ruling: Ruling,
  {
    change,
    policy,
    missed,
  }: { readonly change: EventChange; readonly policy: Policy; readonly missed?: Sighting['missed'] },
): string => {
  const { event, test_mode: isTest } = record;
  const isOver = event.resolved_at !== null && ruling.send.length > 0;
  if (isOver && change === 'stored')
    return missed ? overBeforeWeKnew : 'Not sent: it was already over when it was first seen.';
  if (isTest && ruling.send.length > 0 && !isSendable(record, ruling, policy))
    return 'Not sent: test-mode events reach people only if ROUTE_TEST_MODE=true.';
  if (record.traits.item === 'maintenance') return 'Not sent: a maintenance is not an alert.';
  if (isOver) return overBeforeSent;
  return `Not sent: ${ruling.because}.`;
};
