// An alert as people read it, before a kind gives it a form: what is wrong, since when, what is new, where to look.
import { type Alert, beganAt } from '../domain/alert.ts';
import { affectedBy as affectedByAlert, phaseOf } from '../domain/alert-words.ts';
import type { Severity } from '../domain/event.ts';
import { dayMs, hourMs, minuteMs } from '../lib/time.ts';
import type { SendRequest, TellableEvent } from './destination.ts';
import {
  affectedBy,
  amountOf,
  clean,
  cleanLine,
  collapse,
  headlineOf,
  type Link,
  linksOf,
  listed,
  meaningOf,
  othersOf,
  reasonOf,
  vendorOf,
} from './wording.ts';

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface Notice {
  readonly state: Alert['state'];
  readonly severity: Severity;
  readonly title: string;
  readonly facts: readonly Fact[];
  /** When it began, by the vendor's own time, and ended. */
  readonly since: string;
  readonly until: string | null;
  /** What this message is about, in a sentence. */
  readonly news: string;
  /** Why the alert comes here although another destination should have told it, and what the other side says. */
  readonly why: string | null;
  /** The vendor's own words of the event that this is about. */
  readonly description: string | null;
  /** The events of the alert where there are several, with whether each goes on. */
  readonly events: readonly { readonly title: string; readonly isOver: boolean }[];
  /** How many more there are than `events` names. */
  readonly moreEvents: number;
  readonly links: readonly Link[];
}

/** The title, with a word before it once the alert is over. */
export const headingOf = ({ state, title }: Notice): string => (state === 'resolved' ? `Resolved: ${title}` : title);

/** By which a kind chooses its colour or mark. */
export const toneOf = ({ state, severity }: Notice): Severity | 'resolved' =>
  state === 'resolved' ? 'resolved' : severity;

/** The facts as fields of an API: `test_mode` for "Test mode". */
export const factFields = ({ facts }: Pick<Notice, 'facts'>): Readonly<Record<string, string>> =>
  Object.fromEntries(facts.map(({ label, value }) => [label.toLowerCase().replaceAll(' ', '_'), value]));

const maxEvents = 10;
const maxShown = 5;

const units = [
  ['d', dayMs],
  ['h', hourMs],
  ['min', minuteMs],
] as const;

/** A length of time as people say it: its two largest units. */
export const formatDuration = (ms: number): string => {
  const parts: string[] = [];
  let rest = Math.max(0, ms);
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.length === 0 ? 'less than a minute' : parts.slice(0, 2).join(' ');
};

/** UTC, to the minute: 2026-03-01 12:00 UTC. */
export const formatMoment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** The destination that did not accept the alert, for which this one stands in. */
const failedDestination = ({ alert, delivery }: SendRequest): string | undefined =>
  alert.deliveries.find(
    ({ target, action, cycle, status, reason }) =>
      target !== delivery.target &&
      action === 'trigger' &&
      cycle === delivery.cycle &&
      reason !== 'fallback' &&
      status !== 'delivered',
  )?.destination;

/** Why the alert comes here although another destination should have told it; undefined where that is not so. */
const whyHere = (request: SendRequest): string | undefined => {
  if (request.delivery.reason !== 'fallback') return undefined;
  const failed = failedDestination(request);
  return failed === undefined
    ? 'Sent here because another destination did not accept it.'
    : `Sent here because the destination "${clean(failed, 64)}" did not accept it.`;
};

/** What a message says beside its news: why it comes here, and what the other side says. */
export const asideOf = (request: SendRequest): string | undefined => {
  const { otherSide } = request;
  const both = [whyHere(request), otherSide && cleanLine(otherSide, 300)].filter((text) => text !== undefined);
  return both.length === 0 ? undefined : both.join(' ');
};

const endOf = ({ alert, delivery }: SendRequest): string => {
  const lasted = Date.parse(alert.resolved_at ?? '') - Date.parse(beganAt(alert));
  if (delivery.reason === 'eased') return 'Eased: the vendor still lists it, as less serious.';
  return Number.isNaN(lasted) ? 'Resolved.' : `Resolved after ${formatDuration(lasted)}.`;
};

const newsOf = (request: SendRequest): string => {
  const { delivery, about } = request;
  if (delivery.action === 'resolve') return endOf(request);
  const others = othersOf(request);
  const what = `${headlineOf(about, 500)}${others === undefined ? '' : `, ${others}`}`;
  switch (delivery.reason) {
    case 'joined':
      return `Also: ${what}`;
    case 'louder':
      return `Now ${delivery.severity}: ${what}`;
    case 'reopened':
      return `Open again: ${what}`;
    case 'words':
      return about.facts.status === undefined ? `News: ${what}` : `${cleanLine(about.facts.status, 60)}: ${what}`;
    default:
      return what;
  }
};

/** What the alert affects now, or what its event says that it does. */
const affectedOf = ({ about, alert }: SendRequest): string | undefined => {
  const { names, isPart } = affectedByAlert(alert);
  return names.length === 0 ? affectedBy(about) : listed(names, maxShown, isPart);
};

const factsOf = (request: SendRequest): readonly Fact[] => {
  const { about, alert, delivery } = request;
  const { facts } = about;
  // The last word before the end would look like the present one.
  const status = delivery.action === 'resolve' ? undefined : (phaseOf(alert) ?? facts.status);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Vendor', vendorOf(about)],
    ['Meaning', meaningOf(about)],
    ['Group', facts.group],
    ['Affects', affectedOf(request)],
    ['Amount', amountOf(about)],
    ['Reason', reasonOf(about)],
    ['Account', facts.account],
    ['Status', status],
    ['Severity', alert.severity],
    ['Test mode', about.testMode ? 'yes' : undefined],
  ];
  return rows.flatMap(([label, value]) => {
    const text = value === undefined ? '' : cleanLine(value, 200);
    return text === '' ? [] : [{ label, value: text }];
  });
};

/** A payment's description is told as its reason, unless it is too long for that. */
const descriptionOf = (about: TellableEvent): string | null => {
  const text =
    about.event.description === null ? '' : clean(about.event.description, 2500).replace(/\r\n?/g, '\n').trim();
  return text === '' || reasonOf(about)?.endsWith(collapse(text)) ? null : text;
};

/** An alert's title stands alone in a subject, a heading or a phone's notification: there it has to say whose it is. */
const withVendor = (title: string, about: TellableEvent): string => {
  const vendor = vendorOf(about);
  return title.toLowerCase().includes(vendor.toLowerCase()) ? title : `${vendor}: ${title}`;
};

export const noticeOf = (request: SendRequest): Notice => {
  const { alert, about, delivery } = request;
  const several = alert.members.length > 1 ? alert.members : [];
  const own = cleanLine(alert.title, 250) || headlineOf(about, 250) || cleanLine(alert.alert_id, 250);
  const title = withVendor(own, about);
  const isResolved = delivery.action === 'resolve';
  return {
    state: isResolved ? 'resolved' : 'open',
    severity: alert.severity,
    title: about.testMode ? `[test mode] ${title}` : title,
    facts: factsOf(request),
    since: beganAt(alert),
    until: isResolved ? alert.resolved_at : null,
    news: newsOf(request) || own,
    why: asideOf(request) ?? null,
    description: descriptionOf(about),
    events: several.slice(0, maxEvents).map(({ title: each, ended_at: endedAt }) => ({
      title: cleanLine(each, 200),
      isOver: endedAt !== null || isResolved,
    })),
    moreEvents: Math.max(0, several.length - maxEvents) + alert.uncounted,
    links: linksOf(request),
  };
};
