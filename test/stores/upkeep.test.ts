import { expect, it } from 'vitest';
import { createUpkeep } from '../../src/stores/upkeep.ts';
import { collectLog } from '../support/log.ts';

const config = { url: 'sqlite:data/events.db', retentionDays: 30 };
const now = () => Date.parse('2026-03-31T12:00:00.000Z');
const size = { events: 7, newestFirstSeenAt: '2026-03-31T11:00:00.000Z' };
const down = () => Promise.reject(new Error('the store is away'));

it.each([
  ['something was removed', 3, [{ removed: 3, days: 30 }]],
  ['nothing was', 0, []],
])('says how much was removed where %s', async (_what, removed, lines) => {
  const { log, of } = collectLog();
  await createUpkeep({ prune: async () => removed, size: async () => size }, config, log, now).retain();
  expect(of('retention.applied')).toMatchObject(lines);
});

it('removes all that there is only the second time: the clock may have been ahead at the start', async () => {
  const { log, of } = collectLog();
  const newestFirstSeenAt = '2026-02-28T12:00:00.000Z';
  const upkeep = createUpkeep(
    { prune: async () => 7, size: async () => ({ ...size, newestFirstSeenAt }) },
    config,
    log,
    now,
  );
  await upkeep.retain();
  expect(of('retention.postponed')).toMatchObject([{ newest_first_seen_at: newestFirstSeenAt, days: 30 }]);
  expect(of('retention.applied')).toEqual([]);
  await upkeep.retain();
  expect(of('retention.applied')).toMatchObject([{ removed: 7 }]);
});

it('says how much a store holds', async () => {
  const { log, of } = collectLog();
  await createUpkeep({ prune: async () => 0, size: async () => size }, config, log, now).logSize();
  expect(of('store.opened')).toMatchObject([{ events: 7, newest_first_seen_at: size.newestFirstSeenAt }]);
});

it('says nothing of a store that is empty at each start', async () => {
  const { log, of } = collectLog();
  const upkeep = createUpkeep({ prune: down, size: down }, { ...config, url: 'memory:' }, log, now);
  await upkeep.logSize();
  expect([...of('store.opened'), ...of('store.size_unknown')]).toEqual([]);
});

it('a store that is away is a warning, and nothing rejects', async () => {
  const { log, of } = collectLog();
  const upkeep = createUpkeep({ prune: down, size: down }, config, log, now);
  await upkeep.retain();
  await upkeep.logSize();
  expect([...of('retention.failed'), ...of('store.size_unknown')]).toMatchObject([
    { error: 'the store is away' },
    { error: 'the store is away' },
  ]);
});
