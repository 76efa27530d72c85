import { HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import { type BackfillDeps, createBackfill } from '../../../src/ingest/backfill/backfill.ts';
import { stripeEventSchema } from '../../../src/ingest/stripe/schema.ts';
import { createStripeSource } from '../../../src/ingest/stripe/source.ts';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { createBus } from '../../../src/pipeline/bus.ts';
import type { Outcome } from '../../../src/pipeline/topics.ts';
import { collectLog } from '../../support/log.ts';
import { stripeEvent } from '../../support/stripe.ts';
import { fakeStripeList, type ListedEvent } from '../../support/stripe-list.ts';

const now = Date.parse('2026-03-01T14:00:00Z');
const at = (minutesAgo: number): number => now / 1000 - minutesAgo * 60;
const event = (id: string, minutesAgo: number): ListedEvent => ({ ...stripeEvent(id), created: at(minutesAgo) });

const outcome = (kind: 'stored' | 'duplicate'): Outcome =>
  kind === 'stored' ? { kind, eventId: '', routed: true } : { kind, eventId: '', routed: false };

/** The backfill alone: what it publishes is noted, and its waits are over at once. */
const setUp = (more: Partial<BackfillDeps> = {}, outcomes: () => readonly Outcome[] = () => [outcome('stored')]) => {
  const states = new Map<string, unknown>();
  const published: string[] = [];
  const waits: number[] = [];
  const logged = collectLog();
  const observed: string[] = [];
  const bus = createBus();
  bus.on('signal.received', ({ payload, missed }) =>
    published.push(`${stripeEventSchema.parse(payload).id} ${missed}`),
  );
  const backfill = createBackfill({
    source: createStripeSource(['whsec_x'], 'sk_test_only'),
    store: {
      loadState: async (key) => states.get(key),
      saveState: async (key, state) => void states.set(key, state),
      tryLease: async () => true,
    },
    newestBefore: async () => '2026-03-01T12:10:00.000Z',
    bus,
    outcomes: { expect: async () => outcomes() },
    client: createHttpClient(noProxySettings),
    userAgent: 'vendor-signals/test',
    observer: {
      began: (source) => observed.push(`began ${source}`),
      stored: (source) => observed.push(`stored ${source}`),
      ended: (source, end) => observed.push(`${end} ${source}`),
    },
    log: logged.log,
    now: () => now,
    wait: async (ms) => void waits.push(ms),
    ...more,
  });
  return { backfill, states, published, waits, observed, logged };
};

it('publishes page after page in the order in which it happened', async () => {
  const list = fakeStripeList(() => [event('evt_1', 90), event('evt_2', 60), event('evt_3', 30)], 2);
  const { backfill, published, states } = setUp();
  backfill.start();
  await backfill.done();
  expect(list.requests).toEqual([`created[gte]=${at(120)}`, `created[gte]=${at(120)}&starting_after=evt_2`]);
  expect(published).toEqual(['evt_1 open', 'evt_2 open', 'evt_3 open']);
  expect(states.get('backfill:stripe')).toEqual({ done_until: '2026-03-01T14:00:00.000Z' });
});

it('publishes what it has when it is throttled in the middle, waits as long as it is told, and goes on', async () => {
  const list = fakeStripeList(() => [event('evt_1', 90), event('evt_2', 60), event('evt_3', 30)], 2);
  list.instead = (request) =>
    request === 2 ? new HttpResponse(null, { status: 429, headers: { 'retry-after': '120' } }) : undefined;
  const { backfill, published, waits, logged } = setUp();
  backfill.start();
  await backfill.done();
  expect(waits).toEqual([120_000]);
  expect(list.requests[2]).toBe(`created[gte]=${at(120)}&starting_after=evt_2`);
  expect(published).toEqual(['evt_2 open', 'evt_3 open', 'evt_1 open']);
  expect(logged.of('backfill.interrupted')).toMatchObject([{ level: 'warn', error: 'HTTP 429' }]);
});

it.each([
  ['a 500', () => new HttpResponse(null, { status: 500 })],
  ['a connection that breaks', () => HttpResponse.error()],
  ['something that is no list', () => HttpResponse.json({ object: 'event' })],
  ['something that is not JSON', () => HttpResponse.text('<html>')],
])('tries again after %s, a little later each time', async (_what, answer) => {
  const list = fakeStripeList(() => [event('evt_1', 90)]);
  list.instead = (request) => (request <= 3 ? answer() : undefined);
  const { backfill, published, waits } = setUp();
  backfill.start();
  await backfill.done();
  expect(waits).toEqual([30_000, 60_000, 120_000]);
  expect(published).toEqual(['evt_1 open']);
});

it.each([401, 403])(
  'gives up when the key is refused by %i, and keeps what is owed for the next start',
  async (status) => {
    const list = fakeStripeList(() => []);
    list.instead = () => new HttpResponse(null, { status });
    const { backfill, states, observed, logged } = setUp();
    backfill.start();
    await backfill.done();
    expect(observed).toEqual(['began stripe', 'refused stripe']);
    expect(list.requests).toHaveLength(1);
    expect(states.get('backfill:stripe')).toEqual({ from: '2026-03-01T12:00:00.000Z' });
    expect(logged.of('backfill.refused')).toMatchObject([{ level: 'error', error: `HTTP ${status}` }]);
    expect(logged.text()).not.toContain('sk_test_only');
  },
);

it('ends after so many failures, and says since when nothing is missing', async () => {
  const list = fakeStripeList(() => []);
  list.instead = () => new HttpResponse(null, { status: 500 });
  const { backfill, logged, waits } = setUp();
  backfill.start();
  await backfill.done();
  expect(list.requests).toHaveLength(20);
  expect(Math.max(...waits)).toBe(900_000);
  expect(logged.of('backfill.incomplete')).toMatchObject([{ level: 'error', complete_since: null }]);
});

it('begins again from where it was owed when a process before did not finish', async () => {
  const list = fakeStripeList(() => []);
  const { backfill, states } = setUp();
  states.set('backfill:stripe', { from: '2026-03-01T09:00:00.000Z' });
  backfill.start();
  await backfill.done();
  expect(list.requests).toEqual([`created[gte]=${Date.parse('2026-03-01T09:00:00Z') / 1000}`]);
});

it('waits for a store that cannot take it, and fetches it again', async () => {
  const list = fakeStripeList(() => [event('evt_1', 90)]);
  let tries = 0;
  const away: Outcome = {
    kind: 'failed',
    eventId: 'evt_1',
    error: new StoreUnavailable('store_unavailable', 'away'),
    routed: false,
  };
  const { backfill, waits, logged } = setUp({}, () => [++tries === 1 ? away : outcome('stored')]);
  backfill.start();
  await backfill.done();
  expect(list.requests).toHaveLength(2);
  expect(waits).toEqual([30_000]);
  expect(logged.of('backfill.done')).toMatchObject([{ stored: 1 }]);
});

it('marks what good news of the same object ended meanwhile', async () => {
  const failed = { ...event('evt_1', 90), data: { object: { id: 'po_1' } } };
  const paid = { ...stripeEvent('evt_2', 'payout.paid', { data: { object: { id: 'po_1' } } }), created: at(80) };
  fakeStripeList(() => [failed, paid, event('evt_3', 70)]);
  const { backfill, published } = setUp();
  backfill.start();
  await backfill.done();
  expect(published).toEqual(['evt_1 over', 'evt_2 open', 'evt_3 open']);
});

it('does nothing for an empty store, or without a key', async () => {
  const list = fakeStripeList(() => [event('evt_1', 90)]);
  const idle = [setUp({ newestBefore: async () => undefined }), setUp({ source: createStripeSource(['whsec_x']) })];
  for (const { backfill } of idle) {
    backfill.start();
    await backfill.done();
  }
  expect(list.requests).toEqual([]);
});

it('goes on past more failures in one second than a page holds, and never begins at the newest one again', async () => {
  const sent = Array.from({ length: 9 }, (_, n) => event(`evt_${n}`, 60));
  const list = fakeStripeList(() => sent, 2);
  list.instead = (request) => (request % 2 === 0 ? new HttpResponse(null, { status: 500 }) : undefined);
  const { backfill, published, logged } = setUp();
  backfill.start();
  await backfill.done();
  expect(published).toHaveLength(9);
  expect(logged.of('backfill.done')).toMatchObject([{ pages: 5 }]);
});

it.each([
  ['without an event', () => HttpResponse.json({ data: [], has_more: true })],
  [
    'with the event after which it was asked to begin',
    () => HttpResponse.json({ data: [event('evt_2', 60)], has_more: true }),
  ],
])('a list that says there is more, %s, is a failure and not the end', async (_what, answer) => {
  const list = fakeStripeList(() => [event('evt_1', 90), event('evt_2', 60), event('evt_3', 30)], 2);
  list.instead = (request) => (request === 2 ? answer() : undefined);
  const { backfill, published, logged } = setUp();
  backfill.start();
  await backfill.done();
  expect(logged.of('backfill.interrupted')).toHaveLength(1);
  expect(published).toEqual(['evt_2 open', 'evt_3 open', 'evt_1 open']);
});

it('one event that cannot be read hides no other, and is counted', async () => {
  const odd = { data: [{ ...event('evt_1', 30), created: 'soon' }, null, event('evt_2', 60)], has_more: false };
  const list = fakeStripeList(() => []);
  list.instead = () => HttpResponse.json(odd);
  const { backfill, published, observed, logged } = setUp();
  backfill.start();
  await backfill.done();
  expect(observed).toEqual(['began stripe', 'stored stripe', 'done stripe']);
  expect(published).toEqual(['evt_2 open']);
  expect(logged.of('backfill.done')).toMatchObject([{ stored: 1, unreadable: 2 }]);
});

it('ends a list that never ends, and says since when nothing is missing', async () => {
  let at = now / 1000;
  const list = fakeStripeList(() => []);
  list.instead = () => HttpResponse.json({ data: [event(`evt_${at}`, (now / 1000 - at--) / 60)], has_more: true });
  const { backfill, logged } = setUp();
  backfill.start();
  await backfill.done();
  expect(list.requests).toHaveLength(600);
  expect(logged.of('backfill.incomplete')).toMatchObject([{ pages: 600, complete_since: '2026-03-01T13:50:01.000Z' }]);
});

it('waits for another replica that does it, and does nothing when that one has done it', async () => {
  const list = fakeStripeList(() => [event('evt_1', 90)]);
  let asked = 0;
  const store = {
    loadState: async () => ({ done_until: '2026-03-01T14:00:00.000Z' }),
    saveState: async () => undefined,
    tryLease: async () => ++asked > 3,
  };
  const { backfill, waits } = setUp({ store });
  backfill.start();
  await backfill.done();
  expect(waits).toEqual([10_000, 10_000, 10_000]);
  expect(list.requests).toEqual([]);
});

it('goes on when the replica that did it has died', async () => {
  fakeStripeList(() => [event('evt_1', 90)]);
  let asked = 0;
  const store = {
    loadState: async () => ({ from: '2026-03-01T09:00:00.000Z', done_until: '2026-02-01T00:00:00.000Z' }),
    saveState: async () => undefined,
    tryLease: async () => ++asked > 1,
  };
  const { backfill, published } = setUp({ store });
  backfill.start();
  await backfill.done();
  expect(published).toEqual(['evt_1 open']);
});

it('waits for a store that is away for hours', async () => {
  const list = fakeStripeList(() => [event('evt_1', 90)]);
  let asked = 0;
  const store = {
    loadState: async () => null,
    saveState: async () => undefined,
    tryLease: async () => {
      if (++asked <= 40) throw new StoreUnavailable('store_unavailable', 'away');
      return true;
    },
  };
  const { backfill, waits, logged } = setUp({ store });
  backfill.start();
  await backfill.done();
  expect(list.requests).toHaveLength(1);
  expect(Math.max(...waits)).toBe(900_000);
  expect(logged.of('backfill.done')).toHaveLength(1);
});

it('asks again since the time at which this process was halted', async () => {
  const list = fakeStripeList(() => []);
  let nowMs = now;
  const { backfill } = setUp({ newestBefore: async () => '2026-03-01T13:59:00.000Z', now: () => nowMs });
  backfill.start();
  await backfill.done();
  nowMs += 1000;
  backfill.start(now - 2 * 3_600_000);
  await backfill.done();
  expect(list.requests).toEqual([`created[gte]=${at(11)}`, `created[gte]=${at(130)}`]);
});
