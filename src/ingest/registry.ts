// The vendors that we take signals from. A new webhook vendor is a folder beside this file and a line here.
import { fileURLToPath } from 'node:url';
import type { Config } from '../config/env.ts';
import type { Log } from '../lib/log.ts';
import type { Normalizer } from '../pipeline/topics.ts';
import { createFileReader, createHttpReader, type SummaryReader } from './polling/fetch.ts';
import { createStatuspageNormalizer } from './statuspage/normalize.ts';
import { createStripeSource } from './stripe/source.ts';
import type { WebhookSource } from './webhook.ts';

export const createWebhookSources = ({ stripe }: Pick<Config, 'stripe'>): readonly WebhookSource[] => [
  createStripeSource(stripe.webhookSecrets),
];

export const createNormalizers = (webhooks: readonly WebhookSource[], log: Log): ReadonlyMap<string, Normalizer> =>
  new Map([
    ...webhooks.map(({ vendor, normalize }) => [vendor, normalize] as const),
    ['statuspage', createStatuspageNormalizer(log)],
  ]);

const fixtureOf = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/statuspage/${name}_summary.json`, import.meta.url));

export interface PageReaders {
  readonly readers: readonly { readonly name: string; readonly read: SummaryReader }[];
  /** Pages without a URL whose fixture must not stand in for them, because somebody would be woken by it. */
  readonly skipped: readonly string[];
}

export const createPageReaders = ({ status, pagerduty }: Pick<Config, 'status' | 'pagerduty'>): PageReaders => {
  const usesFixtures = pagerduty.routingKey === null;
  const limits = { timeoutMs: status.fetchTimeoutMs, maxBodyBytes: status.maxBodyBytes };
  const readable = status.pages.filter(({ url }) => url !== null || usesFixtures);
  return {
    readers: readable.map(({ name, url }) => ({
      name,
      read: url === null ? createFileReader(fixtureOf(name)) : createHttpReader(url, limits),
    })),
    skipped: status.pages.filter((page) => !readable.includes(page)).map(({ name }) => name),
  };
};
