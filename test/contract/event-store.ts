// What every backend of the event store must do. A backend's own test calls this with a factory of empty stores.
import { describe } from 'vitest';
import { feedContract } from './event-store/feed.ts';
import { isolationContract } from './event-store/isolation.ts';
import { listEventsContract } from './event-store/list-events.ts';
import { listOthersContract } from './event-store/list-others.ts';
import { logsContract } from './event-store/logs.ts';
import type { CreateStore } from './event-store/setup.ts';
import { snapshotContract } from './event-store/snapshot.ts';
import { textsContract } from './event-store/texts.ts';
import { transactContract } from './event-store/transact.ts';
import { workContract } from './event-store/work.ts';

const parts = [
  transactContract,
  snapshotContract,
  isolationContract,
  logsContract,
  listEventsContract,
  listOthersContract,
  workContract,
  feedContract,
  textsContract,
];

/** @param createStore makes an empty store, whose listings look at `maxScan` rows a page where that is given */
export const eventStoreContract = (name: string, createStore: CreateStore): void => {
  // Each part makes a store for each test beside it: in one `describe` there would be nine for every test.
  for (const part of parts) describe(`the ${name} store`, () => part(createStore));
};
