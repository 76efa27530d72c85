// The events that a batch changed, each kind of change in one statement. A fresh event costs one insert.
import type { EventRecord } from '../../domain/event-record.ts';
import { isOnlySighting } from '../change-feed.ts';
import { addedHistorySql } from '../history-bounds.ts';
import { toHistoryLines } from '../rows.ts';
import type { EventState } from './batch-state.ts';
import type { Combinations } from './combinations.ts';
import type { Transaction } from './database.ts';
import { changingColumns, eventRelation, newEventRelation, sightingRelation, toEventRow } from './event-rows.ts';
import { assign, changedIfTold, changedNow, updateAll } from './expect-rows.ts';
import { uuidOf } from './keys.ts';
import { inChunks } from './relation.ts';

const withoutRaw = (list: string): string => list.replace(/, (given\.)?raw$/, '');

export const insertEventsSql = `WITH given AS MATERIALIZED (
    SELECT nextval('events_sequence') AS sequence, * FROM ${newEventRelation.given}
  ), inserted AS (
    INSERT INTO events (sequence, changed_xid, ${withoutRaw(newEventRelation.names)})
    SELECT given.sequence, ${changedNow}, ${withoutRaw(newEventRelation.selected)} FROM given
  ) INSERT INTO raws (event, body) SELECT given.sequence, given.raw FROM given WHERE given.raw IS NOT NULL`;

const updateSql = updateAll(
  'events',
  `${assign(changingColumns)}, history = ${addedHistorySql('events.history', 'given.history', 'strpos')}, ${changedIfTold('events')}`,
  eventRelation.given,
  'events.sequence = given.sequence',
);

// A mere sighting leaves every indexed column as it was, so that no index is written.
const sightSql = updateAll(
  'events',
  `last_seen_at = given.last_seen_at, seen_count = given.seen_count, ${changedIfTold('events')}`,
  sightingRelation.given,
  'events.sequence = given.sequence',
);

const touchSql = `UPDATE events SET changed_xid = ${changedNow} WHERE event_hash = ANY ($1::uuid[])`;

const putRawsSql = `INSERT INTO raws (event, body) SELECT * FROM unnest($1::bigint[], $2::text[])
  ON CONFLICT (event) DO UPDATE SET body = excluded.body`;

type Kind = 'fresh' | 'changed' | 'seen' | 'same';

const kindOf = ({ stored, record, history }: EventState): Kind => {
  if (!stored) return 'fresh';
  if (history.length > 0 || !isOnlySighting(stored.record, record)) return 'changed';
  const { last_seen_at: lastSeenAt, seen_count: seenCount } = stored.record;
  return record.seen_count === seenCount && record.last_seen_at === lastSeenAt ? 'same' : 'seen';
};

const isNews = ({ stored, record }: EventState): boolean => !stored || !isOnlySighting(stored.record, record);

/** @param toldIds the events that are told because of a delivery, whether they changed or not */
export const writeEvents = async (
  transaction: Transaction,
  combinations: Combinations,
  states: readonly EventState[],
  toldIds: ReadonlySet<string>,
): Promise<void> => {
  const ofKind = (kind: Kind) => states.filter((state) => kindOf(state) === kind);
  const [fresh, changed, seen] = [ofKind('fresh'), ofKind('changed'), ofKind('seen')];
  const recordOf = ({ record }: EventState): EventRecord => record;
  const numberOf = await combinations.numbersOf(transaction, [...fresh, ...changed].map(recordOf));
  const rowOf = ({ record, history }: EventState) => toEventRow(record, numberOf(record), toHistoryLines(history));
  const isTold = (state: EventState): boolean => isNews(state) || toldIds.has(state.record.event.event_id);

  for (const chunk of inChunks(fresh.map((state) => ({ ...rowOf(state), raw: state.rawJson ?? null })))) {
    transaction.send(insertEventsSql, newEventRelation.values(chunk));
  }
  const updated = changed.map((state) => ({ ...rowOf(state), ...readOf(state), is_told: isTold(state) }));
  for (const chunk of inChunks(updated)) transaction.send(updateSql, eventRelation.values(chunk));
  if (seen.length > 0) {
    const rows = seen.map((state) => ({ ...state.record, ...readOf(state), is_told: isTold(state) }));
    transaction.send(sightSql, sightingRelation.values(rows));
  }
  const raws = states.flatMap(({ stored, rawJson }) =>
    stored && rawJson !== undefined ? [{ event: stored.sequence, raw: rawJson }] : [],
  );
  for (const chunk of inChunks(raws)) {
    transaction.send(putRawsSql, [chunk.map(({ event }) => event), chunk.map(({ raw }) => raw)]);
  }
  const written = new Set([...fresh, ...changed, ...seen].map(({ record }) => record.event.event_id));
  const touched = [...toldIds].filter((id) => !written.has(id));
  if (touched.length > 0) transaction.send(touchSql, [touched.map(uuidOf)]);
};

/** Which row it was when it was read. */
const readOf = ({ stored }: EventState) => ({ sequence: stored?.sequence ?? 0, revision: stored?.revision ?? '0' });
