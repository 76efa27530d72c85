// The step to version 5 of the schema: every event of the version before is carried over into the new tables, a few at a
// time, inside the one transaction of the migration.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { type CarriedOver, carryOver, oldRecordSchema, type ReadAgain } from '../carry-over.ts';
import { toEventBody } from '../event-body.ts';
import { toAlertBody, toAlertColumns, toDeliveryColumns, toEventColumns } from '../rows.ts';
import { integer, type Row, text } from './columns.ts';
import { createCombinations } from './combinations.ts';
import { lostProgress } from './counters.ts';
import { keysProgress } from './event-keys.ts';
import { hashOf } from './hash.ts';
import { createProgress } from './progress.ts';
import { schemaSql } from './schema.ts';
import { createTokens, wordsProgress } from './words.ts';

/** Events of up to a megabyte each. */
const chunkLength = 20;

const oldIndexes = [
  ...[
    'source',
    'kind',
    'severity',
    'service',
    'open',
    'routed',
    'first_seen',
    'awaiting_end',
    'undecided',
    'changed',
  ].map((name) => `events_${name}`),
  ...['due', 'id', 'status', 'destination', 'action', 'pending'].map((name) => `deliveries_${name}`),
];
const oldTables = ['attempts', 'history', 'deliveries', 'events'];

/** Old rows, each with all that belongs to it. */
const createOldReader = (db: DatabaseSync, readAgain: ReadAgain | undefined) => {
  const events = db.prepare('SELECT * FROM old_events WHERE sequence > ? ORDER BY sequence LIMIT ?');
  const deliveries = db.prepare('SELECT body FROM old_deliveries WHERE event = ? ORDER BY ordinal');
  const history = db.prepare('SELECT body FROM old_history WHERE event = ? ORDER BY ordinal');
  const attempts = db.prepare('SELECT delivery_key, body FROM old_attempts WHERE event = ? ORDER BY ordinal');
  const lines = (rows: readonly Row[]): string => rows.map((row) => `${text(row, 'body')}\n`).join('');

  const read = (row: Row) => {
    const sequence = integer(row, 'sequence');
    const record = oldRecordSchema.parse({
      ...JSON.parse(text(row, 'body')),
      last_seen_at: text(row, 'last_seen_at'),
      seen_count: integer(row, 'seen_count'),
      deliveries: deliveries.all(sequence).map((each) => JSON.parse(text(each, 'body'))),
    });
    const tried = attempts.all(sequence);
    return {
      sequence,
      ...carryOver(record, readAgain),
      history: lines(history.all(sequence)),
      attemptsOf: (id: string) => lines(tried.filter((each) => JSON.parse(text(each, 'delivery_key')) === id)),
    };
  };

  return {
    after: (sequence: number) => events.all(sequence, chunkLength).map(read),
  };
};

type OldEvent = CarriedOver & {
  readonly sequence: number;
  readonly history: string;
  readonly attemptsOf: (id: string) => string;
};

const createNewWriter = (db: DatabaseSync, firstRevision: number) => {
  const combinations = createCombinations(db);
  const tokensOf = createTokens();
  let revision = firstRevision;

  const insert = (table: string, row: Readonly<Record<string, SQLInputValue | boolean>>): void => {
    const marks = Object.keys(row).map(() => '?');
    const values = Object.values(row).map((value) => (typeof value === 'boolean' ? Number(value) : value));
    db.prepare(`INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${marks.join(', ')})`).run(...values);
  };

  const writeAlert = ({ alert, sequence, attemptsOf }: OldEvent): void => {
    if (!alert) return;
    const texts = { body: toAlertBody(alert), history: '' };
    revision += 1;
    insert('alerts', { sequence, revision, ...toAlertColumns(alert), opened_at: alert.opened_at, ...texts });
    for (const [ordinal, delivery] of alert.deliveries.entries()) {
      const body = JSON.stringify(delivery);
      const columns = toDeliveryColumns(delivery);
      insert('deliveries', { alert: sequence, ordinal, ...columns, body, attempts: attemptsOf(delivery.id) });
    }
  };

  return (old: OldEvent): void => {
    const { sequence, event, rawJson, history } = old;
    revision += 1;
    const combination = combinations.idOf(event);
    insert('events', { sequence, combination, revision, ...toEventColumns(event), body: toEventBody(event), history });
    insert('raws', { event: sequence, body: rawJson });
    insert('event_keys', { hash: hashOf(event.event.event_id), event: sequence });
    insert('words', { rowid: sequence, tokens: tokensOf(event) });
    writeAlert(old);
  };
};

export const carryOverFile = (db: DatabaseSync, readAgain?: ReadAgain): void => {
  const newest = db.prepare('SELECT ifnull(max(revision), 0) AS revision FROM events').get();
  const lost = createProgress(db, lostProgress);
  // No cursor of before goes on: its reader knows no alerts.
  const revision = Math.max(integer(newest, 'revision'), lost.load()) + 1;
  for (const name of oldIndexes) db.exec(`DROP INDEX ${name}`);
  for (const name of oldTables) db.exec(`ALTER TABLE ${name} RENAME TO old_${name}`);
  db.exec(schemaSql);

  const old = createOldReader(db, readAgain);
  const write = createNewWriter(db, revision);
  let last = 0;
  for (let chunk = old.after(last); chunk.length > 0; chunk = old.after(last)) {
    for (const event of chunk) {
      write(event);
      last = event.sequence;
    }
  }
  lost.save(revision);
  createProgress(db, keysProgress).save(last);
  createProgress(db, wordsProgress).save(last);
  // The highest number that was ever given: its row may be pruned already.
  const given = db.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'old_events'").get();
  for (const name of ['sequence:events', 'sequence:alerts']) {
    createProgress(db, name).save(given ? integer(given, 'seq') : 0);
  }
  for (const name of oldTables) db.exec(`DROP TABLE old_${name}`);
};
