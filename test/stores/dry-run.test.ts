import { expect, it } from 'vitest';
import { createOverlayStore } from '../../src/stores/dry-run.ts';
import type { EventStore, HistoryEntry } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { aRecord } from '../support/builders.ts';

const id = 'acme_status:incident:1';
const entry: HistoryEntry = { at: '2026-03-01T12:00:00.000Z', change: 'updated', request_id: 'req-1' };

const setUp = async () => {
  const under = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  await under.change(id, () => ({ result: undefined, record: aRecord() }));
  await under.saveState('page', { condition: 'good' });
  return { under, overlay: createOverlayStore(under) };
};

const count = (store: Pick<EventStore, 'change'>): Promise<number> =>
  store.change(id, (found) => {
    if (found === undefined || found === 'forgotten') return { result: 0 };
    const record = { ...found, seen_count: found.seen_count + 1 };
    return { result: record.seen_count, record, history: [entry] };
  });

it('reads what the store under it holds', async () => {
  const { overlay } = await setUp();
  expect(await overlay.find(id)).toEqual(aRecord());
  expect(await overlay.find('other')).toBe(undefined);
  expect(await overlay.openEvents('acme_status')).toMatchObject([{ event_id: id }]);
  expect(await overlay.loadState('page')).toEqual({ condition: 'good' });
});

it('goes on from its own changes, and leaves the store under it as it was', async () => {
  const { under, overlay } = await setUp();
  const before = await under.read(id);
  expect(await count(overlay)).toBe(2);
  expect(await count(overlay)).toBe(3);
  await overlay.saveState('page', { condition: 'blind' });
  await overlay.change('new', () => ({ result: undefined, record: aRecord({ event_id: 'new' }) }));

  expect(await overlay.find(id)).toMatchObject({ seen_count: 3 });
  expect(await overlay.loadState('page')).toEqual({ condition: 'blind' });
  expect(overlay.addedHistory(id)).toEqual([entry, entry]);
  expect(overlay.addedHistory('new')).toEqual([]);
  expect(overlay.addedHistory('unknown')).toEqual([]);
  expect(await under.read(id)).toEqual(before);
  expect(await under.find('new')).toBe(undefined);
  expect(await under.loadState('page')).toEqual({ condition: 'good' });
});

it('loses no change of its own, however many are made at once', async () => {
  const { overlay } = await setUp();
  expect((await Promise.all(Array.from({ length: 20 }, () => count(overlay)))).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 2),
  );
});

it('does its work without keeping anybody else from theirs', async () => {
  const { overlay } = await setUp();
  expect(await overlay.exclusively('page', async () => 'done')).toBe('done');
});
