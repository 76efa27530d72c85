// The listing of events, newest first: of the rows that are walked, those that the filters ask for.
import type { DatabaseSync } from 'node:sqlite';
import type { Delivery } from '../../domain/delivery.ts';
import { deliveriesOf } from '../event-deliveries.ts';
import { createMatcher, wantedColumns } from '../event-filter.ts';
import type { EventPage, EventQuery, EventWithDeliveries } from '../event-store.ts';
import { takePage } from '../page.ts';
import { toKey } from '../rows.ts';
import { integer, type Row, text } from './columns.ts';
import { createEventWalk } from './event-walk.ts';
import { createRawReader } from './raws.ts';
import { readerSql } from './reader.ts';
import { createStatements } from './statements.ts';
import { toDelivery, toEvent } from './stored.ts';

interface Listed {
  readonly shown: EventWithDeliveries;
  readonly bytes: number;
}

export interface EventLister {
  list(query: EventQuery): EventPage;
  show(row: Row): EventWithDeliveries;
}

export const createEventLister = (db: DatabaseSync, maxScan: number): EventLister => {
  const statements = createStatements(db);
  const walk = createEventWalk(db);
  const event = db.prepare(readerSql.event);
  const combination = db.prepare('SELECT combination FROM events WHERE sequence = ?');
  const raws = createRawReader(db);
  const deliveries = db.prepare(
    'SELECT body FROM deliveries WHERE alert = (SELECT sequence FROM alerts WHERE alert_key = ?) ORDER BY ordinal',
  );

  const deliveriesOfAlert = (alertId: string): readonly Delivery[] => deliveries.all(toKey(alertId)).map(toDelivery);

  /** The numbers of the combinations that match, or null when none is asked for. */
  const matchingCombinations = (query: EventQuery): readonly number[] | null => {
    const wanted = wantedColumns(query);
    if (wanted.length === 0) return null;
    const conditions = wanted.map(({ column }) => `${column} = ?`).join(' AND ');
    const values = wanted.map(({ value }) => value);
    return statements
      .get(`SELECT id FROM combinations WHERE ${conditions}`)
      .all(...values)
      .map((row) => integer(row, 'id'));
  };

  const show = (row: Row, ofAlert = deliveriesOfAlert): EventWithDeliveries => {
    const { record } = toEvent(row);
    const all = record.alert_id === null ? [] : ofAlert(record.alert_id);
    return { record, deliveries: deliveriesOf(record.event.event_id, all), rawJson: null };
  };

  /** An alert may have many events on one page. */
  const rememberAlerts = (): ((alertId: string) => readonly Delivery[]) => {
    const known = new Map<string, readonly Delivery[]>();
    return (alertId) => {
      const found = known.get(alertId) ?? deliveriesOfAlert(alertId);
      known.set(alertId, found);
      return found;
    };
  };

  const withRaw = (sequence: number, shown: EventWithDeliveries): EventWithDeliveries => ({
    ...shown,
    rawJson: raws.read(sequence) ?? null,
  });

  return {
    show: (row) => show(row),
    list(query) {
      const combinations = matchingCombinations(query);
      if (combinations?.length === 0) return { events: [], next: null };
      const isMatching = combinations && new Set(combinations);
      const matches = createMatcher(query);
      const ofAlert = rememberAlerts();

      const accept = (sequence: number): Listed | undefined => {
        if (isMatching && !isMatching.has(integer(combination.get(sequence) ?? { combination: 0 }, 'combination'))) {
          return undefined;
        }
        const row = event.get(sequence);
        const shown = row && show(row, ofAlert);
        if (!shown || !matches(shown.record)) return undefined;
        const whole = query.withRaw ? withRaw(sequence, shown) : shown;
        return { shown: whole, bytes: text(row, 'body').length + (whole.rawJson?.length ?? 0) };
      };

      const bounds = { limit: query.limit, maxScan, maxBytes: query.maxBytes };
      const { items, next } = takePage(walk(query, combinations), bounds, accept, ({ bytes }) => bytes);
      return { events: items.map(({ shown }) => shown), next: next === undefined ? null : { sequence: next } };
    },
  };
};
