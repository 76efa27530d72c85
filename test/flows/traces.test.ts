// One trace from what came in to what was sent, as a collector gets it.
import { expect, it, vi } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { type CollectedSpan, startTracedService } from '../support/collector.ts';
import { accepted, fakePagerDuty, refused } from '../support/pagerduty.ts';
import { component, fakePage, incident, summary } from '../support/status-page.ts';
import { signed, stripeEvent } from '../support/stripe.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const [, callersTrace, callersSpan] = traceparent.split('-');

/** Each span as `parent > name`; a parent that is not among them by its id. */
const chainOf = (spans: readonly CollectedSpan[]): readonly string[] => {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return spans
    .map(({ name, parentSpanId }) => `${parentSpanId ? (names.get(parentSpanId) ?? parentSpanId) : 'root'} > ${name}`)
    .sort();
};
const tracesOf = (spans: readonly CollectedSpan[]) => [...new Set(spans.map(({ traceId }) => traceId))];
const post = 'POST /ingest/stripe';

it('a webhook is one trace, from its sender through every stage to PagerDuty', async () => {
  const pagerDuty = fakePagerDuty();
  const { request, app, clock, collected, logged } = await startTracedService();
  const { headers, ...webhook } = signed(stripeEvent('evt_1'), clock.now());
  const response = await request('/ingest/stripe', {
    ...webhook,
    headers: { ...Object.fromEntries(new Headers(headers)), traceparent, 'x-request-id': 'req-1' },
  });
  expect(response.status).toBe(200);
  await app.idle();
  const { spans, resources, text } = await collected();

  expect(tracesOf(spans)).toEqual([callersTrace]);
  expect(chainOf(spans)).toEqual([
    `${post} > normalize`,
    // dedupe, store and route run in one transaction.
    `${post} > transact`,
    `${callersSpan} > ${post}`,
    'transact > trigger pagerduty',
  ]);
  const sent = spans.find(({ name }) => name === 'trigger pagerduty');
  expect(pagerDuty.headers.map((each) => each.get('traceparent'))).toEqual([`00-${callersTrace}-${sent?.spanId}-01`]);
  expect(sent?.attributes).toMatchObject({
    event_id: 'evt_1',
    request_id: 'req-1',
    outcome: 'delivered',
    'http.response.status_code': 202,
  });
  expect(spans.find(({ name }) => name === 'transact')?.attributes).toEqual({
    event_id: 'evt_1',
    request_id: 'req-1',
    observations: 1,
    outcome: 'stored',
  });
  expect(resources[0]).toMatchObject({ 'service.name': 'vendor-signals' });
  expect(text()).not.toMatch(/obj_evt_1|whsec|R0123456789/);

  const lines = ['request.answered', 'event.stored', 'routing.decided', 'delivery.attempted'];
  for (const name of lines) expect(logged.of(name), name).toMatchObject([{ trace_id: callersTrace }]);
  expect(logged.of('server.ready')[0]).not.toHaveProperty('trace_id');
});

it.each([
  'nonsense',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more',
])('a traceparent that is not valid begins a new trace: %s', async (given) => {
  const { request, collected } = await startTracedService();
  await request('/events', { headers: { traceparent: given } });
  const { spans } = await collected();
  expect(chainOf(spans)).toEqual(['root > GET /events']);
  expect(tracesOf(spans)).not.toEqual([callersTrace]);
});

it('what is asked every few seconds makes no trace', async () => {
  const { request, collected } = await startTracedService();
  for (const path of ['/healthz', '/readyz', '/metrics']) await request(path);
  await request('/nowhere');
  const { spans } = await collected();
  expect(chainOf(spans)).toEqual(['root > GET none']);
});

it('webhooks that share a commit and a slot keep their traces apart', async () => {
  const pagerDuty = fakePagerDuty();
  const { postStripe, app, collected } = await startTracedService({ DELIVERY_CONCURRENCY: '1' });
  const ids = ['evt_1', 'evt_2', 'evt_3'];
  await Promise.all(ids.map((id) => postStripe(stripeEvent(id))));
  await app.idle();
  const { spans } = await collected();

  expect(tracesOf(spans)).toHaveLength(3);
  for (const traceId of tracesOf(spans)) {
    const own = spans.filter((span) => span.traceId === traceId);
    expect(own).toHaveLength(4);
    expect(new Set(own.flatMap(({ attributes }) => attributes.event_id ?? [])).size).toBe(1);
  }
  expect(new Set(pagerDuty.headers.map((each) => each.get('traceparent')?.split('-')[1])).size).toBe(3);
});

it('an attempt that is made again at once stays in the trace, and says why the first one failed', async () => {
  const pagerDuty = fakePagerDuty();
  let attempts = 0;
  pagerDuty.answer = () => (++attempts === 1 ? refused(503) : accepted());
  const { request, collected } = await startTracedService({ DELIVERY_RETRY_MIN_MS: '1' }, { now: Date.now });
  await request('/ingest/stripe', signed(stripeEvent('evt_1')));
  await vi.waitFor(() => expect(pagerDuty.accepted).toHaveLength(1));
  const { spans } = await collected();

  expect(tracesOf(spans)).toHaveLength(1);
  const sent = spans.filter(({ name }) => name === 'trigger pagerduty');
  expect(sent.map(({ attributes }) => attributes.outcome)).toEqual(['transient', 'delivered']);
  expect(sent.map(({ status }) => status.code)).toEqual([2, 0]);
  expect(sent[0]?.status.message).toContain('HTTP 503');
});

it('a delivery that recovery takes up later is a trace of its own', async () => {
  const pagerDuty = fakePagerDuty();
  pagerDuty.answer = () => refused(429, { 'retry-after': '60' });
  const { postStripe, app, clock, collected } = await startTracedService({}, { recoveryIntervalMs: 1 });
  await postStripe(stripeEvent('evt_1'));
  await app.idle();
  pagerDuty.answer = accepted;
  clock.advance(61_000);
  await vi.waitFor(() => expect(pagerDuty.accepted).toHaveLength(1));
  const { spans } = await collected();

  expect(tracesOf(spans)).toHaveLength(2);
  const [first, second] = tracesOf(spans).map((traceId) => chainOf(spans.filter((span) => span.traceId === traceId)));
  expect(first).toContain('transact > trigger pagerduty');
  expect(second).toEqual(['root > trigger pagerduty']);
});

it('a poll is a trace for each page: the pull, its fetch, its signals, and who is paged', async () => {
  fakePagerDuty();
  const page = fakePage();
  page.serve(summary({ incidents: [incident('1')], components: [component('a', 'degraded_performance')] }));
  const { app, logged, collected } = await startTracedService({ STATUS_POLL_INTERVAL_SECONDS: '60' });
  await vi.waitFor(() => expect(logged.of('page.changed')).toHaveLength(1));
  await app.idle();
  const { spans } = await collected();

  expect(tracesOf(spans)).toHaveLength(1);
  // One summary is one signal, whatever it lists.
  expect(chainOf(spans)).toEqual([
    'pull > fetch',
    'pull > normalize',
    'pull > transact',
    'root > pull',
    'transact > trigger pagerduty',
  ]);
  expect(spans.find(({ name }) => name === 'pull')?.attributes).toMatchObject({
    page: 'acme',
    outcome: 'good',
    fetched: 2,
  });
  expect(logged.of('page.changed')[0]).toHaveProperty('trace_id', tracesOf(spans)[0]);
  // Vendors are not told of our traces.
  expect(page.requests.map((headers) => headers.has('traceparent'))).toEqual([false]);
});

it('a pull that was asked for, and could not be made, belongs to the trace of its request', async () => {
  fakePage().serve(() => new Response('', { status: 500 }));
  const { pull, collected } = await startTracedService();
  await pull();
  const { spans } = await collected();
  expect(chainOf(spans)).toEqual([
    'POST /ingest/pull-status > pull',
    'pull > fetch',
    'root > POST /ingest/pull-status',
  ]);
  expect(spans.map(({ status }) => status.code)).toEqual([2, 2, 2]);
  expect(spans.find(({ name }) => name === 'pull')?.status.message).toBe('HTTP 500');
});

it('an error marks the stage that it broke, and the answer', async () => {
  const transact = () => Promise.reject(new StoreUnavailable('store_unavailable', 'the store is away'));
  const store = { ...createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 }), transact };
  const { postStripe, collected } = await startTracedService({}, { store });
  await postStripe(stripeEvent('evt_1'));
  const { spans } = await collected();
  const failed = spans.filter(({ status }) => status.code === 2);
  expect(failed.map(({ name, status }) => [name, status.message])).toEqual([
    ['transact', 'the store is away'],
    [post, 'answered 503'],
  ]);
});

it('a delivery that had to wait for room does not join the trace of the one that made it', async () => {
  const pagerDuty = fakePagerDuty();
  const held = Promise.withResolvers<void>();
  pagerDuty.answer = () => held.promise.then(() => accepted());
  const { postStripe, app } = await startTracedService(
    { DELIVERY_CONCURRENCY: '2', PAGERDUTY_PER_MINUTE: '0', LOG_LEVEL: 'silent' },
    { maxInMemory: 4, recoveryIntervalMs: 3_600_000 },
  );
  // More than are kept in memory.
  for (let at = 0; at < 8; at++) await postStripe(stripeEvent(`evt_${at}`, 'payout.failed', { account: `acct_${at}` }));
  held.resolve();
  await vi.waitFor(() => expect(pagerDuty.accepted).toHaveLength(8), 10_000);
  await app.idle();
  expect(new Set(pagerDuty.headers.map((headers) => headers.get('traceparent')?.split('-')[1])).size).toBe(8);
});
