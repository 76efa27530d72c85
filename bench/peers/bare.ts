// A bare handler on @hono/node-server: it reads the raw body, checks the HMAC over it and parses the JSON. Alone, it is
// the ceiling for all that do the same. With DATABASE_URL it also does the first thing that comes to mind: an insert for
// each request.
import { serve } from '@hono/node-server';
import { Pool } from 'pg';
import { isSigned } from './is-signed.ts';

const { STRIPE_WEBHOOK_SECRET: secret = '', DATABASE_URL: connectionString } = process.env;

const createInsert = async (connectionString: string) => {
  const pool = new Pool({ connectionString, max: 10 });
  await pool.query('CREATE TABLE bare_events (id text PRIMARY KEY, type text NOT NULL, body text NOT NULL)');
  const sql = 'INSERT INTO bare_events VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
  return (id: string, type: string, body: string) => pool.query(sql, [id, type, body]);
};

const insert = connectionString === undefined ? undefined : await createInsert(connectionString);
const answer = JSON.stringify({ received: true });

const receive = async (request: Request): Promise<Response> => {
  const body = Buffer.from(await request.arrayBuffer());
  if (!isSigned(secret, request.headers.get('stripe-signature') ?? '', body))
    return new Response(null, { status: 400 });
  const text = body.toString();
  const { id, type }: { id: string; type: string } = JSON.parse(text);
  await insert?.(id, type, text);
  return new Response(answer, { headers: { 'content-type': 'application/json' } });
};

serve({ hostname: '127.0.0.1', port: 0, fetch: receive }, ({ port }) =>
  process.stdout.write(`${JSON.stringify({ msg: 'server.listening', port })}\n`),
);
process.once('SIGTERM', () => process.exit(0));
