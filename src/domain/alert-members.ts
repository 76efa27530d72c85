// The events of an alert: what it keeps of each, which of them it keeps when it is full, and the title and severity that
// follow from them.
import {
  type Alert,
  type Member,
  type MemberRuling,
  maxAffected,
  maxChanges,
  maxMembers,
  openMembers,
  worstOf,
} from './alert.ts';
import { isWorse, mostSeriousFirst } from './event.ts';
import type { EventRecord } from './event-record.ts';
import { missedTitle } from './missed-counts.ts';

/** What an alert shows of its event beside the title. */
const wordsOfFacts = ({
  status,
  component,
  components = [],
}: EventRecord['facts']): Pick<Member, 'status' | 'affects'> => {
  const affects = (component === undefined ? components : [component]).slice(0, maxAffected);
  return { ...(status !== undefined && { status }), ...(affects.length > 0 && { affects }) };
};

export const memberOf = (
  record: EventRecord,
  ruling: MemberRuling,
  { joinedAt, attracts }: { readonly joinedAt: string; readonly attracts: boolean },
): Member => {
  const { event, facts, traits } = record;
  const endedAt = event.resolved_at;
  return {
    event_id: event.event_id,
    subject: record.subject,
    kind: event.kind,
    item: traits.item,
    title: facts.group === undefined ? event.summary : `${event.summary} (${facts.group})`,
    name: traits.name,
    components: traits.components,
    group: traits.group,
    page_size: traits.pageSize,
    severity: event.severity,
    started_at: event.started_at,
    joined_at: joinedAt,
    ended_at: endedAt,
    test_mode: record.test_mode,
    ...wordsOfFacts(facts),
    attracts,
    ruling,
  };
};

/** The member with how serious it was before, where it is something else now. */
export const withPast = (member: Member, known: Member | undefined, at: string): Member => {
  const { was = [], severity } = known ?? {};
  if (severity === undefined || (severity === member.severity && was.length === 0)) return member;
  const changed = severity === member.severity ? was : [...was, [severity, at] as const];
  return { ...member, was: changed.slice(-maxChanges) };
};

/** The title is that of the most serious event, among equals the incident's, then the oldest. */
export const titleOf = (members: readonly Member[]): string | undefined =>
  members.toSorted((a, b) => mostSeriousFirst(a, b) || Number(b.item === 'incident') - Number(a.item === 'incident'))[0]
    ?.title;

const withoutWorst = ({ worst: _worst, ...kept }: Alert): Alert => kept;

/** The title and the severity follow the open events; those of an alert without any, or that has ended, stay as they were. */
export const withWords = (alert: Alert): Alert => {
  if (alert.state === 'resolved') return alert;
  const open = openMembers(alert);
  const { worst: worstBefore } = alert;
  const title = alert.missed ? missedTitle(alert.missed) : titleOf(open);
  const severity = worstOf(open) ?? alert.severity;
  const worst = worstOf([alert, ...open, ...(worstBefore ? [{ severity: worstBefore }] : [])]) ?? severity;
  const kept = worstBefore === undefined ? alert : withoutWorst(alert);
  return { ...kept, title: title ?? alert.title, severity, ...(worst !== severity && { worst }) };
};

/** How many events are sent to a destination, or how many nothing keeps from it now. */
type Counts = Map<string, number>;

const countInto = (counts: Counts, names: readonly string[]): void => {
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
};

const isToldNow = ({ hold_until: held, silenced_until: silenced }: MemberRuling): boolean =>
  held === null && silenced === null;

/** Tells whether an event reaches a destination that fewer than so many open members of the alert reach. */
const createReach = (members: readonly Member[]) => {
  const [sent, told]: [Counts, Counts] = [new Map(), new Map()];
  for (const { ruling } of openMembers({ members })) {
    countInto(sent, ruling.send);
    countInto(sent, ruling.at_end_of_window);
    if (isToldNow(ruling)) countInto(told, ruling.send);
  }
  return ({ ruling }: Member, fewerThan: number): boolean => {
    const isRare = (counts: Counts) => (name: string) => (counts.get(name) ?? 0) < fewerThan;
    return (
      ruling.send.some(isRare(sent)) ||
      ruling.at_end_of_window.some(isRare(sent)) ||
      (isToldNow(ruling) && ruling.send.some(isRare(told)))
    );
  };
};

/** The more serious, and among equals the incident, is needed more: the alert has its title. */
const isNeededMore = (one: Member, other: Member): boolean =>
  isWorse(one.severity, other.severity) ||
  (one.severity === other.severity && one.item === 'incident' && other.item !== 'incident');

/**
 * Which member of a full alert makes room: one that has ended, else one that is needed less. An event that is the only
 * one for a destination is needed there, however little it is. The opener stays, for the alert is told by it. Undefined
 * when all are needed more.
 */
const leastNeeded = (members: readonly Member[], added: Member): Member | undefined => {
  const [, ...others] = members;
  const ended = others.find(({ ended_at: endedAt }) => endedAt !== null);
  if (ended) return ended;
  const isRare = createReach(members);
  const least = others
    .filter((member) => !isRare(member, 2))
    .reduce<Member | undefined>((a, b) => (a === undefined || !isNeededMore(b, a) ? b : a), undefined);
  return least && (isRare(added, 1) || isNeededMore(added, least)) ? least : undefined;
};

const withOneMore = (alert: Alert, member: Member): Alert => {
  if (alert.members.length < maxMembers) return withWords({ ...alert, members: [...alert.members, member] });
  const least = member.ended_at === null ? leastNeeded(alert.members, member) : undefined;
  if (!least) return alert;
  return withWords({ ...alert, members: [...alert.members.filter((other) => other !== least), member] });
};

/** The alert with events that it had no room for, or that made room for others, in the place of what has ended. */
export const refill = (alert: Alert, uncounted: readonly Member[]): Alert => {
  const [opener, ...others] = alert.members;
  if (!opener || uncounted.length === 0) return alert;
  const added = uncounted.slice(0, maxMembers - 1);
  const removed = Math.max(0, alert.members.length + added.length - maxMembers);
  return withWords({ ...alert, members: [opener, ...others.slice(removed), ...added] });
};

/**
 * The alert with the event in it: a new member, or the newest state of a known one.
 * @param isNew whether the event was not yet counted as one of the alert's
 */
export const withMember = (alert: Alert, member: Member, isNew: boolean): Alert => {
  const isKnown = alert.members.some(({ event_id: eventId }) => eventId === member.event_id);
  if (isKnown)
    return withWords({
      ...alert,
      members: alert.members.map((other) => (other.event_id === member.event_id ? member : other)),
    });
  const isBeyond = isNew && alert.members.length >= maxMembers;
  return withOneMore({ ...alert, uncounted: alert.uncounted + (isBeyond ? 1 : 0) }, member);
};
