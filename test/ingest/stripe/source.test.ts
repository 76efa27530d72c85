import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { signatureHeader } from '../../../src/cli/sign.ts';
import { createStripeSource } from '../../../src/ingest/stripe/source.ts';
import { stripeEvent } from '../../support/stripe.ts';

const secret = 'whsec_one';
const nowMs = Date.parse('2026-03-01T12:00:00Z');
const body = JSON.stringify(stripeEvent('evt_1'));
const bytes = (text: string) => new TextEncoder().encode(text);
const sign = (text: string, { key = secret, ageSeconds = 0 } = {}) =>
  signatureHeader(text, key, nowMs - ageSeconds * 1000);

const verify = (payload: Uint8Array | string, header: string | undefined, secrets: readonly string[] = [secret]) =>
  createStripeSource(secrets).verify(
    typeof payload === 'string' ? bytes(payload) : payload,
    (name) => (name === 'stripe-signature' ? header : undefined),
    nowMs,
  );

it('takes an event that Stripe signed, and hands it on as it arrived', () => {
  expect(verify(body, sign(body))).toMatchObject({ ok: true, payload: stripeEvent('evt_1'), rawJson: body });
});

it.each([
  ['exactly 300 seconds old', sign(body, { ageSeconds: 300 })],
  ['ten minutes ahead of our clock', sign(body, { ageSeconds: -600 })],
  ['followed by one that is no signature at all', `${sign(body)},v1=potato`],
  ['preceded by one of another secret', sign(body).replace('v1=', `v1=${'0'.repeat(64)},v1=`)],
  ['accompanied by one of the older scheme v0', `${sign(body)},v0=${'0'.repeat(64)}`],
])('takes a signature that is %s', (_what, header) => {
  expect(verify(body, header)).toMatchObject({ ok: true });
});

it.each(['whsec_old', 'whsec_new'])('takes either secret while one is being rotated: %s', (key) => {
  expect(verify(body, sign(body, { key }), ['whsec_new', 'whsec_old'])).toMatchObject({ ok: true });
});

it.each([
  ['is missing', undefined, /header is missing/],
  ['is empty', '', /header is missing/],
  ['is no list of pairs', 'hello', /malformed/],
  ['has no time', sign(body).replace(/t=\d+,/, ''), /malformed/],
  ['has an empty time', sign(body).replace(/t=\d+/, 't='), /malformed/],
  ['has a time that is no number', sign(body).replace(/t=\d+/, 't=now'), /malformed/],
  ['has no signature of scheme v1', sign(body).replace('v1=', 'v0='), /malformed/],
  ['has an empty signature', 't=1772366400,v1=', /matches the body/],
  ['has spaces behind its commas, as Stripe never sends', sign(body).replace(',', ', '), /malformed/],
  ['has a signature that is no hex', 't=1772366400,v1=potato', /matches the body/],
  ['is of another secret', sign(body, { key: 'whsec_two' }), /matches the body/],
  ['is of another body', sign(`${body} `), /matches the body/],
  ['has two times, and signs the first', `${sign(body)},t=1`, /matches the body/],
  ['is ten thousand characters long', `t=1772366400,v1=${'a'.repeat(10_000)}`, /matches the body/],
  ['is 301 seconds old', sign(body, { ageSeconds: 301 }), /older than 300 seconds/],
  ['is old, and of the second of two secrets', sign(body, { ageSeconds: 400, key: 'whsec_two' }), /older than 300/],
])('refuses a request whose signature header %s', (_what, header, detail) => {
  const secrets = header && /whsec|older/.test(String(detail)) ? [secret, 'whsec_two'] : [secret];
  expect(verify(body, header, secrets)).toEqual({ ok: false, authentic: false, detail: expect.stringMatching(detail) });
});

it.each(['NaN', '1772366400x'])('refuses the time %s even where it is signed: its age would never be asked', (time) => {
  // What Stripe's package makes of the time, and looks for in front of the body.
  const v1 = createHmac('sha256', secret)
    .update(`${Number.parseInt(time, 10)}.${body}`)
    .digest('hex');
  expect(verify(body, `t=${time},v1=${v1}`)).toMatchObject({ ok: false, detail: expect.stringMatching(/malformed/) });
});

it('verifies the bytes, not what they parse to', () => {
  const spaced = JSON.stringify(stripeEvent('evt_1'), null, 2);
  expect(verify(spaced, sign(spaced))).toMatchObject({ ok: true });
  expect(verify(body, sign(spaced))).toMatchObject({ ok: false });
});

it('takes any text that UTF-8 and JSON can carry', () => {
  const text = '{"id":"evt_\\u0000\\ud800","type":"x","created":1,"data":{"object":{"id":"ü😀"}}}';
  expect(verify(text, sign(text))).toMatchObject({ ok: true, payload: { id: 'evt_\0\ud800' } });
});

it.each([
  ['empty', bytes(''), 'the body is empty'],
  ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'the body is not valid UTF-8'],
])('refuses a body that is %s before it looks at the signature', (_what, payload, detail) => {
  expect(verify(payload, sign(''))).toEqual({ ok: false, authentic: false, detail });
});

it.each([
  ['no JSON', 'hello'],
  ['JSON behind a byte order mark', `\ufeff${body}`],
])('refuses a signed body that is %s', (_what, text) => {
  expect(verify(text, sign(text))).toEqual({
    ok: false,
    authentic: true,
    detail: 'the signature is right, but the body is not JSON',
  });
});

const without = (key: string) => JSON.stringify({ ...stripeEvent('evt_1'), [key]: undefined });
const created = (value: unknown, more = {}) => JSON.stringify({ ...stripeEvent('evt_1', 'x', more), created: value });

it.each([
  ['a list', '[]', ''],
  ['null', 'null', ''],
  ['a number', '1', ''],
  ['an empty object', '{}', 'id'],
  ['without an id', without('id'), 'id'],
  ['with an empty id', without('id').replace('{', '{"id":"",'), 'id'],
  ['without a type', without('type'), 'type'],
  ['without a time', without('created'), 'created'],
  ['of a time before 1970', created(-1), 'created'],
  ['of a time that no calendar has', created(1e20), 'created'],
  ['of half a second', created(1.5), 'created'],
  ['of a time in milliseconds', created(1_767_225_600_000), 'created'],
  ['of a time in words', created('now'), 'created'],
  ['of the first API generation with an ISO time', created('2026-01-01T00:00:00Z'), 'created'],
  ['of the second API generation with unix seconds', created(1, { object: 'v2.core.event' }), 'created'],
  ['wrapped by a cloud provider', JSON.stringify({ id: '1', source: 'aws', detail: stripeEvent('evt_1') }), 'type'],
])('refuses a signed body that is no event: %s', (_what, text, path) => {
  expect(verify(text, sign(text))).toMatchObject({
    ok: false,
    authentic: true,
    detail: 'the signature is right, but the body is not a Stripe event',
    errors: expect.arrayContaining([{ path, message: expect.any(String) }]),
  });
});

it('refuses a signed event that is nested too deep to be written back', () => {
  const text = `{"id":"evt_1","type":"x","created":1,"data":${'['.repeat(5000)}${']'.repeat(5000)}}`;
  expect(verify(text, sign(text))).toMatchObject({ ok: false, detail: expect.stringContaining('200 levels deep') });
});
