// Asks the rules and the silences of an event, and keeps what an alert has to remember of the answer.
import { hasCome, toIso } from '../lib/time.ts';
import { type Alert, type MemberRuling, openedSince } from './alert.ts';
import type { DestinationTraits } from './destination-traits.ts';
import { isWorse, severities } from './event.ts';
import type { EventRecord } from './event-record.ts';
import type { Sighting } from './observation.ts';
import { evaluate, type Ruling } from './rules/evaluate.ts';
import type { Rules } from './rules/rules.ts';
import { type Silence, silencing } from './rules/silences.ts';

/** Everything that decides about alerts but the events: the same for all decisions of one moment. */
export interface Policy {
  readonly rules: Rules;
  /** Those that are planned or active, of the file and of the store. */
  readonly silences: readonly Silence[];
  readonly destinations: readonly DestinationTraits[];
  readonly routeTestMode: boolean;
  /** Another replica has newer rules: those of this one change no severity of an open event. */
  readonly isOutdated?: boolean;
  /** Whether the environment alone sends warnings. */
  readonly routeWarning: boolean;
  /** Nothing outlives the process, so that a restart may have chosen another event to open an alert. */
  readonly forgetsOnRestart: boolean;
}

/** Whether an event keeps away from a destination because it is in test mode. */
export const isKeptFromPeople = (
  { test_mode: isTest }: Pick<EventRecord, 'test_mode'>,
  { reachesPeople }: DestinationTraits,
  { routeTestMode }: Policy,
): boolean => isTest && reachesPeople && !routeTestMode;

/** What these rules say of a sighting. It is what they say of its event too, if nothing else is stored of that. */
export interface Asked {
  readonly rules: Rules;
  readonly ruling: Ruling;
}

/** Asks the rules. The sighting has the severity of the built-in tables. */
export const askOfSighting = (sighting: Sighting, rules: Rules, nowMs: number): Asked => {
  const { event, facts, incidentSeverity, namedComponents } = sighting;
  const context = { nowMs, incidentImpactSeverity: incidentSeverity, namedComponents };
  return { rules, ruling: evaluate(rules, { event, facts }, context) };
};

/** The event with the severity that the rules give, the built-in one beside it among the facts. */
export const withSeverityOf = (sighting: Sighting, { severity }: Ruling): Sighting => {
  const { event, facts } = sighting;
  if (severity === event.severity) return sighting;
  return {
    ...sighting,
    event: { ...event, severity },
    facts: { ...facts, built_in_severity: event.severity },
  };
};

/** As much of an event as the rules are asked with. */
export type Ruled = Pick<EventRecord, 'event' | 'facts' | 'incident_severity' | 'named_components'>;

const builtIn = ({ event, facts }: Ruled): EventRecord['event'] => ({
  ...event,
  severity: severities.find((severity) => severity === facts.built_in_severity) ?? event.severity,
});

export const askRules = (record: Ruled, rules: Rules, nowMs: number): Ruling =>
  evaluate(
    rules,
    { event: builtIn(record), facts: record.facts },
    {
      nowMs,
      incidentImpactSeverity: record.incident_severity,
      namedComponents: record.named_components,
    },
  );

/** The record with the severity that the rules give now, after new rules were loaded. */
export const withRuling = (record: EventRecord, { severity, builtInSeverity }: Ruling): EventRecord => {
  if (severity === record.event.severity) return record;
  const { built_in_severity: _builtIn, ...facts } = record.facts;
  return {
    ...record,
    event: { ...record.event, severity },
    facts: severity === builtInSeverity ? facts : { ...facts, built_in_severity: builtInSeverity },
  };
};

/** The ruling with the silence that holds the event back now: one that was made since stops what is still to come. */
export const withSilence = (
  ruling: MemberRuling,
  { event, facts }: EventRecord,
  { silences }: Pick<Policy, 'silences'>,
  alertId: string,
  nowMs: number,
): MemberRuling => {
  const silence = silencing(silences, { event, facts }, alertId, nowMs);
  return silence === null
    ? ruling
    : {
        ...ruling,
        silenced_until: toIso(silence.endsAtMs),
        silenced_because: silence.because,
        silenced_by: silence.id,
      };
};

/**
 * What an alert remembers of a ruling.
 * @param alert undefined when the event opens one now
 */
export const rulingOf = (
  record: EventRecord,
  ruling: Ruling,
  policy: Policy,
  alertId: string,
  alert: Alert | undefined,
  nowMs: number,
): MemberRuling => {
  // Holds go on counting when the alert is opened again, `resolve_after` begins anew.
  const holdUntilMs = (alert ? Date.parse(alert.opened_at) : nowMs) + ruling.holdMs;
  const openedMs = alert ? Date.parse(openedSince(alert)) : nowMs;
  const unsilenced: MemberRuling = {
    severity: ruling.severity,
    send: ruling.send,
    because: ruling.because,
    hold_until: holdUntilMs <= nowMs ? null : toIso(holdUntilMs),
    silenced_until: null,
    silenced_because: null,
    at_end_of_window: ruling.atEndOfWindow,
    window_ends_at: ruling.windowEndsAtMs === null ? null : toIso(ruling.windowEndsAtMs),
    resolve_at: ruling.resolveAfterMs === null ? null : toIso(openedMs + ruling.resolveAfterMs),
  };
  return withSilence(unsilenced, record, policy, alertId, nowMs);
};

/**
 * The ruling with those who were to be told at a window's end that has come, and are still to be: a hold or a silence kept
 * the event back, or the notification waits. What has become less serious since is not told.
 */
export const withEndedWindow = (ruling: MemberRuling, before: MemberRuling, nowMs: number): MemberRuling => {
  const isDue = before.at_end_of_window.length > 0 && hasCome(before.window_ends_at, nowMs);
  if (!isDue || ruling.at_end_of_window.length > 0 || isWorse(before.severity, ruling.severity)) return ruling;
  return {
    ...ruling,
    at_end_of_window: before.at_end_of_window,
    window_ends_at: before.window_ends_at,
    ...(ruling.send.length === 0 && { because: before.because }),
  };
};
