import { expect, it } from 'vitest';
import { createStore } from '../../src/pipeline/store.ts';
import type { Observation, Verdict } from '../../src/pipeline/topics.ts';
import type { EventRecord } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { aGone, aRecord, aSeen } from '../support/builders.ts';
import { createClock } from '../support/clock.ts';

const id = 'acme_status:incident:1';

const setUp = async (stored?: EventRecord) => {
  const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 100 });
  if (stored) await store.change(id, () => ({ result: undefined, record: stored }));
  const stage = createStore(store, createClock('2026-03-01T12:00:00.000Z').now);
  const run = (observation: Observation, verdict: Verdict = 'new', requestId = 'req-1') =>
    stage.run({ signalId: 'sig-1', requestId, observation, verdict });
  return { store, run };
};

it.each<[string, EventRecord | undefined, Observation, string]>([
  ['stored', undefined, aSeen(), 'critical'],
  ['updated', aRecord(), aSeen({ severity: 'warning' }), 'warning'],
  ['resolved', aRecord(), aGone(), 'critical'],
  ['reopened', aRecord({ resolved_at: '2026-03-01T11:50:00.000Z' }), aSeen(), 'critical'],
  [
    'revised',
    aRecord({ resolved_at: '2026-03-01T11:50:00.000Z' }),
    aSeen({ resolved_at: '2026-03-01T11:50:00.000Z', summary: 'It was DNS' }),
    'critical',
  ],
])('says that an event was %s, and keeps it', async (change, stored, observation, severity) => {
  const { store, run } = await setUp(stored);
  expect(await run(observation)).toEqual({
    publish: { signalId: 'sig-1', requestId: 'req-1', eventId: id, change, severity },
  });
  const detail = await store.read(id);
  expect(detail?.record).toMatchObject({ version: stored ? 2 : 1, request_id: 'req-1' });
  expect(detail?.history).toMatchObject([
    { at: '2026-03-01T12:00:00.000Z', change: change === 'revised' ? 'updated' : change, request_id: 'req-1' },
  ]);
});

it('a duplicate goes no further, but is counted', async () => {
  const { store, run } = await setUp(aRecord());
  expect(await run(aSeen(), 'seen')).toEqual({ stop: 'duplicate', eventId: id });
  const detail = await store.read(id);
  expect(detail?.record).toMatchObject({ seen_count: 2, last_seen_at: '2026-03-01T12:00:00.000Z', version: 1 });
  expect(detail?.history).toEqual([]);
});

it('a duplicate of a dropped event is not stored again', async () => {
  // Over and routed, so that it is the one to make room.
  const { store, run } = await setUp(aRecord({ resolved_at: '2026-03-01T11:50:00.000Z' }));
  for (let other = 0; other < 10; other++) {
    const record = aRecord({ event_id: `evt_${other}` });
    await store.change(record.event.event_id, () => ({ result: undefined, record }));
  }
  expect(await store.find(id)).toBe('forgotten');
  expect(await run(aSeen())).toEqual({ stop: 'duplicate', eventId: id });
  expect(await store.read(id)).toBe(undefined);
});

it('what another made of the event since dedupe looked is what counts', async () => {
  const { store, run } = await setUp(aRecord({}, { vendor_updated_at: '2026-03-01T11:59:00.000Z' }));
  const older = aSeen({ summary: 'an old copy' }, { vendorUpdatedAt: '2026-03-01T11:58:00.000Z' });
  expect(await run(older, 'new')).toEqual({ stop: 'older', eventId: id });
  expect((await store.read(id))?.record).toMatchObject({ seen_count: 1, event: { summary: 'Payments are down' } });
});

it('the end of an event that somebody else ended meanwhile is ignored', async () => {
  const { run } = await setUp(aRecord({ resolved_at: '2026-03-01T11:50:00.000Z' }));
  expect(await run(aGone(), 'changed')).toEqual({ stop: 'ignored', eventId: id });
});

it('of fifty identical signals one is stored and the others are duplicates', async () => {
  const { store, run } = await setUp();
  const results = await Promise.all(Array.from({ length: 50 }, (_, index) => run(aSeen(), 'new', `req-${index}`)));
  expect(results.filter((result) => 'publish' in result)).toHaveLength(1);
  expect(results.filter((result) => 'stop' in result && result.stop === 'duplicate')).toHaveLength(49);
  expect(await store.find(id)).toMatchObject({ seen_count: 50 });
});

it('rejects when the store cannot take it', async () => {
  const down = new Error('the store is down');
  const stage = createStore({ change: () => Promise.reject(down) }, createClock().now);
  const run = stage.run({ signalId: 'sig-1', requestId: 'req-1', observation: aSeen(), verdict: 'new' });
  await expect(run).rejects.toBe(down);
});
