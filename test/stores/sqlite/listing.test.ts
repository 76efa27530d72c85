// The listings as they are made, without the thread that they run on.
import { describe, expect, it, onTestFinished } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { connect, connectAgain } from '../../../src/stores/sqlite/connect.ts';
import { hashOf } from '../../../src/stores/sqlite/hash.ts';
import { createListing, type Listing } from '../../../src/stores/sqlite/listing.ts';
import type { FileListing, Listings } from '../../../src/stores/sqlite/listings.ts';
import { createStoreOn } from '../../../src/stores/sqlite/store.ts';
import { feedContract } from '../../contract/event-store/feed.ts';
import { listEventsContract } from '../../contract/event-store/list-events.ts';
import { listOthersContract } from '../../contract/event-store/list-others.ts';
import {
  alert,
  type CreateStore,
  deliveriesOf,
  keep,
  keepAlert,
  listed,
  numbered,
  payment,
  record,
  reviseEvent,
} from '../../contract/event-store/setup.ts';
import { makeEmpty, newPath, openStore } from './open-file.ts';

/** Answers at once, on this thread. */
const onThisThread: Listings = {
  open(path, maxScan = 1000): FileListing {
    let listing: Listing | undefined;
    const here = async (): Promise<Listing> => {
      listing ??= createListing(connectAgain(path), maxScan);
      return listing;
    };
    return {
      listEvents: async (query) => (await here()).listEvents(query),
      listAlerts: async (query) => (await here()).listAlerts(query),
      listDeliveries: async (query) => (await here()).listDeliveries(query),
      changes: async (after, limit, of) => (await here()).changes(after, limit, of),
      size: async () => (await here()).size(),
      checkpoint: () => undefined,
      async close() {
        listing?.close();
        listing = undefined;
      },
    };
  },
  close: async () => undefined,
};

const create: CreateStore = ({ maxScan }: { readonly maxScan?: number | undefined } = {}) => {
  const path = makeEmpty(newPath());
  return createStoreOn(connect(path), { path, listings: onThisThread, ...(maxScan !== undefined && { maxScan }) });
};

// Each makes a store for each test beside it.
for (const part of [listEventsContract, listOthersContract, feedContract]) {
  describe('a listing on this thread', () => part(create));
}

it('brings what was committed into the file once there is much of it, and not before', async () => {
  const { db, store, path } = openStore();
  const listing = createListing(connectAgain(path), 1000);
  onTestFinished(() => listing.close());
  const left = (): number => {
    const { log, checkpointed } = db.prepare('PRAGMA wal_checkpoint(NOOP)').get() ?? {};
    return Number(log) - Number(checkpointed);
  };
  await keep(store, record('a'));
  listing.checkpoint();
  expect(left()).toBeGreaterThan(0);
  const long = 'x'.repeat(1_000_000);
  for (const id of numbered(17)) await keep(store, payment(id), { rawJson: JSON.stringify(long) });
  expect(left()).toBeGreaterThan(4000);
  listing.checkpoint();
  expect(left()).toBe(0);
});

it('what stands in the file and cannot be read is no reason to try again, as a failure of the file is', async () => {
  const path = newPath();
  const { db, store } = openStore(path);
  await keepAlert(store, alert('a'));
  db.exec("UPDATE alerts SET body = '{'");
  const unreadable = store.listAlerts({ limit: 1 });
  await expect(unreadable).rejects.toThrow('JSON');
  await expect(unreadable).rejects.not.toBeInstanceOf(StoreUnavailable);
  db.exec('DROP TABLE raws; DROP TABLE events');
  await expect(store.size()).rejects.toBeInstanceOf(StoreUnavailable);
});

it('pages through more alerts and deliveries than are read at once', async () => {
  const store = await create();
  onTestFinished(() => store.close());
  const ids = numbered(600);
  await Promise.all(ids.map((id) => keepAlert(store, alert(id, 0, { deliveries: deliveriesOf(id, {}) }))));
  const { alerts } = await store.listAlerts({ limit: 1000 });
  expect(alerts.map(({ alert_id: alertId }) => alertId)).toEqual(ids.toReversed());
  const { deliveries } = await store.listDeliveries({ limit: 1000, status: 'pending' });
  expect(deliveries.map(({ alert_id: alertId }) => alertId)).toEqual(ids.toReversed());
});

it('finds words that an event came to have or lost after it was added to the index', async () => {
  const store = await create();
  onTestFinished(() => store.close());
  const ids = numbered(200);
  await Promise.all(ids.map((id) => keep(store, record(id))));
  await reviseEvent(store, 'evt_3', (found) => ({ ...found, facts: { components: ['Zanzibar'] } }));
  expect(await listed(store, { q: 'zanzibar' })).toEqual(['evt_3']);
  await reviseEvent(store, 'evt_3', (found) => ({ ...found, event: { ...found.event, description: '' } }));
  await reviseEvent(store, 'evt_4', (found) => ({ ...found, event: { ...found.event, summary: 'Zanzibar' } }));
  expect(await listed(store, { q: 'zanzibar' })).toEqual(['evt_4', 'evt_3']);
  await reviseEvent(store, 'evt_3', (found) => ({ ...found, facts: {} }));
  await reviseEvent(store, 'evt_4', (found) => ({ ...found, seen_count: 9, routing_reason: 'another' }));
  expect(await listed(store, { q: 'zanzibar' })).toEqual(['evt_4']);
});

it('ids that have one hash are two events', async () => {
  const { db, store, path } = openStore();
  await keep(store, record('a'));
  await store.close();
  expect(db.isOpen).toBe(false);
  const { db: file, close } = connect(path);
  file.prepare('INSERT INTO event_keys (hash, event) VALUES (?, 1)').run(hashOf('b'));
  close();
  const { store: reopened } = openStore(path);
  expect(await reopened.find('b')).toBe(undefined);
  await keep(reopened, record('b', 1));
  expect(await reopened.find('b')).toMatchObject({ subject: 'b' });
  expect(await reopened.find('a')).toMatchObject({ subject: 'a' });
});
