// What an observation makes of an event: its life, as one pure function over what is stored.
import { toIso } from '../lib/time.ts';
import { isWorse } from './event.ts';
import { eventDifferences } from './event-differences.ts';
import { type EventRecord, type Found, isOpen, isRecord, type StoredEvent } from './event-record.ts';
import type { HistoryEntry } from './history.ts';
import type { Absence, ManualResolve, Observation, Sighting } from './observation.ts';

export type EventChange = 'stored' | 'updated' | 'resolved' | 'reopened' | 'revised';

export type Applied =
  | {
      readonly verdict: 'new' | 'changed';
      readonly change: EventChange;
      readonly record: EventRecord;
      /** Absent when only the rules have changed. */
      readonly entry?: HistoryEntry;
    }
  /** `record` is absent when the id is all that is left of the event. */
  | { readonly verdict: 'duplicate'; readonly record?: EventRecord }
  | { readonly verdict: 'older' }
  | { readonly verdict: 'ignored' };

/** What the vendor says of itself may lie ahead of our clock; further ahead than this it is not believed. */
const clockToleranceMs = 5 * 60_000;

const worsened = 'it has become worse than it was when it was resolved here';

/** @param nowMs our own time of the observation */
export const applyObservation = (found: Found, observation: Observation, nowMs: number, requestId: string): Applied => {
  switch (observation.type) {
    case 'sighting':
      return applySighting(found, observation, nowMs, requestId);
    case 'absence':
      return applyAbsence(found, observation, toIso(nowMs), requestId);
    case 'manual_resolve':
      return applyManualResolve(found, observation, toIso(nowMs), requestId);
    case 'reconsideration':
      return !isRecord(found) || !isOpen(found)
        ? { verdict: 'ignored' }
        : { verdict: 'changed', change: 'updated', record: found };
  }
};

const applyAbsence = (found: Found, { resolvedAt, reason }: Absence, at: string, requestId: string): Applied => {
  if (!isRecord(found)) return { verdict: 'ignored' };
  if (found.event.resolved_at === null) return changed(found, withEnd(found, resolvedAt), at, requestId, reason);
  // The vendor has come round. What it lists from now on is news again.
  return isClosedByHand(found)
    ? changed(found, { ...found, closed_by_hand: null }, at, requestId, reason)
    : { verdict: 'ignored' };
};

const applyManualResolve = (found: Found, { note }: ManualResolve, at: string, requestId: string): Applied => {
  if (!isRecord(found) || found.event.resolved_at !== null) return { verdict: 'ignored' };
  const closed = { ...withEnd(found, at), closed_by_hand: found.event.severity };
  return changed(found, closed, at, requestId, note === null ? 'resolved manually' : `resolved manually: ${note}`);
};

/** What a rule has ended stays so as if somebody had resolved it by hand; a payment has no end of its own. */
export const closeByRule = (record: EventRecord, at: string): EventRecord =>
  record.traits.item === 'payment' || record.event.resolved_at !== null
    ? record
    : { ...withEnd(record, at), closed_by_hand: record.event.severity };

/** Nothing ends before it began, even where two clocks disagree. */
const notBefore = (startedAt: string, end: string | null): string | null =>
  end !== null && end < startedAt ? startedAt : end;

const withEnd = (record: EventRecord, resolvedAt: string): EventRecord => {
  const { event } = record;
  return { ...record, event: { ...event, resolved_at: notBefore(event.started_at, resolvedAt) } };
};

const applySighting = (found: Found, sighting: Sighting, nowMs: number, requestId: string): Applied => {
  const at = toIso(nowMs);
  if (found === undefined) return firstSighting(sighting, nowMs, requestId);
  if (found === 'expired') return { verdict: 'duplicate' };
  if (!sighting.revisable) return { verdict: 'duplicate', record: seenAgain(found, at) };
  const vendorUpdatedAt = believed(sighting.vendorUpdatedAt, nowMs);
  if (isOlder(vendorUpdatedAt, found.vendor_updated_at)) return { verdict: 'older' };

  const isByHand = isClosedByHand(found);
  const staysClosed = sighting.event.resolved_at === null && isByHand && !isWorseThanClosed(found, sighting);
  const stored = { ...found.event, started_at: startOf(found.event, sighting) };
  const { raw: _raw, ...event } = sighting.event;
  const { incident_severity: _severity, named_components: _named, ...kept } = seenAgain(found, at);
  const record: EventRecord = {
    ...kept,
    ...contextOf(sighting),
    facts: sighting.facts,
    traits: sighting.traits,
    vendor_updated_at: vendorUpdatedAt ?? found.vendor_updated_at,
    event: {
      ...event,
      event_id: stored.event_id,
      started_at: stored.started_at,
      resolved_at: staysClosed ? stored.resolved_at : resolvedAt(stored, sighting),
    },
    ...(isByHand && !staysClosed && { closed_by_hand: null }),
  };
  const isReopened = isByHand && record.event.resolved_at === null;
  return isSame(found, record)
    ? { verdict: 'duplicate', record: { ...record, ...unchangedOf(found, record) } }
    : changed(found, record, at, requestId, isReopened ? worsened : undefined);
};

/** The parts that are as they were: a store writes a mere sighting without them, and tells nobody of it. */
const unchangedOf = (found: EventRecord, { named_components: names }: EventRecord) => {
  const { event, facts, traits, named_components: known } = found;
  const namesTheSame = known !== undefined && JSON.stringify(names) === JSON.stringify(known);
  return { event, facts, traits, ...(namesTheSame && { named_components: known }) };
};

/** What the rules are asked with beside the event and its facts. */
const contextOf = ({ incidentSeverity, namedComponents }: Sighting) => ({
  ...(incidentSeverity && { incident_severity: incidentSeverity }),
  ...(namedComponents && { named_components: namedComponents }),
});

const isClosedByHand = ({ closed_by_hand: closed }: EventRecord): boolean => closed !== null;

const isWorseThanClosed = ({ closed_by_hand: closed }: EventRecord, { event }: Sighting): boolean =>
  closed !== null && isWorse(event.severity, closed);

/** What is over began when it began. */
const startOf = (stored: StoredEvent, { event, startMayMove = false }: Sighting): string =>
  startMayMove && stored.resolved_at === null ? event.started_at : stored.started_at;

const resolvedAt = (stored: StoredEvent, { event, resolvedAtGiven }: Sighting): string | null => {
  const end = event.resolved_at;
  if (end === null) return null;
  if (stored.resolved_at !== null && !resolvedAtGiven) return stored.resolved_at;
  return notBefore(stored.started_at, end);
};

/** A vendor's time, or null when it lies too far ahead of our clock: it would make every later copy an old one, for ever. */
export const believed = (vendorTime: string | null, nowMs: number): string | null =>
  vendorTime !== null && Date.parse(vendorTime) > nowMs + clockToleranceMs ? null : vendorTime;

const isOlder = (seen: string | null, stored: string | null): boolean =>
  seen !== null && stored !== null && seen < stored;

const seenAgain = (record: EventRecord, at: string): EventRecord => ({
  ...record,
  last_seen_at: at,
  seen_count: record.seen_count + 1,
});

const firstSighting = (sighting: Sighting, nowMs: number, requestId: string): Applied => {
  const at = toIso(nowMs);
  const { raw: _raw, ...event } = sighting.event;
  const endsTypes = sighting.endsTypes ?? [];
  return {
    verdict: 'new',
    change: 'stored',
    record: {
      event: { ...event, resolved_at: notBefore(event.started_at, event.resolved_at) },
      facts: sighting.facts,
      subject: sighting.subject,
      scope: sighting.scope,
      traits: sighting.traits,
      vendor_updated_at: believed(sighting.vendorUpdatedAt, nowMs),
      test_mode: sighting.testMode,
      closed_by_hand: null,
      ...contextOf(sighting),
      ...(endsTypes.length > 0 && { ends_types: endsTypes }),
      first_seen_at: at,
      last_seen_at: at,
      seen_count: 1,
      alert_id: null,
      alert_is_open: false,
      alerts_opened: 0,
      routed: false,
      routing_reason: null,
      request_id: requestId,
    },
    entry: { at, change: 'stored', request_id: requestId },
  };
};

const isSame = (before: EventRecord, after: EventRecord): boolean =>
  Object.keys(eventDifferences(before, after)).length === 0 && isOpen(before) === isOpen(after);

const changed = (before: EventRecord, after: EventRecord, at: string, requestId: string, reason?: string): Applied => {
  const change = changeOf(before.event.resolved_at, after.event.resolved_at);
  return {
    verdict: 'changed',
    change,
    record: { ...after, request_id: requestId },
    entry: {
      at,
      change: change === 'revised' ? 'updated' : change,
      request_id: requestId,
      fields: eventDifferences(before, after),
      ...(reason !== undefined && { reason }),
    },
  };
};

const changeOf = (before: string | null, after: string | null): EventChange => {
  if (before === null) return after === null ? 'updated' : 'resolved';
  // Text that a vendor adds to what is over already neither keeps the event open nor closes it.
  return after === null ? 'reopened' : 'revised';
};
