// The silences that people make: kept in the store, and asked at once of the open alerts that they concern. Those of the
// rules file stand beside them.
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import type { Rules } from '../domain/rules/rules.ts';
import type { NewSilence } from '../domain/rules/silence-request.ts';
import { compileSilence, type Silence, silenceState } from '../domain/rules/silences.ts';
import { compileWhen } from '../domain/rules/when.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import { toIso } from '../lib/time.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Bus } from './bus.ts';
import { type KeptSilence, makeRoom, maxBound, withChanged } from './kept-silences.ts';
import { type ListedSilence, listSilence } from './listed-silence.ts';
import { createSilenceCache } from './silence-cache.ts';
import { createSilencedAlerts, type MatchedAlert } from './silenced-alerts.ts';
import { createStoppedAlerts } from './stopped-alerts.ts';

export type Created =
  | { readonly silence: ListedSilence }
  /** `no_open_alert`: it is to end with alerts, and none is open that it matches. `full`: there is no room for it.
   * `too_many`: it matches more of them than it can be bound to. */
  | { readonly refused: 'no_open_alert' | 'too_many' | 'full' };

export type Expired =
  | { readonly silence: ListedSilence }
  /** `in_file`: it is written in the rules file, and ends only there. */
  | { readonly refused: 'unknown' | 'in_file' };

/** What asks the store rejects with `StoreUnavailable`. */
export interface Silences {
  /** Those of the file and of the store that are planned or active, as this process knows them. */
  current(): readonly Silence[];
  /** All: those of the file first, then the newest first; ended ones for 30 days. */
  list(): Promise<readonly ListedSilence[]>;
  /** The open alerts that a silence of these conditions would concern. */
  matching(when: NewSilence['when']): Promise<readonly MatchedAlert[]>;
  create(silence: NewSilence, requestId: string): Promise<Created>;
  /** Ends a silence now. One that has ended stays as it is. */
  expire(id: string, requestId: string): Promise<Expired>;
  /** Reads the silences, and again every few seconds from now on. Never rejects; without a store they stay unknown. */
  start(): Promise<void>;
  /** Whether they were read since the start. */
  areKnown(): boolean;
  /** Resolves once they were read. */
  known(): Promise<void>;
  /** Ends that, and waits for what is under way. */
  stop(): Promise<void>;
}

export interface SilencesDeps {
  readonly store: Pick<EventStore, 'loadState' | 'changeState' | 'listAlerts' | 'listEvents' | 'readAlert'>;
  readonly bus: Pick<Bus, 'publish' | 'on'>;
  readonly rules: () => Rules;
  readonly log: Log;
  readonly now: () => number;
  readonly refreshMs?: number;
}

/** Within five seconds every replica knows what another one was told. */
const defaultRefreshMs = 2500;

export const createSilences = (deps: SilencesDeps): Silences => {
  const { store, bus, rules, log, now } = deps;
  const alerts = createSilencedAlerts(store, bus, now);
  const cache = createSilenceCache(store, rules, log, alerts.changed);
  const inTurn = pLimit(1);
  let timer: NodeJS.Timeout | undefined;
  const fault = createFaultLog(log, { failed: 'silences.not_read', over: 'silences.read_again', level: 'warn' });
  let isKnown = false;

  const refresh = async (): Promise<void> => {
    await cache.refresh();
    isKnown = true;
  };

  const all = (): readonly Silence[] => [...rules().silences, ...cache.compiled()];
  const active = (): readonly Silence[] => {
    const nowMs = now();
    return all().filter((silence) => silenceState(silence, nowMs) === 'active');
  };
  const stopped = createStoppedAlerts(store, cache, { active, ofFile: () => rules().silences }, now);

  const endedAtMs = (nowMs: number) => (kept: KeptSilence) => {
    if (kept.expired_at !== null) return Date.parse(kept.expired_at);
    const { endsAtMs } = compileSilence(kept, rules());
    return endsAtMs <= nowMs ? endsAtMs : null;
  };

  const setExpired = (id: string, nowMs: number): Promise<void> =>
    cache.change((kept) => ({
      silences: withChanged(kept, id, (silence) => ({ ...silence, expired_at: silence.expired_at ?? toIso(nowMs) })),
      result: undefined,
    }));

  /** Of the alerts of a silence the one that was open at the last look: while it is, no other is read. */
  const lastOpen = new WeakMap<readonly string[], string>();

  const isAnyOpen = async (alertIds: readonly string[]): Promise<boolean> => {
    const at = Math.max(0, alertIds.indexOf(lastOpen.get(alertIds) ?? ''));
    for (const alertId of [...alertIds.slice(at), ...alertIds.slice(0, at)]) {
      if ((await store.readAlert(alertId))?.alert.state !== 'open') continue;
      lastOpen.set(alertIds, alertId);
      return true;
    }
    return false;
  };

  /** A silence `until: resolved` ends with the last of its alerts. */
  const expireBound = async (): Promise<void> => {
    for (const { id, alertIds } of active().filter(({ until }) => until === 'resolved'))
      if (!(await isAnyOpen(alertIds))) await setExpired(id, now());
  };

  const askAnew = (requestId: string): Promise<void> => alerts.askAnew(cache.compiled(), requestId);
  /** What is not asked now is asked at the next look. */
  const askAnewNow = (requestId: string): Promise<void> => askAnew(requestId).catch((error) => fault.failed(error));

  const safely = async (work: () => Promise<void>): Promise<void> => {
    try {
      await inTurn(work);
      fault.worked();
    } catch (error) {
      fault.failed(error);
    }
  };

  const look = (): Promise<void> =>
    safely(async () => {
      await refresh();
      await expireBound();
      await askAnew(`silences-${randomUUID()}`);
      await stopped.noteAtTimes();
    });

  bus.on('alert.changed', ({ alertId, change }) => {
    if (change !== 'resolved' || !cache.kept().some(({ alertIds }) => alertIds.includes(alertId))) return;
    // One that waits sees this end too.
    if (inTurn.pendingCount === 0) void safely(expireBound);
  });

  return {
    current() {
      const nowMs = now();
      return all().filter((silence) => silenceState(silence, nowMs) !== 'expired');
    },
    async list() {
      await cache.refresh();
      const seen = await stopped.note();
      const remembered = new Map(cache.kept().map(({ id, stopped }) => [id, stopped]));
      const nowMs = now();
      return [...rules().silences, ...cache.compiled().toReversed()].map((silence) =>
        listSilence(silence, remembered.get(silence.id) ?? seen.get(silence.id) ?? [], nowMs),
      );
    },
    matching: (when) => alerts.matching(compileWhen(when, rules().windows)),
    async create(wanted, requestId) {
      const nowMs = now();
      const isBound = wanted.until === 'resolved';
      const draft: KeptSilence = {
        ...wanted,
        id: `sil_${randomUUID()}`,
        origin: 'api',
        alertIds: [],
        expired_at: null,
        stopped: [],
      };
      const matching = isBound ? await alerts.of([compileSilence(draft, rules())]) : [];
      if (isBound && matching.length === 0) return { refused: 'no_open_alert' };
      if (matching.length > maxBound) return { refused: 'too_many' };
      const silence = { ...draft, alertIds: matching.map(({ alert_id: alertId }) => alertId) };
      const isKept = await cache.change((kept) => {
        const room = makeRoom(kept, endedAtMs(nowMs), nowMs);
        return { silences: room ? [...room, silence] : kept, result: room !== null };
      });
      if (!isKept) return { refused: 'full' };
      log.info({ request_id: requestId, silence_id: silence.id, until: silence.until }, 'silence.created');
      await askAnewNow(requestId);
      return { silence: listSilence(compileSilence(silence, rules()), [], nowMs) };
    },
    async expire(id, requestId) {
      if (rules().silences.some((silence) => silence.id === id)) return { refused: 'in_file' };
      await cache.refresh();
      const before = cache.compiled().find((silence) => silence.id === id);
      if (!before) return { refused: 'unknown' };
      const nowMs = now();
      if (silenceState(before, nowMs) !== 'expired') {
        await stopped.note();
        await setExpired(id, nowMs);
        log.info({ request_id: requestId, silence_id: id }, 'silence.expired');
        await askAnewNow(requestId);
      }
      const after = cache.kept().find((silence) => silence.id === id);
      if (!after) return { refused: 'unknown' };
      return { silence: listSilence(compileSilence(after, rules()), after.stopped, nowMs) };
    },
    async start() {
      await look();
      // A store that is slow must not have ever more looks wait for it.
      timer ??= setInterval(
        () => (inTurn.pendingCount === 0 ? void look() : undefined),
        deps.refreshMs ?? defaultRefreshMs,
      ).unref();
    },
    areKnown: () => isKnown,
    known: async () => (isKnown ? undefined : refresh()),
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await inTurn(() => undefined);
    },
  };
};
