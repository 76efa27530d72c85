// What an alert adds to each day of its vendor's report.
import type { Alert, Member } from '../domain/alert.ts';
import type { Severity } from '../domain/event.ts';
import { dayMs, toIso } from '../lib/time.ts';
import { type Share, type Span, unite } from './day-row.ts';

/** A vendor may list an outage that began weeks ago: what lies further back than this is not believed. */
const longestBeforeMs = dayMs;
/** So many days of one alert are recorded, the newest. */
const maxDays = 100;

export const dayOf = (ms: number): string => toIso(ms).slice(0, 10);
const startOf = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);

/** Days from one to another, both included; none when the first is later. */
export const daysBetween = (from: string, to: string): readonly string[] => {
  const count = Math.round((startOf(to) - startOf(from)) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) => dayOf(startOf(from) + at * dayMs));
};

/** A payment has no span, and our own blindness is no outage of the vendor. */
const lasts = ({ kind, item }: Member): boolean => kind !== 'payment' && item !== 'page' && item !== 'maintenance';

const spanOf = (alert: Alert, member: Member, endMs: number): Span => {
  const openedMs = Date.parse(alert.opened_at);
  const joinedMs = Date.parse(member.joined_at);
  const startedMs = Math.min(joinedMs, Date.parse(member.started_at));
  const fromMs = alert.first_look ? joinedMs : Math.max(startedMs, openedMs - longestBeforeMs);
  return [fromMs, Math.max(fromMs, endMs)];
};

/** The parts of an event's span in which it was as serious as this. */
const partsOf = ({ was = [], severity: last }: Member, [fromMs, endMs]: Span, severity: Severity): readonly Span[] => {
  const untils = was.map(([, until]) => Math.min(Math.max(fromMs, Date.parse(until)), endMs));
  const each = [...was.map(([before]) => before), last];
  return each.flatMap((one, at): Span[] => (one === severity ? [[untils[at - 1] ?? fromMs, untils[at] ?? endMs]] : []));
};

const spansOf = (alert: Alert, severity: Severity, nowMs: number | null): readonly Span[] =>
  unite(
    alert.members.flatMap((member) => {
      const endMs = member.ended_at === null ? nowMs : Date.parse(member.ended_at);
      return lasts(member) && endMs !== null ? partsOf(member, spanOf(alert, member, endMs), severity) : [];
    }),
  );

const secondsBetween = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));

const openedOf = ({ members, deliveries, severity, first_look: firstLook, opened_at: openedAt }: Alert) => {
  const opener = members[0];
  // Of what was found at the first look nobody could have known before.
  if (!opener || firstLook) return { severity, seconds_to_seen: null, seconds_to_notified: null };
  const told = deliveries
    .flatMap(({ action, reaches_people: reaches, delivered_at: at }) =>
      action === 'trigger' && reaches && at !== null ? [at] : [],
    )
    .toSorted()[0];
  return {
    severity,
    seconds_to_seen: secondsBetween(opener.started_at, openedAt),
    seconds_to_notified: told === undefined ? null : secondsBetween(opener.started_at, told),
  };
};

const clip = (spans: readonly Span[], day: string): readonly Span[] => {
  if (spans.length === 0) return spans;
  const fromMs = startOf(day);
  return spans
    .map(([from, to]): Span => [Math.max(from, fromMs), Math.min(to, fromMs + dayMs)])
    .filter(([from, to]) => from < to);
};

/** The day of its opening alone for what has no span: of payments there are many. */
const daysOf = (openedOn: string, spans: readonly Span[]): readonly string[] => {
  if (spans.length === 0) return [openedOn];
  const firstMs = Math.min(startOf(openedOn), ...spans.map(([from]) => from));
  const lastMs = Math.max(startOf(openedOn), ...spans.map(([, to]) => to));
  return daysBetween(dayOf(firstMs), dayOf(lastMs)).slice(-maxDays);
};

/**
 * By day; empty for an alert that says nothing of its vendor, such as that of a status page that cannot be read.
 * @param nowMs until when what is open lasts; null leaves it out, because its vendor may say later that it ended before
 */
export const sharesOf = (alert: Alert, nowMs: number | null): ReadonlyMap<string, Share> => {
  if (alert.members.every(({ item }) => item === 'page')) return new Map();
  const critical = spansOf(alert, 'critical', nowMs);
  const warning = spansOf(alert, 'warning', nowMs);
  const openedOn = alert.opened_at.slice(0, 10);
  return new Map(
    daysOf(openedOn, [...critical, ...warning]).map((day) => [
      day,
      {
        critical: clip(critical, day),
        warning: clip(warning, day),
        opened: day === openedOn ? openedOf(alert) : null,
      },
    ]),
  );
};
