import { expect, it } from 'vitest';
import { fakePagerDuty } from '../../support/pagerduty.ts';
import { startService } from '../../support/service.ts';
import { fakePage } from '../../support/status-page.ts';
import { signed, stripeEvent } from '../../support/stripe.ts';

it.each([
  ['GET', '/healthz', 200, 'info'],
  ['GET', '/nowhere', 404, 'info'],
  ['DELETE', '/events', 405, 'info'],
  ['POST', '/ai/summarize', 400, 'info'],
  ['POST', '/ingest/pull-status', 502, 'warn'],
])('%s %s is logged in one line with its %i', async (method, path, status, level) => {
  fakePage();
  const { request, logged } = await startService();
  await request(path, { method, headers: { 'x-request-id': 'req-1' } });
  expect(logged.of('request.answered')).toEqual([
    {
      level,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'vendor-signals',
      msg: 'request.answered',
      request_id: 'req-1',
      method,
      path,
      status,
      duration_ms: expect.any(Number),
    },
  ]);
});

it('the query is not logged, for it may hold a secret', async () => {
  const { request, logged } = await startService();
  await request('/events?token=q1w2e3');
  expect(logged.of('request.answered')).toMatchObject([{ path: '/events', status: 400 }]);
  expect(logged.text()).not.toContain('q1w2e3');
});

it("no header and nothing of the vendor's object is logged, whether the signal is taken or refused", async () => {
  fakePagerDuty();
  const { request, logged, clock, app } = await startService();
  const event = stripeEvent('evt_1', 'payout.failed', { note: 'the-raw-note' });
  const init = signed(event, clock.now());
  const signature = new Headers(init.headers).get('stripe-signature') ?? '';
  const headers = { 'stripe-signature': signature, authorization: 'Bearer tok_1', cookie: 'session=abc' };
  expect((await request('/ingest/stripe', { ...init, headers })).status).toBe(200);
  expect((await request('/ingest/stripe', { ...init, headers, body: '{"note":"the-raw-note"}' })).status).toBe(400);
  await app.idle();
  expect(logged.of('request.answered')).toHaveLength(2);
  expect(logged.of('event.stored')).toHaveLength(1);
  for (const secret of [signature, signature.split('v1=')[1], 'tok_1', 'session=abc', 'the-raw-note', 'whsec_'])
    expect(logged.text()).not.toContain(secret);
});

it('every line that a request caused has its request id', async () => {
  fakePagerDuty();
  const { request, logged, clock, app } = await startService();
  const init = signed(stripeEvent('evt_1'), clock.now());
  const headers = new Headers(init.headers);
  headers.set('x-request-id', 'req-1');
  await request('/ingest/stripe', { ...init, headers });
  await app.idle();
  const caused = logged.lines.filter(({ msg }) => msg !== 'server.ready');
  expect(caused.map(({ msg, request_id: id }) => `${msg} ${id}`).toSorted()).toEqual([
    'alert.opened req-1',
    'delivery.attempted req-1',
    'event.stored req-1',
    'request.answered req-1',
    'routing.decided req-1',
  ]);
});
