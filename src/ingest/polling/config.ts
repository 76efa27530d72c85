import * as z from 'zod';
import { definePart, optional, withDefault } from '../../config/declare.ts';
import { setOrNot, urlOrNull } from '../../config/show.ts';
import { integer, maxTimerMs, statusPages, statusPageUrl } from '../../config/values.ts';
import { publicUrl } from '../../lib/text.ts';

export interface PageConfig {
  readonly name: string;
  /** The summary's address, or the status page's root. Null: not configured, so the page's fixture stands in for it. */
  readonly url: string | null;
}

const pageUrl = (vendor: string) =>
  optional(statusPageUrl, {
    about: `The status page of ${vendor}: its \`summary.json\`, or its root. Not set: its fixture is read while no destination reaches people, and nothing otherwise.`,
    show: urlOrNull,
  });

const hookSecret = z
  .string()
  .regex(/^[\w-]{20,200}$/, 'expected 20 to 200 letters, digits, "-" or "_", for it is part of a path');

export const defaultPollSeconds = 60;

/**
 * How often status pages are read, in seconds; 0 for never.
 * @param given null where the environment does not say: then it depends on whether a status page has an address
 */
export const pollSecondsOf = (given: number | null, pages: readonly Pick<PageConfig, 'url'>[]): number =>
  given ?? (pages.some(({ url }) => url !== null) ? defaultPollSeconds : 0);

export const statusConfig = definePart({
  title: 'Status pages',
  prefixes: ['STATUS_', 'SPREEDLY_', 'BRAZE_'],
  variables: {
    SPREEDLY_STATUS_SUMMARY_URL: pageUrl('Spreedly'),
    BRAZE_STATUS_SUMMARY_URL: pageUrl('Braze'),
    STATUS_PAGES: withDefault(statusPages, '', {
      about:
        "Any number of further status pages, as `name=url` pairs separated by commas: `github=https://www.githubstatus.com/api/v2/summary.json`. A status page's root will do, but of Status.io only its public API, `https://api.status.io/1.0/status/…`, and of Salesforce `https://api.status.salesforce.com/v1/instances/KEY/status` or `…/v1/products/KEY`.",
      show: (pages) => pages.map(([name, url]) => `${name}=${publicUrl(url)}`),
    }),
    STATUS_HOOK_SECRET: optional(hookSecret, {
      about:
        'The last part of the path `/hooks/status/…`, to which a status page may post when it changes; all status pages are then read at once. 20 characters or more.',
      show: setOrNot,
    }),
    STATUS_POLL_INTERVAL_SECONDS: optional(integer(0, 86_400), {
      about: 'How often status pages are read; `0` turns it off.',
      defaultInWords: '60 when at least one address is set, else 0',
    }),
    STATUS_STALE_AFTER_SECONDS: withDefault(integer(1), '900', {
      about: 'A status page that could not be read for this long raises a warning event of its own.',
    }),
    STATUS_FETCH_TIMEOUT_MS: withDefault(integer(1, maxTimerMs), '10000', { about: 'How long one fetch may take.' }),
    STATUS_MAX_BODY_BYTES: withDefault(integer(1), '16777216', {
      about: 'How large a summary may be, after decompression.',
    }),
  },
  warnings({ STATUS_POLL_INTERVAL_SECONDS: interval = 0, STATUS_STALE_AFTER_SECONDS: staleAfter }) {
    return interval < staleAfter
      ? []
      : [
          `STATUS_STALE_AFTER_SECONDS (${staleAfter}) is not longer than STATUS_POLL_INTERVAL_SECONDS (${interval}): one failed reading makes a status page blind, and the heartbeat fails between two readings`,
        ];
  },
  read(env) {
    const pages: readonly PageConfig[] = [
      { name: 'spreedly', url: env.SPREEDLY_STATUS_SUMMARY_URL ?? null },
      { name: 'braze', url: env.BRAZE_STATUS_SUMMARY_URL ?? null },
      ...env.STATUS_PAGES.map(([name, url]) => ({ name, url })),
    ];
    return {
      pages,
      hookSecret: env.STATUS_HOOK_SECRET ?? null,
      /** Null: not given; see `pollSecondsOf`. */
      pollIntervalSeconds: env.STATUS_POLL_INTERVAL_SECONDS ?? null,
      staleAfterSeconds: env.STATUS_STALE_AFTER_SECONDS,
      fetchTimeoutMs: env.STATUS_FETCH_TIMEOUT_MS,
      maxBodyBytes: env.STATUS_MAX_BODY_BYTES,
    };
  },
  effective: ({ pollIntervalSeconds: given, pages }) => ({
    STATUS_POLL_INTERVAL_SECONDS: pollSecondsOf(given, pages),
  }),
});
