// The schema, as steps that are applied in order. A step that was released is never edited: a change is a new step.
import type { DatabaseSync } from 'node:sqlite';
import { StoreUnusable } from '../../lib/errors.ts';
import type { ReadAgain } from '../carry-over.ts';
import { carryOverFile } from './carry-over-file.ts';

export const migrations: readonly (string | ((db: DatabaseSync, readAgain?: ReadAgain) => void))[] = [
  `
  CREATE TABLE events (
    -- AUTOINCREMENT: the number of an event that was pruned is not given again, so that cursors stay true.
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    event_key TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    service_key TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    awaits_end INTEGER NOT NULL,
    routed INTEGER NOT NULL,
    undecided INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    seen_count INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_source ON events (source);
  CREATE INDEX events_kind ON events (kind);
  CREATE INDEX events_severity ON events (severity);
  CREATE INDEX events_service ON events (service_key);
  CREATE INDEX events_open ON events (is_open);
  CREATE INDEX events_routed ON events (routed);
  CREATE INDEX events_first_seen ON events (first_seen_at);
  CREATE INDEX events_awaiting_end ON events (source) WHERE awaits_end = 1;
  CREATE INDEX events_undecided ON events (last_seen_at) WHERE undecided = 1;

  -- The ordinal is the place in the event's own list, so that one tree serves as table and as index.
  CREATE TABLE deliveries (
    event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    destination TEXT NOT NULL,
    position INTEGER NOT NULL,
    status TEXT NOT NULL,
    due_at TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (event, ordinal)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;

  CREATE TABLE history (
    event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (event, ordinal)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE attempts (
    event INTEGER NOT NULL REFERENCES events ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    delivery_key TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (event, ordinal)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE states (
    key TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Each index goes on in the order of the table, which is that of the events and of each one's own list.
  `
  ALTER TABLE deliveries ADD COLUMN id TEXT GENERATED ALWAYS AS (body ->> '$.id') VIRTUAL;
  ALTER TABLE deliveries ADD COLUMN action TEXT
    GENERATED ALWAYS AS (CASE position % 2 WHEN 0 THEN 'trigger' ELSE 'resolve' END) VIRTUAL;
  CREATE INDEX deliveries_id ON deliveries (id);
  CREATE INDEX deliveries_status ON deliveries (status);
  CREATE INDEX deliveries_destination ON deliveries (destination);
  CREATE INDEX deliveries_action ON deliveries (action);
  `,
  // Holds what is pending and nothing else, so that counting it takes as long as there is of it.
  `CREATE INDEX deliveries_pending ON deliveries (json_extract(body, '$.created_at')) WHERE status = 'pending'`,
  // The number of an event's last change. Nobody asks for what changed before there were numbers, so all of it is 0.
  `
  ALTER TABLE events ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX events_changed ON events (revision);
  `,
  // Alerts, and everything in its place for them.
  carryOverFile,
  // Vendors' objects of several events. Bodies are shorter from here on, which the version before cannot read.
  'CREATE TABLE raw_packs (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, body BLOB NOT NULL) STRICT',
];

/** Told of the schema of an older version, once it is a present one. */
export type OnMigrated = (steps: { readonly from: number; readonly to: number; readonly durationMs: number }) => void;

export interface MigrateOptions {
  readonly readAgain?: ReadAgain | undefined;
  readonly onMigrated?: OnMigrated | undefined;
}

/**
 * Applies the steps that are missing, all or none.
 * @param settings statements that are to hold from the first step on, such as what marks the file as ours
 * @throws {StoreUnusable} when the file was written by a newer version
 */
export const migrate = (
  db: DatabaseSync,
  version: number,
  settings: string,
  { readAgain, onMigrated }: MigrateOptions,
): void => {
  if (version > migrations.length) {
    throw new StoreUnusable(
      `its schema is version ${version}, and this program knows versions up to ${migrations.length}: use a newer one`,
    );
  }
  // Nothing is written when nothing is missing, so that a full disk does not prevent the start.
  if (version === migrations.length) return;
  const startedMs = performance.now();
  db.exec('BEGIN IMMEDIATE');
  db.exec(settings);
  for (const step of migrations.slice(version)) {
    if (typeof step === 'string') db.exec(step);
    else step(db, readAgain);
  }
  db.exec(`PRAGMA user_version = ${migrations.length}`);
  db.exec('COMMIT');
  const durationMs = Math.round(performance.now() - startedMs);
  if (version > 0) onMigrated?.({ from: version, to: migrations.length, durationMs });
};
