// Queries for single events, alerts and states, each in one statement.
import * as z from 'zod';
import type { Attempt } from '../../domain/delivery.ts';
import type { EventRecord } from '../../domain/event-record.ts';
import { mergeHistory } from '../event-deliveries.ts';
import { type EventDetail, type EventStore, toOngoingEvent } from '../event-store.ts';
import { createGroup } from '../group-commit.ts';
import { parseAlert, parseAttempts, parseDelivery, parseHistory, toKey } from '../rows.ts';
import { alertColumns, alertRow, toStoredAlert } from './alert-rows.ts';
import type { Session } from './connections.ts';
import { eventColumns, eventRow, toStoredEvent } from './event-rows.ts';
import { uuidOf } from './keys.ts';
import { eventsByHashSql } from './read-batch.ts';
import { rawColumn, shownColumns, shownRow, toShown } from './shown-events.ts';
import { storable } from './statement.ts';

const bodyRow = z.object({ body: z.string() });

const attemptsColumn = (alert: string) => `ARRAY(SELECT delivery.attempts FROM deliveries AS delivery
  WHERE delivery.alert = ${alert} AND delivery.attempts <> '' ORDER BY delivery.place) AS attempts,
  ARRAY(SELECT delivery.id FROM deliveries AS delivery
  WHERE delivery.alert = ${alert} AND delivery.attempts <> '' ORDER BY delivery.place) AS attempted`;

const alertOfEvent = '(SELECT alert.sequence FROM alerts AS alert WHERE alert.alert_hash = event.alert_hash)';

const eventSql = `SELECT ${shownColumns}, ${rawColumn}, event.history,
    (SELECT alert.history FROM alerts AS alert WHERE alert.alert_hash = event.alert_hash) AS of_alert,
    ${attemptsColumn(alertOfEvent)}
  FROM events AS event WHERE event.event_hash = $1`;

const alertSql = `SELECT ${alertColumns}, alert.history, ${attemptsColumn('alert.sequence')}
  FROM alerts AS alert WHERE alert.alert_hash = $1`;

const logColumns = { history: z.string(), attempts: z.array(z.string()), attempted: z.array(z.string()) };
const eventDetailRow = shownRow.extend({ ...logColumns, of_alert: z.string().nullable() });
const alertDetailRow = alertRow.extend(logColumns);

const toAttempts = ({ attempted, attempts }: z.infer<typeof alertDetailRow> | z.infer<typeof eventDetailRow>) =>
  new Map<string, readonly Attempt[]>(attempted.map((id, at) => [id, parseAttempts(attempts[at] ?? '')]));

const toDetail = (row: z.infer<typeof eventDetailRow>): EventDetail | undefined => {
  const [shown] = toShown([row]);
  if (!shown) return undefined;
  const all = toAttempts(row);
  const ofEvent = shown.deliveries.flatMap(({ id }) => {
    const attempts = all.get(id);
    return attempts ? [[id, attempts] as const] : [];
  });
  const history = mergeHistory(
    shown.record.event.event_id,
    parseHistory(row.history),
    parseHistory(row.of_alert ?? ''),
  );
  return { ...shown, history, attempts: new Map(ofEvent) };
};

const rawSql = `SELECT raw.body FROM events AS event JOIN raws AS raw ON raw.event = event.sequence
  WHERE event.event_hash = $1`;

export const ongoingSql = `SELECT ${eventColumns} FROM events AS event
  WHERE event.is_ongoing AND event.combination = ANY (ARRAY(SELECT id FROM combinations WHERE source = $1))`;

const stormSql = `SELECT (SELECT count(*) FROM alerts WHERE storm_hash = $1 AND opened_at >= $2) AS opened,
  (SELECT body FROM alerts WHERE storm_hash = $1 ORDER BY opened_at DESC, sequence DESC LIMIT 1) AS newest`;
const stormRow = z.object({ opened: z.coerce.number(), newest: z.string().nullable() });

/** Up to here the events are counted; of more than that, the server has an estimate. */
const maxCounted = 10_000;
const sizeSql = `SELECT (SELECT count(*) FROM (SELECT FROM events LIMIT ${maxCounted + 1}) AS first) AS counted,
  (SELECT reltuples FROM pg_class WHERE oid = 'events'::regclass) AS estimate,
  (SELECT max(first_seen_at) FROM events) AS newest`;
const sizeRow = z.object({ counted: z.coerce.number(), estimate: z.coerce.number(), newest: z.string().nullable() });

/** How many events one statement looks up. */
const maxLookups = 100;

interface Lookup {
  readonly hash: string;
  found?: EventRecord | undefined;
}

/** Looks events up, those that are asked for while one statement runs in the next: each request asks for one. */
const createFind = (session: Session): EventStore['find'] => {
  const row = eventRow.extend({ event_hash: z.string() });
  const sql = eventsByHashSql.replace('SELECT ', 'SELECT event.event_hash, ');
  const lookups = createGroup<Lookup>(async (asked) => {
    const rows = await session.rows(row, sql, [[...new Set(asked.map(({ hash }) => hash))]]);
    const found = new Map(rows.map((each) => [each.event_hash.replaceAll('-', ''), toStoredEvent(each).record]));
    for (const lookup of asked) lookup.found = found.get(lookup.hash);
    return new Map();
  }, maxLookups);

  return async (eventId) => {
    const lookup: Lookup = { hash: uuidOf(eventId) };
    await lookups.add(lookup);
    return lookup.found;
  };
};

type Queries = Pick<
  EventStore,
  'find' | 'readEvent' | 'readAlert' | 'findDelivery' | 'readRaw' | 'ongoingEvents' | 'stormOf' | 'size'
>;

export const createQueries = (session: Session): Queries => {
  const bodyOf = async (sql: string, values: readonly unknown[]): Promise<string | undefined> =>
    (await session.rows(bodyRow, sql, values))[0]?.body;

  return {
    find: createFind(session),
    async readEvent(eventId) {
      const [row] = await session.rows(eventDetailRow, eventSql, [uuidOf(eventId)]);
      return row && toDetail(row);
    },
    async readAlert(alertId) {
      const [row] = await session.rows(alertDetailRow, alertSql, [uuidOf(alertId)]);
      return row && { alert: toStoredAlert(row).alert, history: parseHistory(row.history), attempts: toAttempts(row) };
    },
    async findDelivery(deliveryId) {
      const body = await bodyOf('SELECT body FROM deliveries WHERE id = $1', [storable(deliveryId)]);
      return body === undefined ? undefined : parseDelivery(body);
    },
    readRaw: (eventId) => bodyOf(rawSql, [uuidOf(eventId)]),
    async ongoingEvents(source) {
      const rows = await session.rows(eventRow, ongoingSql, [toKey(source)]);
      return rows.map((row) => toOngoingEvent(toStoredEvent(row).record));
    },
    async stormOf(stormKey, since) {
      const [{ opened, newest } = { opened: 0, newest: null }] = await session.rows(stormRow, stormSql, [
        uuidOf(stormKey),
        since,
      ]);
      return { opened, newest: newest === null ? undefined : parseAlert(newest) };
    },
    async size() {
      const [{ counted, estimate, newest } = { counted: 0, estimate: 0, newest: null }] = await session.rows(
        sizeRow,
        sizeSql,
      );
      return {
        events: counted > maxCounted ? Math.max(counted, Math.round(estimate)) : counted,
        newestFirstSeenAt: newest,
      };
    },
  };
};
