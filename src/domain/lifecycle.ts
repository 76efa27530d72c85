// What an observation means for what is stored: the life of an event, as one pure function. `dedupe` asks it for
// the verdict, `store` for the change, so the two can never disagree.

import type { Closed, Gone, Observation, Seen, StoredChange } from '../pipeline/topics.ts';
import type { EventRecord, Found, HistoryEntry } from '../stores/event-store.ts';
import { isWorse } from './event.ts';

export type Judgement =
  | {
      readonly verdict: 'new' | 'changed';
      readonly change: StoredChange;
      readonly record: EventRecord;
      readonly entry: HistoryEntry;
    }
  /** `record` is absent when the id is all that is left of the event. */
  | { readonly verdict: 'seen'; readonly record?: EventRecord }
  | { readonly verdict: 'older' }
  | { readonly verdict: 'ignored' };

/** What a later sighting of the same event may change, and what the history then shows. */
const revisable = ['severity', 'service', 'summary', 'description', 'resolved_at'] as const;

const worsened = 'it has become worse than it was when it was resolved by hand';

/** @param at the time of the sighting, as the unified event writes a moment */
export const judge = (found: Found, observation: Observation, at: string, requestId: string): Judgement => {
  switch (observation.type) {
    case 'seen':
      return judgeSeen(found, observation, at, requestId);
    case 'gone':
      return judgeGone(found, observation, at, requestId);
    case 'closed':
      return judgeClosed(found, observation, at, requestId);
  }
};

const judgeGone = (found: Found, { resolvedAt, reason }: Gone, at: string, requestId: string): Judgement => {
  if (found === undefined || found === 'forgotten') return { verdict: 'ignored' };
  if (found.event.resolved_at === null)
    return changed(found, { ...found, event: { ...found.event, resolved_at: resolvedAt } }, at, requestId, reason);
  // The vendor has come round. What it lists from now on is news again.
  return isClosedByHand(found)
    ? changed(found, { ...found, closed_by_hand: null }, at, requestId, reason)
    : { verdict: 'ignored' };
};

const judgeClosed = (found: Found, { note }: Closed, at: string, requestId: string): Judgement => {
  if (found === undefined || found === 'forgotten' || found.event.resolved_at !== null) return { verdict: 'ignored' };
  const closed = { ...found, event: { ...found.event, resolved_at: at }, closed_by_hand: found.event.severity };
  return changed(found, closed, at, requestId, note === null ? 'resolved by hand' : `resolved by hand: ${note}`);
};

const judgeSeen = (found: Found, seen: Seen, at: string, requestId: string): Judgement => {
  if (found === undefined) return firstSeen(seen, at, requestId);
  if (found === 'forgotten') return { verdict: 'seen' };
  if (!seen.revisable) return { verdict: 'seen', record: sighted(found, at) };
  if (isOlder(seen.vendorUpdatedAt, found.vendor_updated_at)) return { verdict: 'older' };

  const staysClosed = seen.event.resolved_at === null && isClosedByHand(found) && !isWorseThanClosed(found, seen);
  const record: EventRecord = {
    ...sighted(found, at),
    vendor_updated_at: seen.vendorUpdatedAt ?? found.vendor_updated_at,
    event: {
      ...seen.event,
      event_id: found.event.event_id,
      started_at: found.event.started_at,
      resolved_at: staysClosed ? found.event.resolved_at : resolvedAt(found.event.resolved_at, seen),
    },
    ...(isClosedByHand(found) && !staysClosed && { closed_by_hand: null }),
  };
  const isReopened = isClosedByHand(found) && record.event.resolved_at === null;
  return Object.keys(differences(found, record)).length === 0
    ? { verdict: 'seen', record: { ...record, event: found.event } }
    : changed(found, record, at, requestId, isReopened ? worsened : undefined);
};

const isClosedByHand = ({ closed_by_hand: closed = null }: EventRecord): boolean => closed !== null;

const isWorseThanClosed = ({ closed_by_hand: closed = null }: EventRecord, { event }: Seen): boolean =>
  closed !== null && isWorse(event.severity, closed);

const resolvedAt = (stored: string | null, { event, resolvedAtGiven }: Seen): string | null =>
  event.resolved_at !== null && stored !== null && !resolvedAtGiven ? stored : event.resolved_at;

const isOlder = (seen: string | null, stored: string | null): boolean =>
  seen !== null && stored !== null && seen < stored;

const sighted = (record: EventRecord, at: string): EventRecord => ({
  ...record,
  // Recovery goes by it to find what was never routed: an event seen every second must not hide from it for ever.
  last_seen_at: record.routed_version < record.version ? record.last_seen_at : at,
  seen_count: record.seen_count + 1,
});

const firstSeen = (seen: Seen, at: string, requestId: string): Judgement => ({
  verdict: 'new',
  change: 'stored',
  record: {
    event: seen.event,
    subject: seen.subject,
    vendor_updated_at: seen.vendorUpdatedAt,
    test_mode: seen.testMode,
    first_seen_at: at,
    last_seen_at: at,
    seen_count: 1,
    version: 1,
    routed_version: 0,
    routed: false,
    routing_reason: null,
    request_id: requestId,
    deliveries: [],
  },
  entry: { at, change: 'stored', request_id: requestId },
});

/** What the history shows of a change, by field. */
const differences = (before: EventRecord, after: EventRecord): NonNullable<HistoryEntry['fields']> => {
  const pairs = [
    ...revisable.map((field) => [field, before.event[field], after.event[field]] as const),
    ['closed_by_hand', before.closed_by_hand ?? null, after.closed_by_hand ?? null] as const,
  ];
  return Object.fromEntries(
    pairs.filter(([, old, now]) => old !== now).map(([field, old, now]) => [field, { old, new: now }]),
  );
};

const changed = (
  before: EventRecord,
  after: EventRecord,
  at: string,
  requestId: string,
  reason?: string,
): Judgement => {
  const change = changeOf(before.event.resolved_at, after.event.resolved_at);
  return {
    verdict: 'changed',
    change,
    record: { ...after, version: before.version + 1, request_id: requestId },
    entry: {
      at,
      change: change === 'revised' ? 'updated' : change,
      request_id: requestId,
      fields: differences(before, after),
      ...(reason === undefined ? {} : { reason }),
    },
  };
};

const changeOf = (before: string | null, after: string | null): StoredChange => {
  if (before === null) return after === null ? 'updated' : 'resolved';
  // Text that a vendor adds to what is over already neither keeps the event open nor closes it.
  return after === null ? 'reopened' : 'revised';
};
