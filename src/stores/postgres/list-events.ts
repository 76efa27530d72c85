// The listing of events, newest first. The rows that are read depend on the filters, and are bounded for all of them.
import * as z from 'zod';
import { createMatcher, wantedColumns } from '../event-filter.ts';
import type { EventPage, EventQuery } from '../event-store.ts';
import { splitWords } from '../search-words.ts';
import type { Session } from './connections.ts';
import type { Database } from './database.ts';
import { numbersOf, uuidOf } from './keys.ts';
import { rawColumn, shownColumns, shownRow, toShown } from './shown-events.ts';
import { fitting, type SizedRow, sizedRow } from './sized-rows.ts';
import { allOf, optional, type Piece, type Statement, statement } from './statement.ts';
import { between } from './time-bounds.ts';

/** The newest of so many combinations are merged at most, times the rows of a page. */
const maxMerged = 50_000;
/** A word that stands in more events than this is looked for by walking: its list in the index is long to read. */
const maxIndexed = 4000;
/** So many of the newest events are looked at first: a word that stands in most events is found there. */
const probedRows = 2000;

const beforeOf = ({ before }: EventQuery): readonly Piece[] => optional('event.sequence < ?', before?.sequence);

const combinationsOf = (query: EventQuery): Piece =>
  allOf(wantedColumns(query).map(({ column, value }) => [`combinations.${column} = ?`, value]));

const ofCombinations = (query: EventQuery): readonly Piece[] => {
  const [sql, ...values] = combinationsOf(query);
  return sql === 'true'
    ? []
    : [[`event.combination = ANY (ARRAY(SELECT id FROM combinations WHERE ${sql}))`, ...values]];
};

const ofWords = ({ q }: EventQuery): readonly Piece[] => {
  const numbers = numbersOf(splitWords(q ?? ''));
  return numbers.length === 0 ? [] : [['event.words @> ?::int4[]', numbers]];
};

const ofAlert = ({ alert_id: alertId }: EventQuery): readonly Piece[] =>
  optional('event.alert_hash = ?', alertId === undefined ? undefined : uuidOf(alertId));

const timesOf = (query: EventQuery): readonly Piece[] => between('events', 'event', 'first_seen_at', query);

/** About how many bytes an event takes in the answer, which is known without reading them. */
const sized = (found: readonly Piece[], withRaw: boolean): Statement =>
  statement(
    [
      `SELECT event.sequence, octet_length(event.body) + ${
        withRaw ? 'coalesce((SELECT octet_length(raw.body) FROM raws AS raw WHERE raw.event = event.sequence), 0)' : '0'
      } AS size FROM (`,
    ],
    ...found,
    [') AS found JOIN events AS event ON event.sequence = found.sequence ORDER BY event.sequence DESC'],
  );

/** One more than is asked for tells whether there is more. */
const limitOf = ({ limit }: EventQuery): Piece => ['ORDER BY event.sequence DESC LIMIT ?', limit + 1];

/** The newest of those combinations that are asked for, merged. */
export const mergeStatement = (query: EventQuery): Statement => {
  const inside = allOf([['event.combination = combinations.id'], ...beforeOf(query), ...timesOf(query)]);
  return sized(
    [
      ['SELECT event.sequence FROM combinations CROSS JOIN LATERAL (SELECT event.sequence FROM events AS event WHERE'],
      inside,
      limitOf(query),
      [') AS event WHERE'],
      combinationsOf(query),
      limitOf(query),
    ],
    query.withRaw === true,
  );
};

/** One event after the other, `maxScan` of them at most. */
export const walkStatement = (query: EventQuery, maxScan: number): Statement =>
  sized(
    [
      ['SELECT event.sequence FROM (SELECT * FROM events AS event WHERE'],
      allOf([...beforeOf(query), ...timesOf(query), ...ofAlert(query)]),
      ['ORDER BY event.sequence DESC LIMIT ?', maxScan],
      [') AS event WHERE'],
      allOf([...ofCombinations(query), ...ofWords(query)]),
      limitOf(query),
    ],
    query.withRaw === true,
  );

/** All events with these words, by the index that has them. */
export const wordsStatement = (query: EventQuery): Statement =>
  sized(
    [
      ['SELECT event.sequence FROM (SELECT * FROM events AS event WHERE'],
      allOf(ofWords(query)),
      ['OFFSET 0) AS event WHERE'],
      allOf([...beforeOf(query), ...timesOf(query), ...ofCombinations(query)]),
      limitOf(query),
    ],
    query.withRaw === true,
  );

/** Where a walk ended that looked at as much as it may, or undefined when it came to the end. */
const endOfWalk = async (session: Session, query: EventQuery, maxScan: number): Promise<number | undefined> => {
  const { sql, values } = statement(
    ['SELECT event.sequence FROM events AS event WHERE'],
    allOf([...beforeOf(query), ...timesOf(query), ...ofAlert(query)]),
    ['ORDER BY event.sequence DESC OFFSET ? LIMIT 1', maxScan - 1],
  );
  const [row] = await session.rows(z.object({ sequence: z.coerce.number() }), sql, values);
  return row?.sequence;
};

const countRow = z.object({ count: z.coerce.number() });
const planRow = z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })]) });

const isMergeable = async (session: Session, query: EventQuery): Promise<boolean> => {
  if (wantedColumns(query).length === 0) return false;
  const { sql, values } = statement(['SELECT count(*) FROM combinations WHERE'], combinationsOf(query));
  const [{ count } = { count: 0 }] = await session.rows(countRow, sql, values);
  return count * (query.limit + 1) <= maxMerged;
};

/** The server keeps which words are frequent, and tells by the plan that it would make. */
const isRare = async (session: Session, query: EventQuery): Promise<boolean> => {
  const { sql, values } = statement(['EXPLAIN (FORMAT JSON) SELECT FROM events AS event WHERE'], allOf(ofWords(query)));
  const [row] = await session.rows(planRow, sql, values);
  return (row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0) <= maxIndexed;
};

interface Found {
  readonly candidates: readonly SizedRow[];
  /** Where to go on when this is all that was looked at. */
  readonly end: number | undefined;
}

const find = async (session: Session, query: EventQuery, maxScan: number): Promise<Found> => {
  const ask = async ({ sql, values }: Statement): Promise<readonly SizedRow[]> => session.rows(sizedRow, sql, values);
  const isFull = (candidates: readonly SizedRow[]): boolean => candidates.length > query.limit;
  const walk = async (rows: number): Promise<Found> => {
    const candidates = await ask(walkStatement(query, rows));
    return { candidates, end: isFull(candidates) ? undefined : await endOfWalk(session, query, rows) };
  };

  if (query.alert_id !== undefined) return walk(maxScan);
  if (ofWords(query).length > 0) {
    const newest = await walk(Math.min(probedRows, maxScan));
    if (newest.end === undefined) return newest;
    return (await isRare(session, query))
      ? { candidates: await ask(wordsStatement(query)), end: undefined }
      : walk(maxScan);
  }
  return (await isMergeable(session, query))
    ? { candidates: await ask(mergeStatement(query)), end: undefined }
    : walk(maxScan);
};

const shownSql = (withRaw: boolean): string => `SELECT ${shownColumns}${withRaw ? `, ${rawColumn}` : ''}
  FROM events AS event WHERE event.sequence = ANY ($1::bigint[]) ORDER BY event.sequence DESC`;

export const listEvents = (database: Database, query: EventQuery, maxScan: number): Promise<EventPage> =>
  database.reading(async (session) => {
    const { candidates, end } = await find(session, query, maxScan);
    const page = fitting(candidates, query.limit, query.maxBytes);
    const next = page.length < candidates.length ? page.at(-1) : end;
    const rows = page.length === 0 ? [] : await session.rows(shownRow, shownSql(query.withRaw === true), [page]);
    const matches = createMatcher(query);
    return {
      // Two words may have one number in the index.
      events: toShown(rows).filter(({ record }) => matches(record)),
      next: next === undefined ? null : { sequence: next },
    };
  });
