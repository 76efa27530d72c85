// Whom an alert is told to, and when: what each destination has been told already, what is new, and what must be closed.
// Level-triggered: it looks at what is true now, so deciding twice, or after a crash, creates nothing twice.
import { hasCome } from '../lib/time.ts';
import { type Alert, openMembers } from './alert.ts';
import type { Settled } from './alert-state.ts';
import { cancelUnneeded } from './cancel-unneeded.ts';
import type { NotifyContext } from './notify-context.ts';
import { createOutbox } from './outbox.ts';
import type { Policy } from './ruling.ts';
import { inCycle } from './sending.ts';
import { tellEnd } from './tell-end.ts';
import { tellFallbacks } from './tell-fallbacks.ts';
import { tellOpen } from './tell-open.ts';
import { isOfTrial } from './told-elsewhere.ts';

/** What is of a trial becomes no news for people by time, new rules, or another event's end. */
const withoutPeopleForTrial = (alert: Alert, context: NotifyContext): NotifyContext => {
  const { policy, isNews } = context;
  if (isNews || !isOfTrial(alert, policy.destinations)) return context;
  return { ...context, policy: { ...policy, destinations: policy.destinations.filter((each) => !each.reachesPeople) } };
};

/** The alert with all deliveries that it needs now. */
export const notify = (alert: Alert, ended: Settled['ended'], context: NotifyContext): Alert => {
  const outbox = createOutbox(alert, context);
  if (alert.state === 'open') {
    const told = withoutPeopleForTrial(alert, context);
    for (const destination of told.policy.destinations) tellOpen(outbox, alert, destination, told);
    tellFallbacks(outbox, { ...alert, deliveries: outbox.all() }, told);
  } else if (ended !== null && ended !== 'silent') tellEnd(outbox, alert, ended, context);
  return { ...alert, deliveries: cancelUnneeded(outbox.all()) };
};

/** Whether a hold or a silence of an open event is over, so that the rules have to be asked of it anew. */
export const isHeldTooLong = (alert: Alert, nowMs: number): boolean =>
  openMembers(alert).some(({ ruling: { hold_until: hold, silenced_until: silenced } }) =>
    [hold, silenced].some((time) => hasCome(time, nowMs)),
  );

/**
 * When a destination has to be asked again: a hold, a silence or a window that ends, a fallback whose time has come, a
 * silence that begins while something waits that it may stop.
 */
export const notifyWakesAt = (
  alert: Alert,
  { destinations, silences }: Pick<Policy, 'destinations' | 'silences'>,
  nowMs: number,
): readonly number[] => {
  if (alert.state === 'resolved') return [];
  const ends = openMembers(alert).flatMap(({ ruling }) => [
    ruling.hold_until,
    ruling.silenced_until,
    ruling.at_end_of_window.length > 0 ? ruling.window_ends_at : null,
  ]);
  const fallbacks = destinations.flatMap(({ target, fallback }) =>
    fallback === null
      ? []
      : inCycle(alert, target)
          .filter(({ action, status }) => action === 'trigger' && status === 'pending')
          .map(({ created_at: at }) => Date.parse(at) + fallback.afterMs),
  );
  const waiting = alert.deliveries.filter(({ status }) => status === 'pending');
  const begins = waiting.length === 0 ? [] : silences.map(({ from }) => from);
  const isSilenced = openMembers(alert).some(({ ruling }) => ruling.silenced_until !== null);
  // What is just being sent is stopped too, once that has ended, if it was not accepted.
  const underWay = isSilenced ? waiting.map(({ leased_until: until }) => until) : [];
  const times = [...ends, ...begins, ...underWay].flatMap((time) => (time === null ? [] : [Date.parse(time)]));
  return [...times, ...fallbacks].filter((time) => time > nowMs);
};
