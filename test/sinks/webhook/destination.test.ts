import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { HttpResponse, http } from 'msw';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { webhookBodySchema } from '../../../src/sinks/webhook/body.ts';
import { createWebhook } from '../../../src/sinks/webhook/destination.ts';
import { signatures } from '../../../src/sinks/webhook/sign.ts';
import { destinationContract, requestOf } from '../../contract/destination.ts';
import { network } from '../../support/network.ts';
import { aDelivery, anAlert, aRequest, tellable } from '../../support/telling.ts';

const url = 'https://hooks.test/in/B4cKupT0ken99';
const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const older = `whsec_${Buffer.from('fedcba9876543210fedcba9876543210').toString('base64')}`;
const webhook = (address = url, secrets: readonly string[] = [secret], timeoutMs = 10_000) =>
  createWebhook(
    { name: 'backup', reachesPeople: true, fallback: null, url: address, secrets, timeoutMs },
    createHttpClient(noProxySettings),
  );

destinationContract('a webhook', {
  url,
  accept: () => new HttpResponse(null, { status: 204 }),
  odd: [],
  hasSecretPath: true,
  create: ({ url: address, secret: key, timeoutMs }) => webhook(address, [key], timeoutMs),
});

const sent = async (secrets: readonly string[], request = requestOf('trigger')) => {
  const requests: Request[] = [];
  network.use(
    http.post(url, ({ request: each }) => {
      requests.push(each.clone());
      return new HttpResponse(null, { status: 200 });
    }),
  );
  await webhook(url, secrets).send(request);
  const [first] = requests;
  if (!first) throw new Error('nothing was sent');
  return { text: await first.text(), headers: Object.fromEntries(first.headers) };
};

it.each([
  ['the one secret', [secret], secret],
  ['the new one of two', [secret, older], secret],
  ['the old one of two', [secret, older], older],
  ['a secret without its prefix', [secret.slice(6)], secret],
])('the library of Standard Webhooks verifies it with %s', async (_, secrets, key) => {
  const { text, headers } = await sent(secrets);
  expect(new Webhook(key).verify(text, headers)).toMatchObject({ action: 'trigger', destination: 'pager' });
});

it.each([
  ['without its padding', 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY', '0123456789abcdef0123456'],
  ['in the alphabet of URLs', '-_-_-_-_-_-_', '\u00fb\u00ff\u00bf'.repeat(3)],
])('a secret with its prefix is base64 also %s', async (_, text, key) => {
  const { text: body, headers } = await sent([`whsec_${text}`]);
  const raw = Buffer.from(key, 'latin1').toString('base64');
  expect(new Webhook(raw).verify(body, headers)).toMatchObject({ action: 'trigger' });
});

it.each(['whsec_x', 'whsec_!'])('%s, which is no base64, never signs with an empty key', async (key) => {
  const { text, headers } = await sent([key]);
  expect(new Webhook(key.slice(6), { format: 'raw' }).verify(text, headers)).toMatchObject({ action: 'trigger' });
});

it('a secret that is no base64 signs as it is', async () => {
  const { text, headers } = await sent(['a secret of my own!']);
  expect(new Webhook('a secret of my own!', { format: 'raw' }).verify(text, headers)).toMatchObject({
    action: 'trigger',
  });
});

it('the library does not verify it with another secret, nor after a change', async () => {
  const { text, headers } = await sent([secret]);
  expect(() => new Webhook(older).verify(text, headers)).toThrow();
  expect(() => new Webhook(secret).verify(text.replace('trigger', 'resolve'), headers)).toThrow();
});

it('its id is the delivery’s, in each attempt', async () => {
  const request = requestOf('trigger');
  const [first, second] = [await sent([secret], request), await sent([secret], request)];
  expect(first.headers['webhook-id']).toBe(request.delivery.id);
  expect(second.headers['webhook-id']).toBe(request.delivery.id);
});

it('the signature is the one of the specification’s own example', () => {
  const body = '{"test": 2432232314}';
  expect(signatures(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, body)).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

it('the body has the action, the alert, the event with its raw and facts, and the links', async () => {
  const about = tellable({ raw: { id: 'evt_1', big: true } }, { amount: 5, url: 'https://dashboard.stripe.com/x' });
  const request = aRequest({ about, publicUrl: 'https://ops.test' });
  const { text } = await sent([secret], request);
  expect(JSON.parse(text)).toMatchObject({
    action: 'trigger',
    destination: 'pager',
    alert: { alert_id: 'evt_1', state: 'open', severity: 'critical', events: [{ event_id: 'evt_1' }] },
    event: { event_id: 'evt_1', raw: { id: 'evt_1', big: true }, facts: { amount: 5 }, alert_id: 'evt_1' },
    links: [
      { href: 'https://dashboard.stripe.com/x', text: 'Stripe dashboard' },
      { href: 'https://ops.test/alerts/evt_1', text: 'Alert in vendor-signals' },
    ],
  });
});

it('a fallback says for which destination it stands in', async () => {
  const failed = aDelivery({ destination: 'oncall', target: 'other', status: 'failed' });
  const delivery = aDelivery({ reason: 'fallback' });
  const { text } = await sent([secret], aRequest({ delivery, alert: anAlert({ deliveries: [failed, delivery] }) }));
  expect(JSON.parse(text).why).toBe('Sent here because the destination "oncall" did not accept it.');
  expect(JSON.parse((await sent([secret])).text).why).toBeNull();
});

it('the end is about the alert alone', async () => {
  const delivery = aDelivery({ action: 'resolve' });
  const alert = anAlert({ state: 'resolved', resolved_at: '2026-03-01T13:00:00.000Z', deliveries: [delivery] });
  const { text } = await sent([secret], aRequest({ delivery, alert }));
  expect(JSON.parse(text)).toMatchObject({ action: 'resolve', alert: { state: 'resolved' }, event: null });
});

const schemaFile = new URL('../../../docs/webhook.schema.json', import.meta.url);
const documented = { $id: 'vendor-signals:webhook:1', ...z.toJSONSchema(webhookBodySchema, { io: 'input' }) };

it('docs/webhook.schema.json is the schema of the body, and takes each action', async () => {
  const schema: unknown = JSON.parse(readFileSync(schemaFile, 'utf8'));
  expect(schema).toEqual(JSON.parse(JSON.stringify(documented)));
  const ajv = new Ajv({ strict: false });
  addFormats(ajv);
  const validate = ajv.compile(documented);
  for (const action of ['trigger', 'update', 'resolve'] as const) {
    const { text } = await sent([secret], requestOf(action));
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
  }
});
