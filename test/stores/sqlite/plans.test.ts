// Every question has its index, and nothing is sorted that could be large.
import type { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { combinedFilters } from '../../../src/stores/event-filter.ts';
import { changesSql } from '../../../src/stores/sqlite/changes.ts';
import { listSql } from '../../../src/stores/sqlite/event-walk.ts';
import { listAlertsSql, listDeliveriesSql } from '../../../src/stores/sqlite/list-others.ts';
import { pruneSql } from '../../../src/stores/sqlite/prune.ts';
import { rawsSql } from '../../../src/stores/sqlite/raws.ts';
import { readerSql } from '../../../src/stores/sqlite/reader.ts';
import { workSql } from '../../../src/stores/sqlite/work.ts';
import { openStore } from './open-file.ts';

const planOf = (db: DatabaseSync, sql: string): string =>
  db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => detail)
    .join('; ');

it.each<[string, string, string]>([
  ['an event', readerSql.event, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['events of an alert', readerSql.eventsOfAlert, 'events_alert (alert_key=?)'],
  ['events that end others', readerSql.ofScope, 'events_ending (scope_key=?)'],
  ['ongoing events', readerSql.ongoing, 'events_ongoing (ongoing=?)'],
  ['an alert', readerSql.alertByKey, 'sqlite_autoindex_alerts_1 (alert_key=?)'],
  ['alerts of a scope', readerSql.alertsOfScope, 'alerts_scope (scope_key=? AND <expr>>?)'],
  ['the deliveries of an alert', readerSql.deliveries, 'PRIMARY KEY (alert=?)'],
  ['events of a combination', listSql.ofCombination, 'events_combination (combination=? AND rowid>? AND rowid<?)'],
  ['events of an alert, as a list', listSql.ofAlert, 'events_alert (alert_key=? AND rowid>? AND rowid<?)'],
  ['all events', listSql.all, 'INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  ['events with words', listSql.withWords, 'VIRTUAL TABLE INDEX'],
  ['open alerts', listAlertsSql(true), 'alerts_open (state=? AND rowid>? AND rowid<?)'],
  ['all alerts', listAlertsSql(false), 'INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  ['deliveries', listDeliveriesSql(undefined), 'PRIMARY KEY (alert>? AND (alert,ordinal)<(?,?))'],
  [
    'failed deliveries',
    listDeliveriesSql('failed'),
    'deliveries_unsettled (status=? AND alert>? AND (alert,ordinal)<(?,?))',
  ],
  ['a delivery', workSql.delivery, 'deliveries_id (id=?)'],
  ['alerts whose time has come', workSql.waking, 'alerts_wake (wake_at<?)'],
  ['alerts of a storm', workSql.storm, 'alerts_storm (storm_key=? AND rowid>?)'],
  ['the newest alert of a storm', workSql.newestOfStorm, 'alerts_storm (storm_key=?)'],
  ['changed events', changesSql.events, 'events_revision (revision>?)'],
  ['changed alerts', changesSql.alerts, 'alerts_revision (revision>?)'],
  ['the newest change', changesSql.newestEvent, 'SEARCH events USING COVERING INDEX events_revision'],
  ['a vendor’s object', rawsSql.alone, 'INTEGER PRIMARY KEY (rowid=?)'],
  ['the pack of a vendor’s object', rawsSql.packed, 'INTEGER PRIMARY KEY (rowid<?)'],
  ['old events', pruneSql.old, 'SEARCH events USING INTEGER PRIMARY KEY (rowid<?)'],
])('%s: found by an index', (_what, sql, index) => {
  const { db } = openStore();
  const plan = planOf(db, sql);
  expect(plan).toContain(index);
  expect(plan).not.toMatch(/SCAN (?!words)|TEMP B-TREE/);
});

it.each([
  ['what is due', workSql.due],
  ['what is pending', workSql.backlog],
])('%s is read from an index that holds nothing else', (_what, sql) => {
  expect(planOf(openStore().db, sql)).toContain('USING INDEX deliveries_pending');
});

it('a filter that compares has its column', () => {
  const columns = openStore().db.prepare('PRAGMA table_info(combinations)').all();
  expect(columns.map(({ name }) => name)).toEqual(['id', ...combinedFilters]);
});
