import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { type ApiOptions, startApi } from '../../support/api.ts';
import { signed, stripeEvent, webhookSecret } from '../../support/stripe.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const payout = JSON.stringify(stripeEvent('evt_1'));

const ask = async (init: RequestInit, options: ApiOptions = {}) => {
  const service = startApi(options);
  const response = await service.request('/ingest/stripe', { method: 'POST', ...init });
  return { service, response, text: await response.text() };
};

it('a new event is received, and one seen before is deduped, in exactly these bytes', async () => {
  const { service, response, text } = await ask(signed(payout, nowMs));
  expect(response.status).toBe(200);
  expect(text).toBe('{"received":true}');
  const again = await service.request('/ingest/stripe', signed(payout, nowMs));
  expect(again.status).toBe(200);
  expect(await again.text()).toBe('{"received":true,"deduped":true}');
});

it.each([
  ['300 seconds old', nowMs - 300_000],
  ['an hour ahead of our clock', nowMs + 3_600_000],
])('a signature that is %s is taken', async (_, atMs) => {
  expect((await ask(signed(payout, atMs))).response.status).toBe(200);
});

it.each(['whsec_old', 'whsec_new'])('a signature by %s is taken while both secrets are configured', async (secret) => {
  const { response } = await ask(signed(payout, nowMs, secret), { webhookSecrets: ['whsec_old', 'whsec_new'] });
  expect(response.status).toBe(200);
});

const header = (value: string): RequestInit => ({ body: payout, headers: { 'stripe-signature': value } });
const goodHeader = new Headers(signed(payout, nowMs).headers).get('stripe-signature') ?? '';
const missing = 'the Stripe-Signature header is missing';
const malformed = 'the Stripe-Signature header is malformed: expected t=<unix seconds>,v1=<signature>';
const wrong =
  'no signature in the Stripe-Signature header matches the body: check the signing secret, and that nothing on the way rewrites the body';

it.each([
  ['no signature', { body: payout }, missing],
  ['an empty signature', header(''), missing],
  ['a signature of no known form', header('hello'), malformed],
  ['a signature without a time', header('v1=abc'), malformed],
  ['a signature without a signature', header('t=1772366400'), malformed],
  ['a time that is none', header('t=soon,v1=abc'), malformed],
  [
    'a signature 301 seconds old',
    signed(payout, nowMs - 301_000),
    "the Stripe-Signature is older than 300 seconds: 301 by this machine's clock, which may be ahead",
  ],
  ['a wrong signature', header(`t=${nowMs / 1000},v1=${'0'.repeat(64)}`), wrong],
  ['a signature by another secret', signed(payout, nowMs, 'whsec_other'), wrong],
  ['a signature of another body', { ...header(goodHeader), body: payout.replace('evt_1', 'evt_2') }, wrong],
  ['a signature of the body before white space was added', { ...header(goodHeader), body: `${payout}\n` }, wrong],
  ['a signature of a scheme that is not in use', header(goodHeader.replace('v1=', 'v0=')), malformed],
  ['an empty body', { ...header(goodHeader), body: '' }, 'the body is empty'],
  ['a body that is not UTF-8', { ...header(goodHeader), body: new Uint8Array([0xff]) }, 'the body is not valid UTF-8'],
  ['a signed body that is not JSON', signed('{"id":', nowMs), 'the signature is right, but the body is not JSON'],
])('%s is answered 400, is logged, and stores nothing', async (_, init, detail) => {
  const { service, response, text } = await ask(init);
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(JSON.parse(text)).toEqual({
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail,
    request_id: response.headers.get('x-request-id'),
  });
  expect(service.logged.of('signal.refused')).toMatchObject([{ level: 'warn', vendor: 'stripe', detail }]);
  expect(await service.events()).toEqual([]);
  const logs = service.logged.text();
  for (const secret of [webhookSecret, goodHeader.split('v1=')[1], 'obj_evt_1']) expect(logs).not.toContain(secret);
});

it.each([
  ['without an id', { id: undefined }, 'id'],
  ['with an empty id', { id: '' }, 'id'],
  ['without a type', { type: undefined }, 'type'],
  ['without a time', { created: undefined }, 'created'],
  ['with a time before 1970', { created: -1 }, 'created'],
  ['with a time in milliseconds', { created: 1_767_225_600_000 }, 'created'],
  ['with a time of another kind', { created: '2026-01-01T00:00:00Z' }, 'created'],
])('a signed body %s is not a Stripe event', async (_, more, path) => {
  const { service, response, text } = await ask(signed({ ...stripeEvent('evt_1'), ...more }, nowMs));
  expect(response.status).toBe(400);
  expect(JSON.parse(text)).toMatchObject({
    detail: 'the signature is right, but the body is not a Stripe event',
    errors: [{ path, message: expect.any(String) }],
  });
  expect(await service.events()).toEqual([]);
});

it.each(['null', '[]', '7', '"evt_1"'])('a signed %s is not a Stripe event', async (body) => {
  expect((await ask(signed(body, nowMs))).response.status).toBe(400);
});

it.each([
  ['is away', new StoreUnavailable('store_unavailable', 'the disk is gone'), 'the disk is gone'],
  ['is full', new StoreUnavailable('store_full', 'no room'), 'no room'],
  ['breaks in another way', new Error('SQLITE_IOERR'), 'SQLITE_IOERR'],
])('a store that %s is answered 503, so that Stripe sends the event again', async (_, error, detail) => {
  const { service, response, text } = await ask(signed(payout, nowMs), {
    store: { transact: () => Promise.reject(error) },
  });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
  expect(JSON.parse(text)).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    detail: `the event store cannot do this now: ${detail}`,
    request_id: response.headers.get('x-request-id'),
  });
  expect(service.logged.of('event.not_stored')).toMatchObject([{ level: 'error', event_id: 'evt_1', error: detail }]);
});

it('an event that is stored and routed is answered 200 before anybody is told', async () => {
  const { service, response } = await ask(signed(payout, nowMs));
  expect(response.status).toBe(200);
  expect(await service.event('evt_1')).toMatchObject({ routed: true, alert_id: 'evt_1' });
});

it('what is stored is the text as it came', async () => {
  const body =
    '{ "id": "evt_1",\n "type": "a.b", "created": 1772366400, "data": {"object": {"n": 1.0}}, "object":"event" }';
  const { service } = await ask(signed(body, nowMs));
  expect(await service.store.readRaw('evt_1')).toBe(body);
});
