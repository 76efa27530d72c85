// The least that can be done for each webhook that notifies somebody: a bare handler checks the HMAC over the raw body,
// answers, and posts to PagerDuty over node:http with connections that are kept. Nothing is stored, logged or retried.
import { Agent, request } from 'node:http';
import { serve } from '@hono/node-server';
import { enqueueRequest } from '../load/enqueue.ts';
import { isSigned } from './is-signed.ts';

const { STRIPE_WEBHOOK_SECRET: secret = '', PAGERDUTY_EVENTS_URL: pagerDuty = '' } = process.env;

const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const url = new URL(pagerDuty);
const tell = (key: string): void => {
  const body = JSON.stringify(enqueueRequest(key));
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const sent = request({ method: 'POST', agent, hostname: url.hostname, port: url.port, path: url.pathname, headers });
  sent.on('response', (response) => response.resume());
  sent.end(body);
};

const receive = async (webhook: Request): Promise<Response> => {
  const body = Buffer.from(await webhook.arrayBuffer());
  if (!isSigned(secret, webhook.headers.get('stripe-signature') ?? '', body))
    return new Response(null, { status: 400 });
  const { id }: { id: string } = JSON.parse(body.toString());
  tell(id);
  return new Response('{"received":true}', { headers: { 'content-type': 'application/json' } });
};

serve({ hostname: '127.0.0.1', port: 0, fetch: receive }, ({ port }) =>
  process.stdout.write(`${JSON.stringify({ msg: 'server.listening', port })}\n`),
);
process.once('SIGTERM', () => process.exit(0));
