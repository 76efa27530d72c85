// The parts that were chosen for us, without what we built of them: Hono on @hono/node-server with our headers, the
// stripe package's check of the signature, zod over the body, three log lines of pino for each request, and an answer.
// It decides and keeps nothing, so that no version of this service can take less than it does.
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { HttpEnv } from '../../src/http/env.ts';
import { listen } from '../../src/http/listen.ts';
import { aroundRequest } from '../../src/http/middleware/around-request.ts';
import { logRequest } from '../../src/http/middleware/log-request.ts';
import { requestId } from '../../src/http/middleware/request-id.ts';
import { setSecurityHeaders } from '../../src/http/middleware/security-headers.ts';
import { createStripeSource } from '../../src/ingest/stripe/source.ts';
import { createLog, createStdout } from '../../src/lib/log.ts';

const { STRIPE_WEBHOOK_SECRET: secret = '' } = process.env;
const stdout = createStdout();
const log = createLog('info', stdout);
const { verify } = createStripeSource([secret]);

const endOfTurn = (): Promise<void> => new Promise(setImmediate);

const app = new Hono<HttpEnv>().use(aroundRequest([requestId, setSecurityHeaders], [logRequest(log)]));
app.post('/ingest/stripe', async (c) => {
  const body = new Uint8Array(await c.req.arrayBuffer());
  const verified = verify(body, (name) => c.req.header(name), Date.now());
  if (!verified.ok) return c.json(verified, 400);
  const ids = { request_id: c.get('requestId'), event_id: randomUUID(), alert_id: null };
  log.info({ ...ids, severity: 'warning' }, 'event.stored');
  log.info({ ...ids, delivery_ids: [], reason: 'severity warning is not sent' }, 'routing.decided');
  await endOfTurn();
  return c.json({ received: true });
});

const { port } = await listen(app.fetch, { port: 0, host: '127.0.0.1' });
log.info({ port }, 'server.listening');
process.once('SIGTERM', () => {
  stdout.flush();
  process.exit(0);
});
