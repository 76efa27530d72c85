import { expect, it } from 'vitest';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { eventStoreContract } from '../../contract/event-store.ts';

eventStoreContract('memory', (bounds) =>
  createMemoryStore({ eventCapacity: 10_000, dedupeCapacity: 100_000, ...bounds }),
);

it('a state that is nothing is kept as null', async () => {
  const store = createMemoryStore({ eventCapacity: 1, dedupeCapacity: 1 });
  await store.saveState('saved', undefined);
  await store.changeState('changed', () => ({ state: undefined, result: undefined }));
  expect([await store.loadState('saved'), await store.loadState('changed')]).toEqual([null, null]);
});
