// The status pages that are read, the destinations, and the policy by which alerts are decided, as the environment and the
// rules set them up together. New rules replace them without a restart.
import type { Config } from './config/env.ts';
import { storeKindOf } from './config/values.ts';
import { environmentRules, type Rules } from './domain/rules/rules.ts';
import type { Silence } from './domain/rules/silences.ts';
import type { Policy } from './domain/ruling.ts';
import { pollSecondsOf } from './ingest/polling/config.ts';
import type { Page } from './ingest/polling/page.ts';
import type { Log } from './lib/log.ts';
import type { Destination } from './sinks/destination.ts';
import { createDestinations, type Destinations } from './sinks/destinations.ts';

export interface PageSource {
  readonly name: string;
  /** Null: not configured, so the status page's fixture stands in for it. */
  readonly url: string | null;
}

export interface SetupDeps {
  readonly config: Pick<Config, 'routing' | 'status' | 'store'>;
  /** The destinations that these rules name, or those of the environment. */
  readonly destinationsOf: (rules: Rules) => readonly Destination[];
  /** Undefined for a status page without an address whose fixture must not stand in for it. */
  readonly openPage: (source: PageSource, usesFixtures: boolean) => Page | undefined;
  readonly silences: () => readonly Silence[];
  /** Whether another replica has taken newer rules. */
  readonly isOutdated: () => boolean;
  readonly log: Log;
}

export interface Setup {
  rules(): Rules;
  policy(): Policy;
  readonly destinations: Destinations;
  pages(): readonly Page[];
  /** How often status pages are read; 0 for never. */
  pollIntervalSeconds(): number;
  /** Status pages that are not read, because a fixture must not wake a person. */
  skippedPages(): readonly string[];
  apply(rules: Rules): void;
}

export const createSetup = (deps: SetupDeps): Setup => {
  const { config, destinationsOf, openPage, silences, isOutdated, log } = deps;
  const { routeWarning, routeTestMode } = config.routing;
  // The names of the environment's destinations come with the first rules, which need them.
  const unnamed = environmentRules({ routeWarning, destinations: [] });
  const named = destinationsOf(unnamed).map(({ name }) => name);
  let rules = environmentRules({ routeWarning, destinations: named });
  const destinations = createDestinations(destinationsOf(rules));
  /** By name and address, so that what is unchanged goes on with what it has fetched. */
  const opened = new Map<string, Page>();

  const sourcesOf = ({ statusPages }: Rules): readonly PageSource[] => {
    const sources = new Map(config.status.pages.map((source) => [source.name, source]));
    for (const { name, url } of statusPages.values()) if (url !== null) sources.set(name, { name, url });
    return [...sources.values()];
  };

  const readPages = () => {
    const usesFixtures = !destinations.current().some(({ reachesPeople }) => reachesPeople);
    const pages: Page[] = [];
    const skipped: string[] = [];
    const used = new Set<string>();
    for (const source of sourcesOf(rules)) {
      const key = JSON.stringify([source.name, source.url, source.url === null && usesFixtures]);
      const page = opened.get(key) ?? openPage(source, usesFixtures);
      if (page) {
        opened.set(key, page);
        pages.push(page);
        used.add(key);
      } else skipped.push(source.name);
    }
    for (const key of opened.keys()) if (!used.has(key)) opened.delete(key);
    return { pages, skipped };
  };

  let read = readPages();

  return {
    rules: () => rules,
    policy: () => ({
      rules,
      silences: silences(),
      isOutdated: isOutdated(),
      destinations: destinations.current(),
      routeTestMode,
      routeWarning,
      forgetsOnRestart: storeKindOf(config.store.url) === 'memory',
    }),
    destinations,
    pages: () => read.pages,
    pollIntervalSeconds: () => pollSecondsOf(config.status.pollIntervalSeconds, sourcesOf(rules)),
    skippedPages: () => read.skipped,
    apply(next) {
      const isFirst = rules.file === null;
      rules = next;
      const dropped = destinations.replace(destinationsOf(next));
      // The first rules of a file take the place of the environment's, which nobody was told by.
      if (dropped.length > 0 && !isFirst) log.warn({ destinations: dropped }, 'destinations.dropped');
      for (const same of Map.groupBy(destinations.current(), ({ target }) => target).values())
        if (same.length > 1) log.warn({ destinations: same.map(({ name }) => name) }, 'destinations.same_place');
      read = readPages();
    },
  };
};
