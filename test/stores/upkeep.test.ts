import { expect, it } from 'vitest';
import { createUpkeep } from '../../src/stores/upkeep.ts';
import { collectLog } from '../support/log.ts';

const config = { url: 'sqlite:data/events.db', retentionDays: 30 };
const now = () => Date.parse('2026-03-31T12:00:00.000Z');
const size = { events: 7, newestFirstSeenAt: '2026-03-31T11:00:00.000Z' };
const states = { loadState: async () => null, saveState: async () => undefined };
const down = () => Promise.reject(new Error('the store is away'));

it.each([
  ['something was removed', 3, [{ removed: 3, days: 30 }]],
  ['nothing was', 0, []],
])('says how much was removed where %s', async (_what, removed, lines) => {
  const { log, of } = collectLog();
  await createUpkeep({ ...states, prune: async () => removed, size: async () => size }, config, log, now).retain();
  expect(of('retention.applied')).toMatchObject(lines);
});

/** What the service has stored before it starts, the times at which it looks, and before when it removed events each time. */
const cuts = async (newestFirstSeenAt: string | null, times: readonly string[], saved: unknown = null) => {
  const { log, of } = collectLog();
  let state = saved;
  let at = 0;
  const cutAt: string[] = [];
  const store = {
    prune: async (before: string) => {
      cutAt.push(before);
      return 0;
    },
    size: async () => ({ events: 7, newestFirstSeenAt }),
    loadState: async () => state,
    saveState: async (_key: string, next: unknown) => {
      state = next;
    },
  };
  for (const time of times) {
    at = Date.parse(time);
    // Each time by another process: what it goes by is in the store.
    await createUpkeep(store, config, log, () => at).retain();
  }
  return { cutAt: cutAt.map((each) => each.slice(0, 10)), postponed: of('retention.postponed').length };
};

it('a clock that is far ahead for a while removes a day more each time, though events came in meanwhile', async () => {
  const times = ['2026-03-31T12:00Z', '2027-03-31T12:00Z', '2027-03-31T12:01Z', '2026-03-31T13:00Z'];
  expect(await cuts('2027-03-31T12:00:30.000Z', times, { at: '2026-03-31T11:00:00.000Z' })).toEqual({
    cutAt: ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-01'],
    postponed: 2,
  });
});

it('a clock that steps far back removes nothing, and holds nothing back afterwards', async () => {
  const times = ['2026-03-31T12:00Z', '1970-01-01T00:00Z', '2026-03-31T13:00Z'];
  expect(await cuts('2026-03-31T11:00:00.000Z', times)).toEqual({
    cutAt: ['2026-03-01', '1969-12-02', '2026-03-01'],
    postponed: 0,
  });
});

it('after a long stop it catches up day by day, beginning with the newest event', async () => {
  const times = ['2026-03-31T12:00Z', '2026-03-31T13:00Z', '2026-03-31T14:00Z', '2026-03-31T15:00Z'];
  expect(await cuts('2026-03-28T18:00:00.000Z', times)).toEqual({
    cutAt: ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-01'],
    postponed: 2,
  });
});

it('an empty store goes by the clock', async () => {
  expect(await cuts(null, ['2026-03-31T12:00Z'])).toEqual({ cutAt: ['2026-03-01'], postponed: 0 });
});

it('says how much a store holds', async () => {
  const { log, of } = collectLog();
  await createUpkeep({ ...states, prune: async () => 0, size: async () => size }, config, log, now).logSize();
  expect(of('store.opened')).toMatchObject([{ events: 7, newest_first_seen_at: size.newestFirstSeenAt }]);
});

it('says nothing of a store that is empty at each start', async () => {
  const { log, of } = collectLog();
  const upkeep = createUpkeep({ ...states, prune: down, size: down }, { ...config, url: 'memory:' }, log, now);
  await upkeep.logSize();
  expect([...of('store.opened'), ...of('store.size_unknown')]).toEqual([]);
});

it('a store that is away is a warning, and nothing rejects', async () => {
  const { log, of } = collectLog();
  const upkeep = createUpkeep({ ...states, prune: down, size: down }, config, log, now);
  await upkeep.retain();
  await upkeep.logSize();
  expect([...of('retention.failed'), ...of('store.size_unknown')]).toMatchObject([
    { error: 'the store is away' },
    { error: 'the store is away' },
  ]);
});
