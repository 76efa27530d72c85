// Reads each status page once, as the service would, and looks for the components that the rules use.
import packageJson from '../../../package.json' with { type: 'json' };
import type { Config } from '../../config/env.ts';
import type { Rules, Use } from '../../domain/rules/rules.ts';
import { createHttpReader, userAgentOf } from '../../ingest/polling/fetch.ts';
import { listsAll, unlisted } from '../../ingest/polling/what-is-missing.ts';
import { dialects } from '../../ingest/registry.ts';
import { countItems, type Summary } from '../../ingest/status-page.ts';
import { counted } from '../../lib/counted.ts';
import { errorText } from '../../lib/errors.ts';
import { plain } from '../text.ts';
import type { Finding } from './finding.ts';

export interface CheckedPage {
  readonly name: string;
  /** Null: it has no address. */
  readonly url: string | null;
  readonly uses: readonly Use[];
}

/** Those of the environment and of the rules, which win. */
export const pagesToCheck = ({ status }: Pick<Config, 'status'>, rules: Rules | null): readonly CheckedPage[] => {
  const urls = new Map(status.pages.map(({ name, url }) => [name, url]));
  for (const { name, url } of rules?.statusPages.values() ?? []) urls.set(name, url ?? urls.get(name) ?? null);
  return [...urls].map(([name, url]) => ({ name, url, uses: rules?.statusPages.get(name)?.uses ?? [] }));
};

const describe = (summary: Summary): string => {
  const { dialect, pageId, pageName, malformed } = summary;
  const left = malformed.named.map((item) => `, without ${item}`).join('');
  const items = counted(countItems(summary), 'item');
  return plain(`${dialect}, ${JSON.stringify(pageName)} (id ${pageId}), ${items}${left}`);
};

const checkPage = async ({ name, url, uses }: CheckedPage, config: Config): Promise<readonly Finding[]> => {
  const what = `status page ${name}`;
  if (url === null) return [{ result: 'skipped', what, detail: 'it has no address' }];
  const { status, proxy, publicUrl } = config;
  const userAgent = userAgentOf(packageJson.version, publicUrl);
  try {
    const summary = await createHttpReader(url, {
      ...status,
      timeoutMs: status.fetchTimeoutMs,
      proxy,
      userAgent,
      dialects,
    })();
    const missing = (listsAll(summary) ? unlisted(uses, summary) : []).map(
      (use): Finding => ({
        result: 'failed',
        what,
        detail: `the rules use ${JSON.stringify(use.name)}, which the status page does not list`,
      }),
    );
    return [{ result: 'ok', what, detail: describe(summary) }, ...missing];
  } catch (error) {
    return [{ result: 'failed', what, detail: plain(errorText(error)) }];
  }
};

export const checkPages = async (pages: readonly CheckedPage[], config: Config): Promise<readonly Finding[]> =>
  (await Promise.all(pages.map((page) => checkPage(page, config)))).flat();
