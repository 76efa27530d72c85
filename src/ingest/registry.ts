// The vendors that we take signals from. A webhook vendor, or a dialect of status pages, is a folder beside this file and
// a line here.
import { fileURLToPath } from 'node:url';
import type { Given } from '../config/declare.ts';
import type { Observation } from '../domain/observation.ts';
import type { Log } from '../lib/log.ts';
import type { Normalizer } from '../pipeline/topics.ts';
import { aws } from './aws/dialect.ts';
import { betterstack } from './betterstack/dialect.ts';
import { google } from './google/dialect.ts';
import { instatus } from './instatus/dialect.ts';
import { createFileReader, createHttpReader, type ReaderOptions, type SummaryReader } from './polling/fetch.ts';
import { createHistoryReader, type HistoryReader } from './polling/history.ts';
import { createStatusPageNormalizer } from './polling/normalize.ts';
import { statusPageVendor } from './polling/payload.ts';
import { salesforce } from './salesforce/dialect.ts';
import type { StatusPageDialect } from './status-page.ts';
import { statusio } from './statusio/dialect.ts';
import { statuspage } from './statuspage/dialect.ts';
import { stripe } from './stripe/vendor.ts';
import type { WebhookSource, WebhookVendor } from './webhook.ts';

export const webhookVendors: readonly WebhookVendor[] = [stripe];

/** In the order in which an address is tried. */
export const dialects: readonly StatusPageDialect[] = [
  statuspage,
  instatus,
  betterstack,
  google,
  aws,
  statusio,
  salesforce,
];

/** @param given the vendors' variables, which were found to be usable */
export const createWebhookSources = ({ webhooks }: { readonly webhooks: Given }): readonly WebhookSource[] =>
  webhookVendors.map(({ create }) => create(webhooks));

const prefixed = (vendor: string, observation: Observation): Observation =>
  observation.type === 'sighting'
    ? { ...observation, event: { ...observation.event, event_id: `${vendor}:${observation.event.event_id}` } }
    : { ...observation, eventId: `${vendor}:${observation.eventId}` };

const normalizerOf = ({ vendor, normalize, bareEventIds }: WebhookSource): Normalizer =>
  bareEventIds
    ? normalize
    : (signal, severityOf) => normalize(signal, severityOf).map((observation) => prefixed(vendor, observation));

/** What reads a status page's past; undefined for one that is a fixture. */
export const openHistoryReader = (
  { url }: { readonly url: string | null },
  options: Omit<PageReaderOptions, 'usesFixtures'>,
): HistoryReader | undefined => (url === null ? undefined : createHistoryReader(url, { ...options, dialects }));

/** By the vendor that a signal names. */
export const createNormalizers = (webhooks: readonly WebhookSource[], log: Log): ReadonlyMap<string, Normalizer> =>
  new Map([
    ...webhooks.map((webhook) => [webhook.vendor, normalizerOf(webhook)] as const),
    [statusPageVendor, createStatusPageNormalizer(log)],
  ]);

const fixtureOf = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/statuspage/${name}_summary.json`, import.meta.url));

export interface PageReaderOptions extends Pick<ReaderOptions, 'timeoutMs' | 'maxBodyBytes' | 'proxy' | 'userAgent'> {
  /** Whether a fixture may stand in for a status page without a URL: no destination reaches people. */
  readonly usesFixtures: boolean;
}

/**
 * What reads one status page. Undefined for one without a URL whose fixture must not stand in for it, because somebody
 * would be woken by it.
 */
export const openPageReader = (
  { name, url }: { readonly name: string; readonly url: string | null },
  { usesFixtures, ...options }: PageReaderOptions,
): SummaryReader | undefined => {
  if (url !== null) return createHttpReader(url, { ...options, dialects });
  return usesFixtures ? createFileReader(fixtureOf(name), dialects) : undefined;
};
