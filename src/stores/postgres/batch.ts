// Many decisions in one transaction: the events are locked and read, all is decided in memory, and then written.
import * as z from 'zod';
import type { Decision } from '../decision.ts';
import type { Change, EventRecord, HistoryEntry } from '../event-store.ts';
import type { Session, Transaction } from './database.ts';
import { eventColumns, eventRow, hashOf, type StoredEvent, toStoredEvent } from './stored-event.ts';
import { insertEvents, type Written, writeChanges } from './write.ts';

export interface BatchOutcome {
  /** Decisions that threw, with what they threw. */
  readonly failed: ReadonlyMap<Decision, unknown>;
  /** Decisions about an event that another replica stored meanwhile: nothing of theirs was kept. */
  readonly raced: readonly Decision[];
}

/** One event, with what the decisions so far have made of it. */
interface Draft {
  readonly stored: StoredEvent | undefined;
  readonly decisions: Decision[];
  readonly failed: Map<Decision, unknown>;
  readonly history: HistoryEntry[];
  readonly attempts: NonNullable<Change<unknown>['attempt']>[];
  record: EventRecord | undefined;
}

const lockedRow = z.object({ newest: z.string(), locked: z.array(z.string()) });

// In one order, for two batches that lock the same events in different orders would wait for each other.
const lockSql = `WITH locked AS (
    SELECT event_hash FROM events WHERE event_hash = ANY ($1::text[]) ORDER BY event_hash FOR UPDATE
  ) SELECT ARRAY(SELECT event_hash FROM locked) AS locked,
    coalesce((SELECT max(first_seen_at) FROM events), '') AS newest`;

const readSql = `SELECT ${eventColumns} FROM events AS event WHERE event_hash = ANY ($1::text[])`;

/** What is stored, by hash. Nobody else changes it until the transaction ends. */
const lockAndRead = async (session: Session, hashes: readonly string[]) => {
  const [row] = await session.rows(lockedRow, lockSql, [hashes]);
  const { locked = [], newest = '' } = row ?? {};
  // A statement of its own: the one that had to wait for a lock still sees the deliveries from before its wait.
  const found = locked.length > 0 ? await session.rows(eventRow, readSql, [locked]) : [];
  return { newest, stored: new Map(found.map((each) => [each.event_hash, toStoredEvent(each)])) };
};

/** Runs one decision over the draft, and adds what it returns to it. */
const decideOn = (draft: Draft, decision: Decision, newest: string): void => {
  draft.decisions.push(decision);
  let change: Change<unknown>;
  try {
    change = decision.decide(draft.record);
  } catch (error) {
    draft.failed.set(decision, error);
    return;
  }
  const { record, history = [], attempt } = change;
  if (record) draft.record = placed(record, draft.record, newest);
  if (!draft.record) return;
  draft.history.push(...history);
  if (attempt) draft.attempts.push(attempt);
};

/** An event keeps its place in the list, and a clock that steps back puts no newer one behind an older one. */
const placed = (record: EventRecord, before: EventRecord | undefined, newest: string): EventRecord => {
  const first = before?.first_seen_at ?? (record.first_seen_at < newest ? newest : record.first_seen_at);
  return first === record.first_seen_at ? record : { ...record, first_seen_at: first };
};

const draftAll = (
  decisions: readonly Decision[],
  hashes: ReadonlyMap<Decision, string>,
  stored: ReadonlyMap<string, StoredEvent>,
  newestStored: string,
): ReadonlyMap<string, Draft> => {
  const drafts = new Map<string, Draft>();
  let newest = newestStored;
  for (const decision of decisions) {
    const hash = hashes.get(decision) ?? '';
    const known = stored.get(hash);
    const draft = drafts.get(hash) ?? {
      stored: known,
      record: known?.record,
      decisions: [],
      failed: new Map(),
      history: [],
      attempts: [],
    };
    drafts.set(hash, draft);
    decideOn(draft, decision, newest);
    if (draft.record && draft.record.first_seen_at > newest) newest = draft.record.first_seen_at;
  }
  return drafts;
};

/** To be run in a transaction, which keeps all of it or nothing. */
export const applyBatch = async (session: Transaction, decisions: readonly Decision[]): Promise<BatchOutcome> => {
  const hashes = new Map(decisions.map((decision) => [decision, hashOf(decision.eventId)]));
  const { stored, newest } = await lockAndRead(session, [...new Set(hashes.values())]);
  const drafts = draftAll(decisions, hashes, stored, newest);

  const fresh = [...drafts.values()].flatMap(({ stored: known, record }) => (known || !record ? [] : [record]));
  const inserted = await insertEvents(session, fresh);

  const written: Written[] = [];
  const failed = new Map<Decision, unknown>();
  const raced: Decision[] = [];
  for (const [hash, { record, history, attempts, ...draft }] of drafts) {
    const known = draft.stored ?? newlyStored(inserted.get(hash), record);
    if (record && !known) {
      raced.push(...draft.decisions);
      continue;
    }
    for (const [decision, error] of draft.failed) failed.set(decision, error);
    if (record && known) written.push({ stored: known, record, history, attempts });
  }
  writeChanges(session, written);
  return { failed, raced };
};

/** The event as its insertion left it, with its deliveries still to be written. */
const newlyStored = (sequence: number | undefined, record: EventRecord | undefined): StoredEvent | undefined =>
  sequence === undefined || !record ? undefined : { sequence, record: { ...record, deliveries: [] } };
