import { expect, it, vi } from 'vitest';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config/env.ts';
import { StoreUnavailable, StoreUnusable } from '../src/lib/errors.ts';
import type { EventStore } from '../src/stores/event-store.ts';
import { createMemoryStore } from '../src/stores/memory/store.ts';
import { createClock } from './support/clock.ts';
import { collectLog } from './support/log.ts';
import { scrape } from './support/metrics.ts';
import { rulesOf } from './support/rules.ts';

const config = readConfig({ STRIPE_WEBHOOK_SECRET: 'whsec_x', EVENT_RETENTION_DAYS: '7' });

const build = (broken: Partial<EventStore>, given = config) => {
  const logged = collectLog();
  const store = { ...createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 }), ...broken };
  const app = createApp(given, { log: logged.log, store, now: createClock().now, recoveryIntervalMs: 5 });
  return { app, logged };
};

it('applies retention when it starts, and says how much it removed', async () => {
  const asked: string[] = [];
  const prune = async (before: string) => (asked.push(before) === 1 ? 500 : 3);
  const { app, logged } = build({ prune });
  await app.start('http://127.0.0.1:9');
  await vi.waitFor(() => expect(logged.of('retention.applied')).toMatchObject([{ removed: 503, days: 7 }]));
  expect(asked).toEqual(['2026-02-22T12:00:00.000Z', '2026-02-22T12:00:00.000Z']);
  await app.stop();
});

const durable = readConfig({ STRIPE_WEBHOOK_SECRET: 'whsec_x', STORE_URL: 'sqlite:given-by-the-test' });

it('tells at start how much a durable store holds, so that an empty one is noticed', async () => {
  const size = async () => ({ events: 3, newestFirstSeenAt: '2026-02-28T12:00:00.000Z' });
  const { app, logged } = build({ size }, durable);
  await app.start('http://127.0.0.1:9');
  await vi.waitFor(() =>
    expect(logged.of('store.opened')).toMatchObject([{ events: 3, newest_first_seen_at: '2026-02-28T12:00:00.000Z' }]),
  );
  await app.stop();
});

it('starts when a store cannot tell how much it holds', async () => {
  const size = () => Promise.reject(new StoreUnavailable('store_unavailable', 'away'));
  const { app, logged } = build({ size }, durable);
  await app.start('http://127.0.0.1:9');
  await vi.waitFor(() => expect(logged.of('store.size_unknown')).toMatchObject([{ level: 'warn', error: 'away' }]));
  expect(logged.of('server.ready')).toHaveLength(1);
  await app.stop();
});

it('goes on when retention could not be applied', async () => {
  const { app, logged } = build({ prune: () => Promise.reject(new StoreUnavailable('store_unavailable', 'away')) });
  await app.start('http://127.0.0.1:9');
  await vi.waitFor(() => expect(logged.of('retention.failed')).toMatchObject([{ level: 'warn', error: 'away' }]));
  expect(logged.of('server.ready')).toHaveLength(1);
  await app.stop();
});

it('does not start on a store that is there but cannot be used', async () => {
  const unusable = new StoreUnusable('the schema is newer');
  const { app, logged } = build({ dueAlerts: () => Promise.reject(unusable) });
  await expect(app.start('http://127.0.0.1:9')).rejects.toBe(unusable);
  expect(logged.of('server.ready')).toEqual([]);
  await app.stop();
});

it('waits for a store that is away, and says once that it is ready', async () => {
  let passes = 0;
  const dueAlerts = async () => {
    passes += 1;
    if (passes < 3) throw new StoreUnavailable('store_unavailable', 'away');
    return [];
  };
  const { app, logged } = build({ dueAlerts });
  await app.start('http://127.0.0.1:9');
  expect((await app.fetch(new Request('http://x/readyz'))).status).toBe(503);
  await vi.waitFor(() => expect(passes).toBeGreaterThan(4));
  expect(logged.of('server.ready')).toHaveLength(1);
  expect(logged.of('recovery.failed')).toHaveLength(2);
  expect((await app.fetch(new Request('http://x/readyz'))).status).toBe(200);
  await app.stop();
});

it('logs a store that becomes unusable while it runs, and goes on', async () => {
  let passes = 0;
  const dueAlerts = async () => {
    passes += 1;
    if (passes > 1) throw new StoreUnusable('somebody migrated it');
    return [];
  };
  const { app, logged } = build({ dueAlerts });
  await app.start('http://127.0.0.1:9');
  await vi.waitFor(() =>
    expect(logged.of('recovery.failed')[0]).toMatchObject({ level: 'error', error: 'somebody migrated it' }),
  );
  await app.stop();
});

it('does not ask a store that is slow to answer again meanwhile', async () => {
  const gate = Promise.withResolvers<void>();
  const slow = Promise.withResolvers<void>();
  let passes = 0;
  const dueAlerts = async () => {
    passes += 1;
    if (passes === 2) {
      slow.resolve();
      await gate.promise;
    }
    return [];
  };
  const { app } = build({ dueAlerts });
  await app.start('http://127.0.0.1:9');
  await slow.promise;
  let later = 0;
  await vi.waitUntil(() => ++later > 3);
  expect(passes).toBe(2);
  gate.resolve();
  await vi.waitFor(() => expect(passes).toBeGreaterThan(2));
  await app.stop();
});

it('tells in its metrics how often status pages are read that the rules alone name, and counts all of theirs from zero', async () => {
  const rules = rulesOf('version: 1\nstatus_pages: { github: preset }\ndestinations: { pager: { type: mock } }');
  const app = createApp(config, { log: collectLog().log, rules, pageReaderOf: () => undefined });
  await app.start('http://127.0.0.1:9');
  const { of } = await scrape(async (path) => app.fetch(new Request(`http://x${path}`)));
  expect(of('poll_interval_seconds')).toBe(60);
  expect(of('page_fetches_total{page="github",outcome="failed"}')).toBe(0);
  expect(of('signals_total{source="github_status",outcome="failed"}')).toBe(0);
  expect(of('deliveries_total{destination="pager",action="trigger",status="failed",reason="permanent"}')).toBe(0);
  await app.stop();
});
