// The rules of a running service: those of the file where there is one, read at start and whenever it changes, else those
// of the environment. New rules are asked of every open alert.
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Config } from './config/env.ts';
import { openRulesFile, type RulesFile } from './config/file.ts';
import type { LastGoodPort } from './config/last-good.ts';
import { readRulesText } from './config/read-rules-text.ts';
import { createRulesLoader } from './config/rules-loader.ts';
import { type RulesReport, reportWithoutFile } from './config/rules-report.ts';
import type { Observation } from './domain/observation.ts';
import type { Rules } from './domain/rules/rules.ts';
import { toldElsewhere } from './domain/told-elsewhere.ts';
import { builtInSeverity } from './ingest/built-in-severity.ts';
import { errorText } from './lib/errors.ts';
import type { Log } from './lib/log.ts';
import type { Bus } from './pipeline/bus.ts';
import type { Setup } from './setup.ts';
import type { EventStore } from './stores/event-store.ts';
import { readOpenAlerts, readOpenEvents } from './stores/walk-open.ts';

export interface ServiceRules {
  /** Rejects with `ConfigError` when the file cannot be used and the store has no last good one. */
  start(): Promise<void>;
  /** Asks the rules of all that an earlier process left open, once the silences are known: they may be others now. */
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
  readonly setup: Pick<Setup, 'apply' | 'rules' | 'destinations'>;
  readonly bus: Pick<Bus, 'publish'>;
  /** Is given work that nobody waits for. */
  readonly background: (work: Promise<void>) => void;
  readonly log: Log;
  readonly now: () => number;
}

const closeThere =
  'these open alerts were told to a key or an address that is not configured any more, so their end cannot be sent there: close them there by hand';
/** So many alerts are named in one line of the log. */
const maxNamed = 20;
const stateKey = 'rules:last_good';
const lastGoodSchema = z.object({ text: z.string(), hash: z.string(), at: z.string() });

const reconsider = (eventId: string, scope: string): Observation => ({ type: 'reconsideration', eventId, scope });

const lastGoodOf = (store: ServiceRulesDeps['store']): LastGoodPort => ({
  loadLastGood: async () => lastGoodSchema.safeParse(await store.loadState(stateKey)).data ?? null,
  saveLastGood: (text, hash, at) => store.saveState(stateKey, { text, hash, at }),
});

export const createServiceRules = (deps: ServiceRulesDeps): ServiceRules => {
  const { config, env, store, setup, bus, background, log, now } = deps;
  const { configFile: path } = config;
  let file: RulesFile | undefined;

  /** Loading tells nobody again what was told; what is newly sent and open is told. */
  const askAgain = async (): Promise<void> => {
    try {
      const signalId = randomUUID();
      const thread = { signalId, requestId: `rules-${signalId}` };
      const openAlerts = await readOpenAlerts(store);
      const events = await readOpenEvents(store);
      const alone = events.filter(({ alert_id: alertId }) => alertId === null);
      // An event that goes on may have an alert that has ended: it became less serious than what was sent until now.
      const alerts = new Map(events.flatMap(({ alert_id: id, scope }) => (id === null ? [] : [[id, scope] as const])));
      for (const { alert_id: alertId, scope } of openAlerts) alerts.set(alertId, scope);
      for (const [alertId, scope] of alerts) bus.publish('alert.due', { ...thread, alertId, scope, cause: 'rules' });
      if (alone.length === 0) return;
      const observations = alone.map(({ event, scope }) => reconsider(event.event_id, scope));
      bus.publish('signal.normalized', { ...thread, observations });
    } catch (error) {
      log.error({ error: errorText(error) }, 'rules.open_alerts_not_asked');
    }
  };

  /** What people were told under another key or address: those of today are told too. False when it is not known. */
  const askUnreachable = async (): Promise<boolean> => {
    try {
      const signalId = randomUUID();
      const elsewhere = toldElsewhere(await readOpenAlerts(store), setup.destinations.current());
      for (const [destination, alerts] of elsewhere) {
        const ids = alerts.slice(0, maxNamed).map(({ alert_id: id }) => id);
        log.warn(
          { destination, alerts: alerts.length, alert_ids: ids, what_to_do: closeThere },
          'destinations.unreachable',
        );
        for (const { alert_id: alertId, scope } of alerts)
          bus.publish('alert.due', { signalId, requestId: `start-${signalId}`, alertId, scope, cause: 'rules' });
      }
      return true;
    } catch (error) {
      log.error({ error: errorText(error) }, 'rules.open_alerts_not_asked');
      return false;
    }
  };

  let isStarted = false;
  const use = (rules: Rules): void => {
    setup.apply(rules);
    if (isStarted) background(askAgain());
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
    async askOpen() {
      isStarted = true;
      if ((await askUnreachable()) && path !== null) await askAgain();
    },
    async reload() {
      await file?.reload();
    },
    report: () => file?.report() ?? reportWithoutFile(setup.rules()),
    isOutdated: () => file?.isOutdated() ?? false,
    async stop() {
      await file?.stop();
    },
  };
};
