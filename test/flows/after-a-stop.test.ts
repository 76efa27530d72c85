// What a service that was away for two hours fetches, keeps and tells afterwards.
import { HttpResponse, http } from 'msw';
import { expect, it, vi } from 'vitest';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { network } from '../support/network.ts';
import { fakePagerDuty } from '../support/pagerduty.ts';
import { type Service, startService } from '../support/service.ts';
import { fakePage, incident, summary } from '../support/status-page.ts';
import { signed, stripeEvent } from '../support/stripe.ts';
import { fakeStripeList, type ListedEvent } from '../support/stripe-list.ts';

const env = { STRIPE_API_KEY: 'rk_test_only_a_test', ROUTE_WARNING: 'true' };
const hour = 3_600_000;

const seconds = (iso: string): number => Date.parse(iso) / 1000;

const event = (id: string, type: string, created: string, object: object): ListedEvent => ({
  ...stripeEvent(id, type, { livemode: true, data: { object } }),
  created: seconds(created),
});

const payout = (id: string, object: string, created: string, amount: number): ListedEvent =>
  event(id, 'payout.failed', created, { id: object, object: 'payout', amount, currency: 'eur' });

/** Resolves once all that was missed has been fetched. */
const caughtUp = async ({ logged, app }: Service): Promise<void> => {
  await vi.waitFor(() => expect(logged.of('backfill.done')).toHaveLength(1), { timeout: 20_000 });
  await app.idle();
};

const sharedStore = () => createMemoryStore({ eventCapacity: 1000, dedupeCapacity: 1000 });

it('tells what is still true, old payments once with counts and the largest, and keeps the rest', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  network.use(
    http.get('https://status.acme.test/api/v2/incidents.json', () =>
      HttpResponse.json({
        page: { id: 'acme' },
        incidents: [
          incident('3'),
          incident('2', {
            status: 'resolved',
            started_at: '2026-03-01T12:20:00.000Z',
            updated_at: '2026-03-01T12:50:00.000Z',
            resolved_at: '2026-03-01T12:50:00.000Z',
          }),
          incident('1', {
            status: 'resolved',
            updated_at: '2026-03-01T12:10:00.000Z',
            resolved_at: '2026-03-01T12:10:00.000Z',
          }),
        ],
      }),
    ),
  );
  const store = sharedStore();

  const before = await startService(env, { store });
  page.serve(summary({ incidents: [incident('1')] }));
  await before.pull();
  await before.postStripe(payout('evt_known', 'po_known', '2026-03-01T11:59:00Z', 100));
  await before.app.idle();
  const toldBefore = pagerDuty.accepted.length;

  const sent = [
    payout('evt_known', 'po_known', '2026-03-01T11:59:00Z', 100),
    payout('evt_a', 'po_a', '2026-03-01T12:05:00Z', 1200_00),
    payout('evt_b', 'po_b', '2026-03-01T12:10:00Z', 50_00),
    payout('evt_over', 'po_over', '2026-03-01T12:15:00Z', 9000_00),
    event('evt_paid', 'payout.paid', '2026-03-01T13:30:00Z', { id: 'po_over', object: 'payout' }),
    payout('evt_young', 'po_young', '2026-03-01T13:40:00Z', 70_00),
  ];
  const list = fakeStripeList(() => sent, 2);
  let nowMs = Date.parse('2026-03-01T14:00:00Z');
  const after = await startService(env, { store, now: () => nowMs });
  page.serve(summary({ incidents: [incident('3', { started_at: '2026-03-01T13:00:00.000Z' })] }));
  await caughtUp(after);
  await after.pull();
  expect(list.requests[0]).toBe(`created[gte]=${seconds('2026-03-01T11:49:00Z')}`);
  expect(list.requests).toHaveLength(3);
  expect(list.keys[0]).toBe('Bearer rk_test_only_a_test');

  nowMs += 61_000;
  await after.app.tick();

  const told = pagerDuty.requests.slice(toldBefore);
  expect(told.map(({ event_action: action, dedup_key: key }) => `${action} ${key}`)).toEqual([
    'trigger evt_young',
    'trigger acme_status:incident:3',
    'resolve acme_status:incident:1',
    'trigger evt_a',
  ]);
  expect(told.at(-1)?.payload.summary).toBe(
    '2 events missed while we were away: 2 payout.failed; the largest 1200.00 EUR (po_a)',
  );
  const unsent = 'Not sent: over before we knew.';
  expect(await after.event('evt_over')).toMatchObject({ routed: false, routing_reason: unsent, alert_id: null });
  expect(await after.event('acme_status:incident:2')).toMatchObject({
    started_at: '2026-03-01T12:20:00.000Z',
    resolved_at: '2026-03-01T12:50:00.000Z',
    routed: false,
    routing_reason: unsent,
  });
  expect(await after.event('acme_status:incident:1')).toMatchObject({ resolved_at: '2026-03-01T12:10:00.000Z' });
  expect(await after.event('evt_known')).toMatchObject({ seen_count: 2 });
  expect(after.logged.of('backfill.done')).toMatchObject([{ pages: 3, stored: 5 }]);
  expect(after.logged.text()).not.toContain('rk_test_only_a_test');
});

it('fetches nothing for an empty store', async () => {
  fakePagerDuty();
  const list = fakeStripeList(() => [payout('evt_1', 'po_1', '2026-03-01T11:00:00Z', 100)]);
  const service = await startService(env);
  await service.app.idle();
  expect(list.requests).toEqual([]);
  expect(await service.events()).toEqual([]);
});

it('is ready before anything is fetched, and stops while Stripe gives no answer', async () => {
  fakePagerDuty();
  const store = sharedStore();
  const before = await startService(env, { store });
  await before.postStripe(payout('evt_1', 'po_1', '2026-03-01T11:00:00Z', 100));
  const asked = Promise.withResolvers<void>();
  network.use(
    http.get('https://api.stripe.com/v1/events', () => {
      asked.resolve();
      return new Promise<Response>(() => undefined);
    }),
  );
  const now = Date.parse('2026-03-01T14:00:00Z');
  const after = await startService(env, { store, now: () => now });
  await asked.promise;
  expect((await after.request('/readyz')).status).toBe(200);
  const webhook = signed(payout('evt_2', 'po_2', '2026-03-01T13:59:00Z', 100), now);
  expect((await after.request('/ingest/stripe', webhook)).status).toBe(200);
  await after.app.stop();
  expect(await store.loadState('backfill:stripe')).toEqual({ from: '2026-03-01T10:50:00.000Z' });
});

it('asks for 30 days at most', async () => {
  fakePagerDuty();
  const store = sharedStore();
  const before = await startService(env, { store });
  await before.postStripe(payout('evt_1', 'po_1', '2026-01-01T11:00:00Z', 100));
  const list = fakeStripeList(() => []);
  const now = Date.parse('2026-03-01T14:00:00Z');
  const after = await startService(env, { store, now: () => now });
  await caughtUp(after);
  expect(list.requests).toEqual([`created[gte]=${(now - 30 * 24 * hour) / 1000}`]);
});
