// npm run send -- FILE [--url URL]: signs a Stripe payload as Stripe does, and posts it to the service.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { signatureHeader } from './sign.ts';

const fail = (message: string): never => {
  console.error(message);
  process.exit(1);
};

if (existsSync('.env')) process.loadEnvFile('.env');
const { values, positionals } = parseArgs({ allowPositionals: true, options: { url: { type: 'string' } } });
const [file] = positionals;
const secret = process.env.STRIPE_WEBHOOK_SECRET?.split(',')[0]?.trim();
const url = values.url ?? `http://127.0.0.1:${process.env.PORT || 3000}/ingest/stripe`;

if (!file) fail('usage: npm run send -- FILE [--url URL]');
else if (!secret) fail('STRIPE_WEBHOOK_SECRET is not set: put it into .env, the same as the service has');
else {
  try {
    const body = await readFile(file, 'utf8');
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signatureHeader(body, secret, Date.now()) },
      body,
    });
    console.log(`HTTP ${response.status} ${await response.text()}`);
    if (!response.ok) process.exitCode = 1;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    fail(`${error instanceof Error ? error.message : error}${cause}\nIs the service listening at ${url}?`);
  }
}
