// The rules of a running service: those of the file where there is one, read at start and whenever it changes, else those
// of the environment. New rules are asked of every open alert.
import * as z from 'zod';
import type { Config } from './config/env.ts';
import { openRulesFile, type RulesFile } from './config/file.ts';
import type { LastGoodPort } from './config/last-good.ts';
import { readRulesText } from './config/read-rules-text.ts';
import { createRulesLoader } from './config/rules-loader.ts';
import { type RulesReport, reportWithoutFile } from './config/rules-report.ts';
import type { Rules } from './domain/rules/rules.ts';
import { builtInSeverity } from './ingest/built-in-severity.ts';
import type { Log } from './lib/log.ts';
import type { Bus } from './pipeline/bus.ts';
import { createReconsiderOpen } from './pipeline/reconsider-open.ts';
import type { Setup } from './setup.ts';
import type { EventStore } from './stores/event-store.ts';

export interface ServiceRules {
  /** Rejects with `ConfigError` when the file cannot be used and the store has no last good one. */
  start(): Promise<void>;
  /**
   * Asks the rules of all that an earlier process left open, once the silences are known: they may be others now. To be
   * called again and again: it asks once more only what the store could not tell before. Never rejects.
   */
  askOpen(): Promise<void>;
  /** Reads the file now, changed or not. */
  reload(): Promise<void>;
  report(): RulesReport;
  /** Whether another replica has taken a newer file with other rules. */
  isOutdated(): boolean;
  stop(): Promise<void>;
}

export interface ServiceRulesDeps {
  readonly config: Pick<Config, 'configFile' | 'routing' | 'status'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly store: Pick<EventStore, 'loadState' | 'saveState' | 'listAlerts' | 'listEvents'>;
  readonly setup: Pick<Setup, 'apply' | 'rules' | 'destinations' | 'pages'>;
  readonly bus: Pick<Bus, 'publish' | 'on'>;
  /** Is given work that nobody waits for. */
  readonly background: (work: Promise<void>) => void;
  readonly log: Log;
  readonly now: () => number;
}

const stateKey = 'rules:last_good';
const lastGoodSchema = z.object({ text: z.string(), hash: z.string(), at: z.string() });

const lastGoodOf = (store: ServiceRulesDeps['store']): LastGoodPort => ({
  loadLastGood: async () => lastGoodSchema.safeParse(await store.loadState(stateKey)).data ?? null,
  saveLastGood: (text, hash, at) => store.saveState(stateKey, { text, hash, at }),
});

export const createServiceRules = (deps: ServiceRulesDeps): ServiceRules => {
  const { config, env, store, setup, bus, background, log, now } = deps;
  const { configFile: path } = config;
  /** What open alerts have still to be asked: also whom they were told to, before the first time. */
  let unasked: 'all' | 'rules' | null = 'all';
  const onLost = () => {
    unasked = 'all';
  };
  const open = createReconsiderOpen({
    store,
    destinations: setup.destinations.current,
    pageSources: () => setup.pages().map(({ source }) => source),
    bus,
    onLost,
    log,
  });
  let file: RulesFile | undefined;

  let isStarted = false;

  const askOpen = async (): Promise<void> => {
    isStarted = true;
    const asked = unasked;
    unasked = null;
    const isDone =
      asked === null ||
      ((asked === 'rules' || (await open.reconsiderToldElsewhere())) && (path === null || (await open.reconsider())));
    if (!isDone && unasked !== 'all') unasked = asked;
  };

  const use = (rules: Rules): void => {
    setup.apply(rules);
    unasked ??= 'rules';
    if (isStarted) background(askOpen());
  };

  return {
    async start() {
      if (path === null) return;
      const { routeWarning } = config.routing;
      file = await openRulesFile({
        path,
        readText: () => readRulesText(path),
        load: createRulesLoader({
          path,
          env,
          routing: { routeWarning, destinations: setup.destinations.current().map(({ name }) => name) },
          pages: config.status.pages,
          builtInSeverity,
        }),
        lastGood: lastGoodOf(store),
        log,
        clock: now,
        onChange: use,
      });
      use(file.rules());
      file.watch();
    },
    askOpen,
    async reload() {
      if (file) await file.reload();
      else log.warn({ hint: 'a rules file that is added is read after a restart' }, 'rules.no_file');
    },
    report: () => file?.report() ?? reportWithoutFile(setup.rules()),
    isOutdated: () => file?.isOutdated() ?? false,
    async stop() {
      await file?.stop();
    },
  };
};
