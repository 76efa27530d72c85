// Payments that failed long before we knew of them, because we were away: one alert tells them all, with how many there
// are and the largest. It opens by the first one, waits a minute for the others, and is told once.
import { minuteMs, toIso } from '../lib/time.ts';
import type { Alert, MemberRuling } from './alert.ts';
import type { EventRecord } from './event-record.ts';
import { countedIn, missedTitle } from './missed-counts.ts';
import type { Sighting } from './observation.ts';

/** What is younger is told like any other event. */
const missedAfterMs = 60 * minuteMs;
/** How long the alert waits for the others before anybody is told. */
const collectForMs = minuteMs;
/** What is fetched later, because the vendor throttled us, still joins. */
const joinWithinMs = 60 * minuteMs;

type Seen = Pick<EventRecord, 'event' | 'facts'>;

/** Whether an event is told by the alert for missed payments, and not by one of its own. */
export const isLongMissed = ({ event }: Seen, missed: Sighting['missed'], nowMs: number): boolean =>
  missed === 'open' && event.kind === 'payment' && nowMs - Date.parse(event.started_at) > missedAfterMs;

/** The storm key of the alert for missed payments of a source. */
export const missedKeyOf = ({ event }: Seen): string => `missed:${event.source}`;

/** The open alert that missed payments of the source join now. */
export const openMissedAlert = (alerts: readonly Alert[], record: Seen, nowMs: number): Alert | undefined =>
  alerts.findLast(
    ({ storm_key: key, state, storm_until: until }) =>
      key === missedKeyOf(record) && state === 'open' && until !== null && Date.parse(until) > nowMs,
  );

/** The alert with one more payment counted, open for others for another hour. */
export const countMissed = (alert: Alert, record: Seen, nowMs: number): Alert => {
  const missed = countedIn(alert.missed, record);
  return {
    ...alert,
    missed,
    title: missedTitle(missed),
    storm_key: missedKeyOf(record),
    storm_until: toIso(nowMs + joinWithinMs),
  };
};

/** Held until the others are there too. */
export const heldForOthers = (ruling: MemberRuling, alertOpenedAt: string, nowMs: number): MemberRuling => {
  const untilMs = Date.parse(alertOpenedAt) + collectForMs;
  const isHeldLonger = ruling.hold_until !== null && Date.parse(ruling.hold_until) >= untilMs;
  return untilMs <= nowMs || isHeldLonger ? ruling : { ...ruling, hold_until: toIso(untilMs) };
};
