import { expect, it } from 'vitest';
import { readConfig } from '../src/config/env.ts';
import { defaultPollSeconds } from '../src/ingest/polling/config.ts';
import type { Page } from '../src/ingest/polling/page.ts';
import { nothingKnown } from '../src/ingest/polling/page-state.ts';
import { createHttpClient, noProxySettings } from '../src/lib/http-client.ts';
import { createSetup, type PageSource } from '../src/setup.ts';
import { createWebhook } from '../src/sinks/webhook/destination.ts';
import { collectLog } from './support/log.ts';
import { rulesOf } from './support/rules.ts';

const destination = 'destinations: { oncall: { type: pagerduty, routing_key: 0123456789abcdef0123456789abcdef } }';
const withPage = rulesOf(`version: 1
status_pages: { github: https://www.githubstatus.com }
${destination}`);
const withoutPage = rulesOf(`version: 1\n${destination}`);

const setUp = (env: Readonly<Record<string, string>> = {}) => {
  const opened: PageSource[] = [];
  const setup = createSetup({
    config: readConfig({ STRIPE_WEBHOOK_SECRET: 'whsec_x', ...env }),
    destinationsOf: () => [],
    openPage(source) {
      opened.push(source);
      return undefined;
    },
    silences: () => [],
    isOutdated: () => false,
    log: collectLog().log,
  });
  return { setup, opened };
};

it('reads status pages from the moment that the rules give one an address', () => {
  const { setup, opened } = setUp();
  expect(setup.pollIntervalSeconds()).toBe(0);
  setup.apply(withPage);
  expect(setup.pollIntervalSeconds()).toBe(defaultPollSeconds);
  expect(opened).toContainEqual({ name: 'github', url: expect.stringContaining('https://www.githubstatus.com') });
  setup.apply(withoutPage);
  expect(setup.pollIntervalSeconds()).toBe(0);
});

it('two destinations of one place are a warning, for that is told of an end once', () => {
  const logged = collectLog();
  const to = (name: string, url: string) =>
    createWebhook(
      { name, reachesPeople: true, fallback: null, url, secrets: ['whsec_x'], timeoutMs: 1000 },
      createHttpClient(noProxySettings),
    );
  const setup = createSetup({
    config: readConfig({ STRIPE_WEBHOOK_SECRET: 'whsec_x' }),
    destinationsOf: () => [to('a', 'https://x.test/1'), to('b', 'https://x.test/2'), to('c', 'https://x.test/1')],
    openPage: () => undefined,
    silences: () => [],
    isOutdated: () => false,
    log: logged.log,
  });
  setup.apply(withoutPage);
  expect(logged.of('destinations.same_place')).toMatchObject([{ level: 'warn', destinations: ['a', 'c'] }]);
});

it('reads status pages as often as the environment says, whatever the rules name', () => {
  const { setup } = setUp({ STATUS_POLL_INTERVAL_SECONDS: '0' });
  setup.apply(withPage);
  expect(setup.pollIntervalSeconds()).toBe(0);
});

const openedPage = (name: string): Page => ({
  name,
  source: `${name}_status`,
  pull: () => Promise.reject(new Error('nobody reads it')),
  reportBlind: () => Promise.resolve(),
  memory: () => Promise.resolve(nothingKnown),
  state: () => Promise.resolve(nothingKnown),
});

it('a status page that the rules no longer name is let go, and opened anew when they name it again', () => {
  const opened: string[] = [];
  const setup = createSetup({
    config: readConfig({ STRIPE_WEBHOOK_SECRET: 'whsec_x', STATUS_PAGES: 'kept=https://status.kept.test' }),
    destinationsOf: () => [],
    openPage({ name }) {
      opened.push(name);
      return openedPage(name);
    },
    silences: () => [],
    isOutdated: () => false,
    log: collectLog().log,
  });
  for (const rules of [withPage, withPage, withoutPage, withPage]) setup.apply(rules);
  expect(opened.filter((name) => name === 'github')).toHaveLength(2);
  expect(opened.filter((name) => name === 'kept')).toHaveLength(1);
});
