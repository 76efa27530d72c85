// Why an event was or was not sent, in words: one sentence for each destination, or one for all that agree.
import type { Alert, Member } from './alert.ts';
import { type Delivery, isTold } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import { overBeforeSent } from './needs-alert.ts';
import type { NotifyContext } from './notify-context.ts';
import { isKeptFromPeople } from './ruling.ts';
import { createSending, type Sending } from './sending.ts';
import { isOfTrial } from './told-elsewhere.ts';

interface Step {
  readonly before: readonly Delivery[];
  readonly after: Alert;
  readonly member: Member;
}

const carries = (member: Member) => (delivery: Delivery) =>
  delivery.action !== 'resolve' && delivery.event_ids.includes(member.event_id);

/** Whether the destination was told of the alert before, in any of its cycles. */
const wasTold = ({ target }: Delivery, { before }: Step): boolean =>
  before.some((each) => each.target === target && each.action !== 'resolve' && isTold(each));

const ofNew = (fresh: Delivery, step: Step, hadFailed: boolean): string => {
  const { reason, action } = fresh;
  const { after, member } = step;
  const { because } = member.ruling;
  if (reason === 'fallback') return 'Sent here, because the destination that should tell it has not accepted it.';
  if (reason === 'louder') return `Sent again, because it is more serious than what was told: ${because}.`;
  if (reason === 'words' && !member.ruling.send.includes(fresh.destination))
    return 'Sent as an update, because what was sent before has changed.';
  if (action === 'update')
    return after.members.length > 1
      ? `Sent as an update of the alert ${after.alert_id}: ${because}.`
      : `Sent as an update: ${because}.`;
  if (hadFailed) return 'Sent again, because the notification before was not accepted.';
  if (reason === 'reopened' && wasTold(fresh, step))
    return after.members.length > 1
      ? `Sent again, because the alert ${after.alert_id} is open again.`
      : 'Sent again, because the event is open again.';
  return `Sent: ${because}.`;
};

/** A route that names other destinations is no reason against this one, but it is why nothing comes here. */
const notHere = ({ ruling: { send, because } }: Member): string =>
  send.length === 0 ? `Not sent: ${because}.` : `Not sent here, but to ${send.join(', ')}: ${because}.`;

const waitsForWindow = ({ ruling }: Member, name: string): boolean =>
  ruling.window_ends_at !== null && ruling.at_end_of_window.includes(name);

const unsentTexts: Readonly<Record<Exclude<Sending, 'yes'>, (member: Member, name: string) => string>> = {
  no: (member, name) =>
    waitsForWindow(member, name)
      ? `Sent at ${member.ruling.window_ends_at} if it is still open then: ${member.ruling.because}.`
      : notHere(member),
  held: ({ ruling }) => `Held until ${ruling.hold_until}: ${ruling.because}.`,
  silenced: ({ ruling }) => `Silenced until ${ruling.silenced_until}: ${ruling.silenced_because}.`,
  test_mode: () => 'Not sent: test-mode events reach people only if ROUTE_TEST_MODE=true.',
};

/** Of an event that has gone out there before, with nothing new in this step. */
const ofGone = (sending: Sending, member: Member, name: string): string => {
  const { because } = member.ruling;
  if (sending === 'yes') return `Sent once: ${because}; later changes send no second notification.`;
  return sending === 'no'
    ? `Sent before. Now it would not be: ${because}; but an alert that was sent stays open until it ends.`
    : `Sent before. ${unsentTexts[sending](member, name)}`;
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
  const sending = createSending(after, destination, context)(member);
  const gone = carried.filter(isTold);
  if (gone.length > 0 && gone.every(({ status }) => status === 'failed'))
    return `Sent, but no answer came, so it may not have arrived: ${because}.`;
  if (gone.length > 0) return ofGone(sending, member, destination.name);
  if (carried.some(({ status }) => status === 'superseded') && sending !== 'yes')
    return `Not sent: ${because}, and its notification had not been accepted before.`;
  if (hadFailed) return 'Not sent: the destination refused it.';
  if (sending !== 'yes') return unsentTexts[sending](member, destination.name);
  return isOfTrial(after, context.policy.destinations)
    ? 'Not sent: only the mock was told, and payments of that time are not told again.'
    : `Sent as an update of the alert ${after.alert_id}.`;
};

/** Of an event that never went there, and has ended. */
const ofNeverSent = (member: Member, destination: DestinationTraits, { policy }: NotifyContext): string => {
  const { send, at_end_of_window: atEnd } = member.ruling;
  if (!send.includes(destination.name) && !atEnd.includes(destination.name)) return notHere(member);
  return isKeptFromPeople(member, destination, policy)
    ? unsentTexts.test_mode(member, destination.name)
    : overBeforeSent;
};

const ofEnded = ({ after, member }: Step, destination: DestinationTraits, context: NotifyContext): string => {
  const { target } = destination;
  const own = after.deliveries.filter((each) => each.target === target);
  const carried = own.filter(carries(member));
  const last = carried.at(-1);
  if (!last) return ofNeverSent(member, destination, context);
  if (after.state === 'open') return 'Sent; it ended while its alert went on.';
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
    text: isOver ? ofEnded(step, destination, context) : ofOpen(step, destination, context),
  }));
  const [first] = texts;
  if (!first) return 'Not sent: there is no destination.';
  return texts.every(({ text }) => text === first.text)
    ? first.text
    : [...Map.groupBy(texts, ({ text }) => text)]
        .map(([text, those]) => `${those.map(({ name }) => name).join(', ')}: ${text}`)
        .join(' ');
};
