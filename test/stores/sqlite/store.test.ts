import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createListings, type Listings } from '../../../src/stores/sqlite/listings.ts';
import { createSqliteStore } from '../../../src/stores/sqlite/store.ts';
import { durableStoreContract } from '../../contract/durable-store.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { makeDatabaseFolder } from '../../support/database-folder.ts';
import { makeEmpty } from './open-file.ts';

let folder: string;
let listings: Listings;
let files = 0;
beforeAll(() => {
  folder = makeDatabaseFolder('sqlite');
  listings = createListings();
});
afterAll(async () => {
  await listings.close();
  await rm(folder, { recursive: true });
});

const pathOf = (file: number) => join(folder, `${file}.db`);
const open = (file: number, maxScan?: number) =>
  createSqliteStore({ path: pathOf(file), listings, ...(maxScan !== undefined && { maxScan }) });
const create = ({ maxScan }: { readonly maxScan?: number | undefined } = {}) => {
  makeEmpty(pathOf(++files));
  return open(files, maxScan);
};

eventStoreContract('sqlite', create);
durableStoreContract('sqlite', { create, reopen: () => open(files) });
