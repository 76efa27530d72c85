// npm run demo [-- --keep]: the main job on real input, in one process, without an account, a key or a network.
// It uses a configuration of its own: no .env of yours is read, and nobody can be paged.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config/env.ts';
import { listen } from '../src/http/listen.ts';
import { createLog } from '../src/lib/log.ts';
import { signatureHeader } from './sign.ts';

const secret = 'whsec_demo';
const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });

interface DemoEvent {
  readonly event_id: string;
  readonly source: string;
  readonly severity: string;
  readonly summary: string;
  readonly seen_count: number;
  readonly delivered_to: readonly string[];
  readonly routing_reason: string;
}

const problems: string[] = [];
const expect = (what: string, actual: unknown, expected: unknown): void => {
  if (JSON.stringify(actual) === JSON.stringify(expected)) return;
  problems.push(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
};

const config = readConfig({ STRIPE_WEBHOOK_SECRET: secret, HOST: '127.0.0.1', PORT: '0' });
const app = createApp(config, { log: createLog('silent') });
const listener = await listen(app.fetch, config);
await app.start(listener.url);

const ask = async (method: string, path: string, init: RequestInit = {}) => {
  const response = await fetch(`${listener.url}${path}`, { method, ...init });
  return JSON.parse(await response.text());
};

const sendStripe = async (name: string): Promise<void> => {
  const body = await readFile(new URL(`../fixtures/stripe/${name}.json`, import.meta.url), 'utf8');
  const headers = { 'stripe-signature': signatureHeader(body, secret, Date.now()) };
  const answer = await ask('POST', '/ingest/stripe', { body, headers });
  console.log(`  POST /ingest/stripe       ${name.padEnd(15)} -> ${JSON.stringify(answer)}`);
  expect(`${name} is received`, answer.received, true);
};

const pull = async () => {
  const answer = await ask('POST', '/ingest/pull-status');
  console.log(`  POST /ingest/pull-status  -> ${JSON.stringify(answer)}`);
  return answer;
};

console.log(`\nThe service listens at ${listener.url}, keeps events in memory, and pages its own mock of PagerDuty.`);

console.log('\n1. What came in: signed Stripe webhooks (one of them twice), and two status pages (pulled twice)\n');
await sendStripe('payout_failed');
await sendStripe('payment_failed');
await sendStripe('payout_failed');
const first = await pull();
const second = await pull();
await app.idle();

console.log('\n2. What it became: one schema, each event once\n');
const { events }: { events: readonly DemoEvent[] } = await ask('GET', '/events');
for (const event of events.toReversed()) {
  console.log(`  ${event.severity.padEnd(8)} ${event.source.padEnd(15)} ${event.summary}`);
  console.log(`           seen ${event.seen_count} times, kept once as ${event.event_id}`);
}

console.log('\n3. What was paged, and why\n');
for (const event of events.toReversed()) {
  const sent = event.delivered_to.length > 0 ? `paged through ${event.delivered_to.join(', ')}` : 'not paged';
  console.log(`  ${event.summary}: ${sent}`);
  console.log(`           ${event.routing_reason}`);
}

const { received }: { received: readonly { event: DemoEvent }[] } = await ask('GET', '/destinations/pagerduty');
const duplicates = events.reduce((sum, event) => sum + event.seen_count - 1, 0);
console.log(`\n  ${events.length} events, ${received.length} pages, ${duplicates} duplicates that paged nobody.`);

const counts = { stored: 2, updated: 0, resolved: 0, duplicates: 0, routed: 1, errors: {}, skipped: [] };
expect('the first pull', first, { fetched: { spreedly: 2, braze: 1 }, ...counts });
expect('the second pull', [second.stored, second.routed, second.duplicates], [0, 0, 2]);
expect('the events', events.map((event) => event.event_id).toSorted(), [
  'braze_status:component:comp_dashboard:2024-01-15T11:00:00.000Z',
  'evt_1abc',
  'evt_2def',
  'spreedly_status:incident:inc_spreedly_1',
]);
expect('the pages', received.map(({ event }) => event.event_id).toSorted(), [
  'evt_1abc',
  'spreedly_status:incident:inc_spreedly_1',
]);

if (problems.length > 0) {
  console.error(`\nThis is not as it should be:\n  ${problems.join('\n  ')}`);
  process.exitCode = 1;
}

const base = values.keep ? listener.url : 'http://127.0.0.1:3000';
console.log(
  `\nGo on with curl${values.keep ? ' (stop with Ctrl-C)' : ', after `npm run demo -- --keep` or `npm start`'}:\n`,
);
console.log(`  curl -s ${base}/events`);
console.log(`  curl -s ${base}/events/evt_1abc`);
console.log(`  curl -s ${base}/destinations/pagerduty`);
console.log(`  curl -s -X POST ${base}/ingest/pull-status`);
if (values.keep)
  console.log(
    `  STRIPE_WEBHOOK_SECRET=${secret} npm run send -- fixtures/stripe/payout_failed.json --url ${base}/ingest/stripe`,
  );
console.log();

const stop = async (): Promise<void> => {
  await listener.close();
  await app.stop();
};
if (values.keep) {
  process.once('SIGINT', () => void stop());
  process.once('SIGTERM', () => void stop());
} else await stop();
