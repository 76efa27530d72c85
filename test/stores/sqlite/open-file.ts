// A store on a file that the test can look into.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import type { EventStore } from '../../../src/stores/event-store.ts';
import type { OnCommit } from '../../../src/stores/group-commit.ts';
import { connect } from '../../../src/stores/sqlite/connect.ts';
import { createListings } from '../../../src/stores/sqlite/listings.ts';
import { createStoreOn } from '../../../src/stores/sqlite/store.ts';
import { makeDatabaseFolder } from '../../support/database-folder.ts';

/** A file that is not there yet, in a folder that is gone after the test. */
export const newPath = (): string => {
  const folder = makeDatabaseFolder('sqlite');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'events.db');
};

const migrate = (): Buffer => {
  const path = join(makeDatabaseFolder('sqlite'), 'events.db');
  connect(path).close();
  const bytes = readFileSync(path);
  rmSync(dirname(path), { recursive: true });
  return bytes;
};

// Once in a process: the migrations, which have tests of their own, would take most of the time of the store's.
let migrated: Buffer | undefined;

/** Writes a file that holds nothing, as the migrations leave it. Gives its path. */
export const makeEmpty = (path: string): string => {
  migrated ??= migrate();
  writeFileSync(path, migrated);
  return path;
};

// One thread for all stores of this process, which it does not keep alive: to start one takes as long as most tests.
const listings = createListings();

/** Both are closed after the test. */
export const openStore = (
  path = makeEmpty(newPath()),
  onCommit?: OnCommit,
): { readonly db: DatabaseSync; readonly store: EventStore; readonly path: string } => {
  const connection = connect(path);
  const store = createStoreOn(connection, { path, listings }, onCommit);
  onTestFinished(() => store.close());
  return { db: connection.db, store, path };
};
