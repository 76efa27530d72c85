// A whole service in this process, with a configuration of its own: no .env of yours is read, and nobody can be woken.
import { readFile } from 'node:fs/promises';
import { createApp } from '../../app.ts';
import { readConfig } from '../../config/env.ts';
import { listen } from '../../http/listen.ts';
import { createLog } from '../../lib/log.ts';
import { signatureHeader } from '../sign.ts';

export const demoSecret = 'whsec_demo';

export interface DemoService {
  readonly url: string;
  ask(method: 'GET' | 'POST', path: string, init?: RequestInit): Promise<unknown>;
  /** Signs and posts one of the Stripe fixtures. */
  postFixture(name: string, nowMs: number): Promise<unknown>;
  /** Resolves when everything has been told that is to be told. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

export const startDemoService = async (): Promise<DemoService> => {
  const config = readConfig({ STRIPE_WEBHOOK_SECRET: demoSecret, HOST: '127.0.0.1', PORT: '0' });
  const app = createApp(config, { log: createLog('silent') });
  const listener = await listen(app.fetch, config);
  await app.start(listener.url);
  const ask: DemoService['ask'] = async (method, path, init = {}) =>
    JSON.parse(await (await fetch(`${listener.url}${path}`, { method, ...init })).text());
  return {
    url: listener.url,
    ask,
    async postFixture(name, nowMs) {
      const body = await readFile(new URL(`../../../fixtures/stripe/${name}.json`, import.meta.url), 'utf8');
      const headers = { 'stripe-signature': signatureHeader(body, demoSecret, nowMs) };
      return ask('POST', '/ingest/stripe', { body, headers });
    },
    idle: app.idle,
    async stop() {
      await listener.close();
      await app.stop();
    },
  };
};
