// Storms: nobody reads 2,000 notifications, and the next one of another kind must get through. Counted are alerts that were
// told, or will be when a hold, a window or a silence is over. What is counted is read without a lock, so several replicas
// together may tell a few more.
import { hash } from 'node:crypto';
import { minuteMs, toIso } from '../lib/time.ts';
import type { Alert, AlertRecord } from './alert.ts';
import type { EventRecord } from './event-record.ts';
import type { Ruling } from './rules/evaluate.ts';
import { type Silence, silencing } from './rules/silences.ts';

/** Within this time so many told alerts of one kind are a storm, which lasts until it has been quiet for as long. */
export const stormWindowMs = 10 * minuteMs;
/** How many alerts of a kind are told one by one; the one beyond them begins a storm. */
export const stormThreshold = 20;
const longestStormMs = 60 * minuteMs;

/** What is known of the alerts of one kind when an event of that kind comes. */
export interface Storm {
  /** How many were opened, and told or to be told, within `stormWindowMs`. */
  readonly opened: number;
  /** The newest of them, as the transaction found it. */
  readonly newest: Alert;
}

/**
 * Events of one kind: one source, type or group, severity, account and the same destinations. What a silence holds back is a
 * kind of its own, or the next one that nobody silenced would be an update of an alert that nobody was told of.
 */
export const stormKeyOf = (
  { event, facts }: Pick<EventRecord, 'event' | 'facts'>,
  { severity, send, atEndOfWindow }: Ruling,
  silences: readonly Silence[],
  nowMs: number,
): string => {
  const silence = silencing(silences, { event, facts }, null, nowMs);
  return hash(
    'sha256',
    JSON.stringify([
      event.source,
      facts.type ?? facts.group ?? null,
      severity,
      facts.account ?? null,
      send.toSorted(),
      ...(atEndOfWindow.length === 0 && silence === null ? [] : [atEndOfWindow.toSorted()]),
      ...(silence === null ? [] : [silence.id]),
    ]),
    'base64url',
  ).slice(0, 22);
};

/** Whether an alert may begin a storm of its kind, or goes on with one that began earlier. */
export const isOfNow = ({ opened_at: at, storm_until: until }: AlertRecord, nowMs: number): boolean =>
  Date.parse(at) >= nowMs - stormWindowMs || (until !== null && Date.parse(until) > nowMs);

/** The alert that takes in what follows of its kind, with the storm's end moved on; undefined when there is no storm. */
export const joinStorm = (storm: Storm | undefined, nowMs: number): Alert | undefined => {
  if (storm?.newest.state !== 'open') return undefined;
  const { newest, opened } = storm;
  const since = newest.storm_since === null ? nowMs : Date.parse(newest.storm_since);
  const goesOn = newest.storm_until !== null && Date.parse(newest.storm_until) > nowMs;
  const begins = newest.storm_until === null && opened > stormThreshold;
  if (!goesOn && !begins) return undefined;
  if (nowMs - since >= longestStormMs) return undefined;
  return { ...newest, storm_since: toIso(since), storm_until: toIso(nowMs + stormWindowMs) };
};

/**
 * The storm of a kind as the alerts at hand show it; undefined when none of them is of that kind.
 * @param counted how many were opened and told, where more were counted than are at hand
 */
export const stormAmong = (
  alerts: readonly Alert[],
  stormKey: string,
  nowMs: number,
  counted?: number,
): Storm | undefined => {
  const ofKind = alerts.filter(({ storm_key: key }) => key === stormKey);
  const newest = ofKind.reduce<Alert | undefined>((a, b) => (a && a.opened_at >= b.opened_at ? a : b), undefined);
  const opened = ofKind.filter(({ opened_at: at }) => Date.parse(at) >= nowMs - stormWindowMs).length;
  return newest && { opened: counted ?? opened, newest };
};
