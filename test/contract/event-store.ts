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

/** @param createStore makes an empty store, whose listings look at `maxScan` rows a page where that is given */
export const eventStoreContract = (name: string, createStore: CreateStore): void => {
  describe(`the ${name} store`, () => {
    transactContract(createStore);
    snapshotContract(createStore);
    isolationContract(createStore);
    logsContract(createStore);
    listEventsContract(createStore);
    listOthersContract(createStore);
    workContract(createStore);
    feedContract(createStore);
    textsContract(createStore);
  });
};
