import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { eventStoreContract } from '../../contract/event-store.ts';

eventStoreContract('memory', (bounds) =>
  createMemoryStore({ eventCapacity: 10_000, dedupeCapacity: 100_000, ...bounds }),
);
