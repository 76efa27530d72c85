// A whole service in this process that listens on the loopback, for what asks it from outside.
import { onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/env.ts';
import { listen } from '../../src/http/listen.ts';
import { createClock } from './clock.ts';
import { collectLog } from './log.ts';
import { webhookSecret } from './stripe.ts';

/** Its mock is told, and its status pages are read, over real HTTP. It is stopped after the test. */
export const startRunning = async (env: Readonly<Record<string, string>> = {}) => {
  const clock = createClock();
  const config = readConfig({ STRIPE_WEBHOOK_SECRET: webhookSecret, HOST: '127.0.0.1', PORT: '0', ...env });
  const app = createApp(config, { log: collectLog().log, now: clock.now, random: () => 0.5 });
  const listener = await listen(app.fetch, config);
  await app.start(listener.url);
  onTestFinished(async () => {
    await listener.close();
    await app.stop();
  });
  return { url: listener.url, clock, app };
};
