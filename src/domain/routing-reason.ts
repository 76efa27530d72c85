// Why an event was or was not sent, in words: one sentence for each destination, or one for all that agree.
import type { Alert, Member } from './alert.ts';
import type { Delivery } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import type { NotifyContext } from './notify-context.ts';
import { type Sending, sendingOf } from './sending.ts';

interface Step {
  readonly before: readonly Delivery[];
  readonly after: Alert;
  readonly member: Member;
}

const carries = (member: Member) => (delivery: Delivery) =>
  delivery.action !== 'resolve' && delivery.event_ids.includes(member.event_id);

const ofNew = ({ reason, action }: Delivery, { after, member }: Step, hadFailed: boolean): string => {
  const { because } = member.ruling;
  if (reason === 'fallback') return 'Sent here, because the destination that should tell it has not accepted it.';
  if (reason === 'louder') return `Sent again, because it is more serious than what was told: ${because}.`;
  if (action === 'update')
    return after.members.length > 1
      ? `Sent as an update of the alert ${after.alert_id}, because ${because}.`
      : `Sent as an update, because ${because}.`;
  if (hadFailed) return 'Sent again, because the notification before was not accepted.';
  if (reason === 'reopened')
    return after.members.length > 1
      ? `Sent again, because the alert ${after.alert_id} is open again.`
      : 'Sent again, because the event is open again.';
  return `Sent, because ${because}.`;
};

const unsentTexts: Readonly<Record<Exclude<Sending, 'yes'>, (member: Member) => string>> = {
  no: ({ ruling }) => `Not sent: ${ruling.because}.`,
  held: ({ ruling }) => `Held until ${ruling.hold_until}: ${ruling.because}.`,
  silenced: ({ ruling }) => `Silenced until ${ruling.silenced_until}: ${ruling.silenced_because}.`,
  test_mode: () => 'Not sent: test-mode events reach people only if ROUTE_TEST_MODE=true.',
};

const ofOpen = (step: Step, destination: DestinationTraits, context: NotifyContext): string => {
  const { before, after, member } = step;
  const { because } = member.ruling;
  const known = new Set(before.map(({ id }) => id));
  const own = after.deliveries.filter((each) => each.target === destination.target && each.cycle === after.cycle);
  const carried = own.filter(carries(member));
  const fresh = carried.find(({ id }) => !known.has(id));
  const hadFailed = carried.some(({ id, status }) => known.has(id) && status === 'failed');
  if (fresh) return ofNew(fresh, step, hadFailed);
  const sending = sendingOf(member, after, destination, context);
  const isTold = carried.some(({ status }) => status !== 'superseded' && status !== 'failed');
  if (isTold && sending === 'yes') return `Sent once, because ${because}; later changes send no second notification.`;
  if (isTold) return `Sent before; ${because}, but an alert that was sent stays open until it ends.`;
  if (carried.some(({ status }) => status === 'superseded') && sending !== 'yes')
    return `Not sent: ${because}, and its notification had not been accepted before.`;
  if (hadFailed) return 'Not sent: the destination refused it.';
  return sending === 'yes' ? `Sent as an update of the alert ${after.alert_id}.` : unsentTexts[sending](member);
};

const ofEnded = ({ after, member }: Step, { target }: DestinationTraits): string => {
  const own = after.deliveries.filter((each) => each.target === target);
  const carried = own.filter(carries(member));
  const last = carried.at(-1);
  if (!last)
    return member.ruling.send.length > 0
      ? 'Not sent: it was over before it was to be sent.'
      : `Not sent: ${member.ruling.because}.`;
  if (after.state === 'open') return 'Sent; it has ended, and its alert goes on.';
  const resolve = own.find((each) => each.action === 'resolve' && each.cycle === last.cycle);
  if (resolve && resolve.status !== 'superseded') return 'Sent, and its end is sent too.';
  if (resolve) return 'Not sent: it ended before its notification was accepted.';
  return 'Not sent: its notification was never accepted, so there is nothing to close.';
};

/** @param step what the decision made of the deliveries of the event's alert */
export const routingReason = (step: Step, context: NotifyContext): string => {
  const { destinations } = context.policy;
  const isOver = step.member.ended_at !== null || step.after.state === 'resolved';
  const texts = destinations.map((destination) => ({
    name: destination.name,
    text: isOver ? ofEnded(step, destination) : ofOpen(step, destination, context),
  }));
  const [first] = texts;
  if (!first) return `Not sent: there is no destination.`;
  return texts.every(({ text }) => text === first.text)
    ? first.text
    : texts.map(({ name, text }) => `${name}: ${text}`).join(' ');
};
