import { expect, it } from 'vitest';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { aDelivery, aRecord } from '../../support/builders.ts';

it('the deliveries of an event that was dropped are found and listed no more', async () => {
  const store = createMemoryStore({ eventCapacity: 1, dedupeCapacity: 9 });
  const [first, second] = [aDelivery({ event_id: 'a', status: 'failed' }), aDelivery({ event_id: 'b' })];
  for (const delivery of [first, second]) {
    const { event_id } = delivery;
    const record = aRecord({ event_id, kind: 'payment' }, { deliveries: [delivery] });
    await store.change(event_id, () => ({ result: undefined, record }));
  }
  expect(await store.findDelivery(first.id)).toBe(undefined);
  expect(await store.findDelivery(second.id)).toEqual(second);
  expect((await store.listDeliveries({ limit: 9 })).deliveries).toEqual([second]);
});
