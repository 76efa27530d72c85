// In which order the parts of the service start and end, and what repeats itself in between.
import type { Live } from './http/live/feed.ts';
import { type Backfills, lookIntervalMs } from './ingest/backfill/when.ts';
import type { Hints } from './ingest/polling/hints.ts';
import type { Poller } from './ingest/polling/poller.ts';
import type { Background } from './lib/background.ts';
import type { HttpClient } from './lib/http-client.ts';
import { type Repeating, repeat } from './lib/repeat.ts';
import type { Tracer } from './lib/tracer.ts';
import type { Bus } from './pipeline/bus.ts';
import type { Rates } from './pipeline/rates.ts';
import type { Recovery } from './pipeline/recover.ts';
import type { Silences } from './pipeline/silences.ts';
import type { Keeper } from './report/keeper.ts';
import type { ServiceRules } from './service-rules.ts';
import type { Heartbeat } from './sinks/heartbeat.ts';
import type { Telling } from './sinks/telling.ts';
import type { EventStore } from './stores/event-store.ts';
import type { Upkeep } from './stores/upkeep.ts';

export interface Parts {
  readonly store: Pick<EventStore, 'close'>;
  readonly client: Pick<HttpClient, 'close'>;
  readonly background: Background;
  readonly bus: Pick<Bus, 'idle' | 'inFlight'>;
  /** Null: rules were given, and are not asked of what is open. */
  readonly rules: Pick<ServiceRules, 'askOpen' | 'stop'> | null;
  readonly silences: Pick<Silences, 'areKnown' | 'start' | 'stop'>;
  readonly recovery: Pick<Recovery, 'run'>;
  readonly telling: Pick<Telling, 'idle' | 'stop' | 'repeatOpen' | 'maintenances'>;
  readonly rates: Pick<Rates, 'run'>;
  readonly heartbeat: Pick<Heartbeat, 'run'>;
  readonly upkeep: Upkeep;
  readonly live: Pick<Live, 'close'>;
  readonly reports: Keeper;
  readonly hints: Pick<Hints, 'stop'>;
  readonly poller: Pick<Poller, 'start' | 'stop'>;
  readonly backfills: Backfills;
  readonly tracer: Pick<Tracer, 'detached'>;
}

export interface StartStop {
  /** Takes up what an earlier process left, then polls and delivers. Rejects with `StoreUnusable`. */
  start(): Promise<void>;
  /** Says from now on that it is not ready, and ends the live streams. */
  drain(): void;
  /** Takes in nothing new, and waits for what is under way; what still waits stays in the store. */
  stop(): Promise<void>;
  isStopping(): boolean;
  /** Resolves when nothing is under way: no stage, and no attempt of a delivery. */
  idle(): Promise<void>;
  /** Looks for what is due by the clock, as the service does every second, and waits until nothing is under way. */
  tick(): Promise<void>;
}

/** Within so long a share of failed payments is told. */
const ratesIntervalMs = 5000;
const maintenancesIntervalMs = 5000;
const retentionIntervalMs = 3_600_000;
const heartbeatIntervalMs = 1000;
const repeatOpenIntervalMs = 1000;

/** @param recoveryIntervalMs how often it looks for what is due; 0: nothing happens by itself, and only `tick` looks */
export const createStartStop = (parts: Parts, recoveryIntervalMs: number): StartStop => {
  const { background, bus, rules, silences, recovery, telling, rates, upkeep, live, reports, poller, backfills } =
    parts;
  const { maintenances } = telling;
  const repeating: Repeating[] = [];
  let isStopping = false;

  /** Nothing that waits is looked at before it is known what is silenced. */
  const recover = async (): Promise<void> => {
    if (!silences.areKnown()) await silences.start();
    await recovery.run();
    if (silences.areKnown() && rules) background.add(rules.askOpen());
  };
  // What went wrong is in the log, and the next pass tries it again.
  const recoverAgain = () => recover().catch(() => undefined);

  const idle = async (): Promise<void> => {
    // A stage that ends may queue a delivery, and a delivery that ends may release another.
    do {
      await background.idle();
      await bus.idle();
      await telling.idle();
      await maintenances.idle();
    } while (bus.inFlight() > 0);
  };

  return {
    isStopping: () => isStopping,
    idle,
    async start() {
      await recover();
      repeating.push(repeat(upkeep.retain, retentionIntervalMs));
      if (recoveryIntervalMs > 0)
        repeating.push(
          repeat(() => parts.tracer.detached(recoverAgain), recoveryIntervalMs),
          repeat(rates.run, ratesIntervalMs),
          repeat(maintenances.run, maintenancesIntervalMs),
          repeat(backfills.look, lookIntervalMs),
          repeat(parts.heartbeat.run, heartbeatIntervalMs),
          repeat(telling.repeatOpen, repeatOpenIntervalMs),
        );
      void upkeep.retain();
      void upkeep.logSize();
      reports.start();
      poller.start();
      backfills.start();
    },
    async tick() {
      await rates.run();
      await maintenances.run();
      await recover();
      await idle();
      await reports.run();
    },
    drain() {
      isStopping = true;
      // A stream has no end of its own: a server that waits for requests under way would wait for ever.
      void live.close();
    },
    async stop() {
      isStopping = true;
      await live.close();
      await Promise.all(repeating.map(({ stop }) => stop()));
      await rules?.stop();
      await silences.stop();
      await reports.stop();
      parts.hints.stop();
      await poller.stop();
      await backfills.stop();
      await background.idle();
      await bus.idle();
      // What was counted since the last time is in memory alone.
      await rates.run();
      await bus.idle();
      await maintenances.idle();
      await telling.stop();
      await parts.store.close();
      parts.client.close();
    },
  };
};
