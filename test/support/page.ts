// The page in a browser, as tests see it: what goes wrong in it is kept, and none of it may.
import axe, { type AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { Rules } from '../../src/domain/rules/rules.ts';
import { listen } from '../../src/http/listen.ts';
import { type Service, startService } from './service.ts';
import { signed } from './stripe.ts';

export interface OpenPage {
  readonly page: Page;
  /** Errors of the console, of scripts and of the policy. */
  readonly problems: readonly string[];
}

/** Opens an address, and waits until the page is live and shows something. */
export const openPage = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} ${message.location().url}`);
  });
  await page.goto(url);
  await page.locator('#connection.live').waitFor();
  await page.locator('main h1').first().waitFor();
  return { page, problems };
};

export interface Server extends Service {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** The whole service, on a port, with the clock of the browser. */
export const startServer = async (
  env: Readonly<Record<string, string>> = {},
  port = 0,
  rules?: Rules,
): Promise<Server> => {
  const service = await startService(env, { now: Date.now, ...(rules && { rules }) });
  const listener = await listen(service.app.fetch, { port, host: '127.0.0.1' });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    service.app.drain();
    stopped ??= listener.close().then(() => service.app.stop());
    return stopped;
  };
  onTestFinished(stop);
  return {
    ...service,
    url: listener.url,
    port: listener.port,
    stop,
    // Its clock is not the one that stands still.
    postStripe: async (payload) => JSON.parse(await (await service.request('/ingest/stripe', signed(payload))).text()),
  };
};

/** What axe finds, or what breaks one rule of it: all of them take seconds in the description of the API. */
export const violations = async (page: Page, rule?: string): Promise<readonly string[]> => {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rule !== undefined && { runOnly: [rule] }) });
  const found: AxeResults = await page.evaluate(`axe.run(document, ${options})`);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
};

/** By how much the page is wider than the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
