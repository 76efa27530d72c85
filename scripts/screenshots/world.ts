// A service with vendors and destinations of its own on this machine, and a clock that is ours: ninety days pass in seconds.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { signatureHeader } from '../../src/cli/sign.ts';
import { readConfig } from '../../src/config/env.ts';
import { listen } from '../../src/http/listen.ts';
import { createLog } from '../../src/lib/log.ts';

export const vendors = ['braze', 'github', 'spreedly', 'stripe', 'twilio'] as const;
export type VendorName = (typeof vendors)[number];

/** What a vendor's status page lists. */
export interface Listed {
  readonly incidents: readonly Readonly<Record<string, unknown>>[];
  readonly components: readonly Readonly<Record<string, unknown>>[];
}

const secret = 'whsec_of_the_screenshots';
const minuteMs = 60_000;

const rulesOf = (url: string): string => `version: 1
timezone: Europe/Berlin
status_pages:
${vendors.map((name) => `  ${name}: { url: ${url}/${name}/api/v2/summary.json${name === 'stripe' ? ', payments: true' : ''} }`).join('\n')}
destinations:
  oncall: { type: pagerduty, routing_key: R0123456789abcdef0123456789ABCDE, events_url: ${url}/pagerduty }
  vendors: { type: webhook, url: ${url}/chat, secret: whsec_c2VjcmV0LW9mLXRoZS1waWN0dXJlcw== }
rates:
  - { name: declines, when: { type: "payment_intent.*" }, over: 15m, above: 20%, at_least: 20, is: critical }
routes:
  - { name: critical wakes somebody, when: { severity: critical }, send: [oncall, vendors] }
  - { name: a warning has to last, when: { severity: warning, kind: [incident, status] }, hold: 5m, send: [vendors] }
  - { name: payments that failed, when: { severity: warning, kind: payment, type: "!payment_intent.*" }, send: [vendors], resolve_after: 24h }
`;

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

export const startWorld = async () => {
  const listed = new Map<string, Listed>(vendors.map((name) => [name, { incidents: [], components: [] }]));
  const real = Date.now();
  let nowMs = real - 90 * 24 * 60 * minuteMs;
  let pagerDutyStatus = 202;
  let isSilent = false;
  const outside = createServer((request, response) => {
    const [, place = ''] = (request.url ?? '').split('/');
    const page = listed.get(place);
    if (isSilent && page) response.writeHead(503).end();
    else if (page)
      json(response, 200, { page: { id: place, name: place, updated_at: new Date(nowMs).toISOString() }, ...page });
    else if (place === 'pagerduty') json(response, pagerDutyStatus, { status: 'answer', dedup_key: 'key' });
    else response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const address = outside.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), 'screenshots-'));
  const file = join(folder, 'vendor-signals.yaml');
  await writeFile(file, rulesOf(`http://127.0.0.1:${address.port}`));
  const config = readConfig({
    STRIPE_WEBHOOK_SECRET: secret,
    CONFIG_FILE: file,
    HOST: '127.0.0.1',
    PORT: '0',
    STATUS_POLL_INTERVAL_SECONDS: '0',
    EVENT_RETENTION_DAYS: '365',
    PAGERDUTY_PER_MINUTE: '0',
  });
  const app = createApp(config, { log: createLog('silent'), now: () => nowMs, recoveryIntervalMs: 0 });
  const listener = await listen(app.fetch, config);
  await app.start(listener.url);

  const settle = async () => {
    await app.idle();
    await app.tick();
  };
  return {
    url: listener.url,
    settle,
    minutesAgo: (minutes: number) => new Date(nowMs - minutes * minuteMs).toISOString(),
    /** Goes to a moment, so many minutes before the real now. */
    at(minutesBeforeNow: number) {
      nowMs = real - minutesBeforeNow * minuteMs;
    },
    /** From now on its clock is the real one. */
    async goLive() {
      nowMs = Date.now();
      const timer = setInterval(() => {
        nowMs = Date.now();
      }, 250);
      timer.unref();
      await fetch(`${listener.url}/ingest/pull-status`, { method: 'POST' });
      await settle();
    },
    async list(vendor: VendorName, what: Partial<Listed>) {
      listed.set(vendor, { incidents: [], components: [], ...what });
      await fetch(`${listener.url}/ingest/pull-status`, { method: 'POST' });
      await settle();
    },
    async stripe(id: string, type: string, object: Readonly<Record<string, unknown>>) {
      const body = JSON.stringify({
        id,
        object: 'event',
        type,
        livemode: true,
        created: Math.floor(nowMs / 1000),
        data: { object },
      });
      const headers = { 'stripe-signature': signatureHeader(body, secret, nowMs) };
      await fetch(`${listener.url}/ingest/stripe`, { method: 'POST', body, headers });
    },
    /** What PagerDuty answers from now on. */
    answerPagerDuty(status: number) {
      pagerDutyStatus = status;
    },
    /** Whether status pages can be read. */
    setSilent(silent: boolean) {
      isSilent = silent;
    },
    async stop() {
      await listener.close();
      await app.stop();
      outside.close();
      outside.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
};

export type World = Awaited<ReturnType<typeof startWorld>>;
