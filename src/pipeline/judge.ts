// What an observation means for what is stored: the life of an event, as one pure function. `dedupe` asks it for
// the verdict, `store` for the change, so the two can never disagree.
import type { UnifiedEvent } from '../event.ts';
import type { EventRecord, Found, HistoryEntry } from '../stores/store.ts';
import type { Gone, Observation, Seen, StoredChange } from './topics.ts';

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

/** @param at the time of the sighting, as the unified event writes a moment */
export const judge = (found: Found, observation: Observation, at: string, requestId: string): Judgement =>
  observation.type === 'gone'
    ? judgeGone(found, observation, at, requestId)
    : judgeSeen(found, observation, at, requestId);

const judgeGone = (found: Found, { resolvedAt, reason }: Gone, at: string, requestId: string): Judgement => {
  if (found === undefined || found === 'forgotten' || found.event.resolved_at !== null) return { verdict: 'ignored' };
  return changed(found, { ...found.event, resolved_at: resolvedAt }, at, requestId, reason);
};

const judgeSeen = (found: Found, seen: Seen, at: string, requestId: string): Judgement => {
  if (found === undefined) return firstSeen(seen, at, requestId);
  if (found === 'forgotten') return { verdict: 'seen' };
  if (!seen.revisable) return { verdict: 'seen', record: sighted(found, at) };
  if (isOlder(seen.vendorUpdatedAt, found.vendor_updated_at)) return { verdict: 'older' };

  const record = { ...found, vendor_updated_at: seen.vendorUpdatedAt ?? found.vendor_updated_at };
  const event = {
    ...seen.event,
    event_id: found.event.event_id,
    started_at: found.event.started_at,
    resolved_at: resolvedAt(found.event.resolved_at, seen),
  };
  const isSame = revisable.every((field) => event[field] === found.event[field]);
  return isSame ? { verdict: 'seen', record: sighted(record, at) } : changed(sighted(record, at), event, at, requestId);
};

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

const changed = (
  record: EventRecord,
  event: UnifiedEvent,
  at: string,
  requestId: string,
  reason?: string,
): Judgement => {
  const fields: Record<string, { old: unknown; new: unknown }> = {};
  for (const field of revisable) {
    if (event[field] !== record.event[field]) fields[field] = { old: record.event[field], new: event[field] };
  }
  const change = changeOf(record.event.resolved_at, event.resolved_at);
  return {
    verdict: 'changed',
    change,
    record: { ...record, event, version: record.version + 1, request_id: requestId },
    entry: {
      at,
      change: change === 'revised' ? 'updated' : change,
      request_id: requestId,
      fields,
      ...(reason === undefined ? {} : { reason }),
    },
  };
};

const changeOf = (before: string | null, after: string | null): StoredChange => {
  if (before === null) return after === null ? 'updated' : 'resolved';
  // Text that a vendor adds to what is over already neither keeps the event open nor closes it.
  return after === null ? 'reopened' : 'revised';
};
