// Which alert an event belongs to. Pure: the alerts of the event's scope that are open, or ended within the last hour,
// are given, and times are the vendor's where it gave them. What was found by playing six years of status pages is in
// docs/judgement.md.
import { hourMs, minuteMs } from '../lib/time.ts';
import type { Alert, Member } from './alert.ts';
import { lastTriggerAt } from './alert.ts';
import { isWorse, mostSeriousFirst, type Severity } from './event.ts';
import type { FoldTraits } from './observation.ts';

/** What ended within this time and is down again belongs to the same outage. */
export const reopenWithinMs = hourMs;
/** Components that go down this close together have one cause. */
const togetherMs = 10 * minuteMs;
/** A larger status page always has something down, so nearness in time says nothing there. */
const smallPage = 60;
/** How long before an incident that names nothing, and after, what goes down is taken for its consequence. */
const beforeIncidentMs = 30 * minuteMs;
const afterIncidentMs = 6 * hourMs;
const sameNameMs = 30 * minuteMs;
/** An alert that lasts for days must not swallow the next outage. */
const swallowMs = 6 * hourMs;
const samePaymentMs = minuteMs;

export interface Candidate {
  readonly subject: string;
  readonly startedAt: string;
  readonly severity: Severity;
  readonly traits: FoldTraits;
}

export type Fold =
  | {
      readonly how: 'joins' | 'reopens';
      readonly alert: Alert;
      readonly because: string;
      readonly related: readonly string[];
    }
  | { readonly how: 'own' };

const ms = (time: string): number => Date.parse(time);

const isWithin = (a: string, b: string, limitMs: number): boolean => Math.abs(ms(a) - ms(b)) <= limitMs;

/** Whether a member went on, or had ended only lately, when the other began. */
const isRecent = ({ ended_at: endedAt }: Member, startedAt: string): boolean =>
  endedAt === null || ms(endedAt) + reopenWithinMs >= ms(startedAt);

const names = (incident: readonly string[], component: readonly string[]): boolean =>
  component.some((id) => incident.includes(id));

/** A component and an incident that names nothing: what goes down around it is taken for its consequence. */
const isConsequence = (incidentStart: string, componentStart: string): boolean =>
  ms(componentStart) >= ms(incidentStart) - beforeIncidentMs &&
  ms(componentStart) <= ms(incidentStart) + afterIncidentMs;

const componentAndIncident = (
  component: { readonly components: readonly string[]; readonly startedAt: string },
  incident: { readonly components: readonly string[]; readonly startedAt: string; readonly isOpen: boolean },
  pageSize: number,
): string | null => {
  if (incident.components.length > 0)
    return names(incident.components, component.components) ? 'the incident names the component' : null;
  return pageSize <= smallPage && incident.isOpen && isConsequence(incident.startedAt, component.startedAt)
    ? 'the incident names no component, and this went down around it'
    : null;
};

/** The opening by our clock, or by the vendor's: nobody may have looked for hours, and a vendor's clock may be ahead. */
const isNearOpening = (startedAt: string, { opened_at: openedAt, members: [opener] }: Alert): boolean =>
  isWithin(startedAt, openedAt, hourMs) ||
  (opener !== undefined && opener.joined_at <= openedAt && isWithin(startedAt, opener.started_at, hourMs));

const twoComponents = ({ traits, startedAt }: Candidate, member: Member, alert: Alert): string | null => {
  if (!isWithin(startedAt, member.started_at, togetherMs) || !isNearOpening(startedAt, alert)) return null;
  if (traits.pageSize <= smallPage) return 'both components went down at about the same time';
  return traits.group !== null && traits.group === member.group
    ? 'both components of one group went down at about the same time'
    : null;
};

const twoIncidents = ({ traits, startedAt }: Candidate, member: Member): string | null => {
  const isShared = member.ended_at === null && names(traits.components, member.components);
  if (isShared) return 'both incidents name one component';
  return traits.name !== null && traits.name === member.name && isWithin(startedAt, member.started_at, sameNameMs)
    ? 'both incidents have one name'
    : null;
};

/** Why an event belongs to an alert because of one of its events; null when it does not. */
const belongsTo = (candidate: Candidate, member: Member, alert: Alert): string | null => {
  const { subject, traits, startedAt } = candidate;
  if (!isRecent(member, startedAt)) return null;
  if (traits.item === 'payment')
    return traits.name === member.name && isWithin(startedAt, member.started_at, samePaymentMs)
      ? 'it reports the same change of the same object'
      : null;
  if (subject === member.subject) return 'it was down before';
  if (!member.attracts) return null;
  const other = { components: member.components, startedAt: member.started_at, isOpen: member.ended_at === null };
  const self = { components: traits.components, startedAt, isOpen: true };
  switch (`${traits.item}, ${member.item}`) {
    case 'component, incident':
      return componentAndIncident(self, other, traits.pageSize);
    case 'incident, component':
      return componentAndIncident(other, self, traits.pageSize);
    case 'component, component':
      return twoComponents(candidate, member, alert);
    case 'incident, incident':
      return twoIncidents(candidate, member);
    default:
      return null;
  }
};

/**
 * What is as serious as an alert and begins long after it was told last is an outage of its own. It was told by our
 * clock, by which nothing that is known has yet to begin.
 */
export const isTooLate = (
  { startedAt, severity }: Pick<Candidate, 'startedAt' | 'severity'>,
  alert: Alert,
  nowMs: number,
): boolean => {
  const toldAt = lastTriggerAt(alert);
  return (
    toldAt !== null && Math.min(ms(startedAt), nowMs) > ms(toldAt) + swallowMs && !isWorse(alert.severity, severity)
  );
};

const whyItBelongs = (candidate: Candidate, alert: Alert, nowMs: number): string | null => {
  if (isTooLate(candidate, alert, nowMs)) return null;
  for (const member of alert.members) {
    const because = belongsTo(candidate, member, alert);
    if (because !== null) return because;
  }
  return null;
};

/** The open before the ended, the most serious first, then the oldest. */
const inOrder = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.toSorted(
    (a, b) =>
      Number(a.state !== 'open') - Number(b.state !== 'open') ||
      mostSeriousFirst(a, b) ||
      (a.opened_at < b.opened_at ? -1 : 1),
  );

/** @param alerts those of the candidate's scope that are open, or ended within `reopenWithinMs` */
export const findFold = (candidate: Candidate, alerts: readonly Alert[], nowMs: number): Fold => {
  const fitting = inOrder(alerts).flatMap((alert) => {
    const because = whyItBelongs(candidate, alert, nowMs);
    return because === null ? [] : [{ alert, because }];
  });
  const [first, ...others] = fitting;
  if (!first || (candidate.traits.item === 'payment' && first.alert.state !== 'open')) return { how: 'own' };
  return {
    how: first.alert.state === 'open' ? 'joins' : 'reopens',
    ...first,
    related: others.filter(({ alert }) => alert.state === 'open').map(({ alert }) => alert.alert_id),
  };
};
