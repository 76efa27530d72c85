// The silences that people make: kept in the store, known to every replica within seconds, and asked anew of the open
// alerts that they concern. Those of the rules file stand beside them.
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import type { Alert } from '../domain/alert.ts';
import type { Rules } from '../domain/rules/rules.ts';
import {
  compileSilence,
  type NewSilence,
  type Silence,
  type SilenceState,
  silenceState,
} from '../domain/rules/silences.ts';
import { errorText } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { toIso } from '../lib/time.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Bus } from './bus.ts';
import {
  type KeptSilence,
  makeRoom,
  maxSilences,
  maxStopped,
  readSilences,
  silencesKey,
  toState,
  withChanged,
} from './kept-silences.ts';
import { readOpenAlerts, readOpenEvents } from './open-alerts.ts';

/** A silence as it is listed. */
export interface ListedSilence extends Omit<Silence, 'when' | 'alertIds' | 'endsAtMs' | 'expired_at'> {
  readonly state: SilenceState;
  readonly when: Silence['when']['written'];
  /** The ids of the alerts that it stops or has stopped, as far as that was seen. */
  readonly stopped: readonly string[];
}

export type Created =
  | { readonly silence: ListedSilence }
  /** `until: resolved`, and no open alert matches. `full`: there are as many silences as there may be. */
  | { readonly refused: 'no_open_alert' | 'full' };

export type Expired =
  | { readonly silence: ListedSilence }
  /** `in_file`: it is written in the rules file, and can only be changed there. */
  | { readonly refused: 'unknown' | 'in_file' };

/** All methods that ask the store reject with `StoreUnavailable`. */
export interface Silences {
  /** Those of the file and of the store that are planned or active, as they are known here. */
  current(): readonly Silence[];
  /** All, those of the file first, then the newest first; ended ones for 30 days. */
  list(): Promise<readonly ListedSilence[]>;
  create(silence: NewSilence, requestId: string): Promise<Created>;
  /** Ends a silence now. One that has ended already stays as it is. */
  expire(id: string, requestId: string): Promise<Expired>;
  /** Reads the silences, and does so again every few seconds. Never rejects. */
  start(): Promise<void>;
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

const endMsOf =
  (limits: Pick<Rules, 'windows' | 'maxSilenceMs'>, nowMs: number) =>
  (kept: KeptSilence): number | null => {
    if (kept.expired_at !== null) return Date.parse(kept.expired_at);
    const { endsAtMs } = compileSilence(kept, limits);
    return endsAtMs <= nowMs ? endsAtMs : null;
  };

const listed = (silence: Silence, stopped: readonly string[], nowMs: number): ListedSilence => ({
  id: silence.id,
  origin: silence.origin,
  state: silenceState(silence, nowMs),
  when: silence.when.written,
  from: silence.from,
  until: silence.until,
  by: silence.by,
  because: silence.because,
  stopped: [...new Set([...silence.alertIds, ...stopped])].slice(0, maxStopped),
});

/** The open alerts of which this silence holds an event back now. */
const stoppedBy = ({ because, endsAtMs }: Silence, open: readonly Alert[]): readonly string[] =>
  open
    .filter(({ members }) =>
      members.some(
        ({ ended_at: endedAt, ruling }) =>
          endedAt === null && ruling.silenced_because === because && ruling.silenced_until === toIso(endsAtMs),
      ),
    )
    .map(({ alert_id: alertId }) => alertId);

export const createSilences = (deps: SilencesDeps): Silences => {
  const { store, bus, rules, log, now } = deps;
  const inTurn = pLimit(1);
  let kept: readonly KeptSilence[] = [];
  let compiled: { of: readonly KeptSilence[]; by: Rules; silences: readonly Silence[] } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isFailing = false;

  const take = (state: unknown): readonly KeptSilence[] => {
    const { silences, unreadable } = readSilences(state);
    if (unreadable > 0) log.warn({ unreadable }, 'silences.unreadable');
    // The same list as before keeps what was compiled from it.
    if (JSON.stringify(silences) !== JSON.stringify(kept)) kept = silences;
    return kept;
  };

  const change = <T>(
    decide: (silences: readonly KeptSilence[]) => { readonly silences: readonly KeptSilence[]; readonly result: T },
  ): Promise<T> =>
    store
      .changeState(silencesKey, (state) => {
        const { silences, result } = decide(readSilences(state).silences);
        return { state: toState(silences), result: { silences, result } };
      })
      .then(({ silences, result }) => {
        kept = silences;
        return result;
      });

  const compileAll = (): readonly Silence[] => {
    const current = rules();
    if (compiled?.of !== kept || compiled.by !== current)
      compiled = { of: kept, by: current, silences: kept.map((silence) => compileSilence(silence, current)) };
    return compiled.silences;
  };

  /** Looks at the open alerts of events that match, once the silences are as they are now. */
  const askAnew = async (silence: Silence, requestId: string): Promise<void> => {
    const alerts = await matchingAlerts(silence);
    for (const { alert_id: alertId, scope } of alerts)
      bus.publish('alert.due', { signalId: randomUUID(), requestId, alertId, scope, cause: 'time' });
  };

  const matchingAlerts = async (silence: Silence): Promise<readonly Alert[]> => {
    const [open, events] = await Promise.all([readOpenAlerts(store), readOpenEvents(store)]);
    const nowMs = now();
    const ids = new Set(
      events
        .filter(({ event, facts }) => silence.when.matches({ event, facts }, nowMs))
        .map(({ alert_id: alertId }) => alertId),
    );
    const bound = silence.until === 'resolved' ? new Set(silence.alertIds) : undefined;
    return open.filter(({ alert_id: id }) => ids.has(id) && (bound === undefined || bound.has(id)));
  };

  /** A silence `until: resolved` ends with the last of its alerts. */
  const endBound = async (): Promise<void> => {
    const nowMs = now();
    const bound = compileAll().filter(
      (silence) => silence.until === 'resolved' && silenceState(silence, nowMs) === 'active',
    );
    for (const { id, alertIds } of bound) {
      const details = await Promise.all(alertIds.map((alertId) => store.readAlert(alertId)));
      if (details.some((detail) => detail?.alert.state === 'open')) continue;
      await change((silences) => ({
        silences: withChanged(silences, id, (silence) => ({
          ...silence,
          expired_at: silence.expired_at ?? toIso(nowMs),
        })),
        result: undefined,
      }));
    }
  };

  const safely = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await inTurn(work);
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.warn({ error: errorText(error) }, 'silences.not_read');
      isFailing = true;
    }
  };

  const refresh = async (): Promise<void> => {
    take(await store.loadState(silencesKey));
  };

  bus.on('alert.changed', ({ alertId, change: what }) => {
    if (what === 'resolved' && kept.some(({ until, alertIds }) => until === 'resolved' && alertIds.includes(alertId)))
      void safely(endBound);
  });

  /** What was seen to be stopped is remembered, for when it is over it can no longer be seen. */
  const noteStopped = async (seen: ReadonlyMap<string, readonly string[]>): Promise<void> => {
    const isNews = kept.some(({ id, stopped }) => (seen.get(id) ?? []).some((alertId) => !stopped.includes(alertId)));
    if (!isNews) return;
    await change((silences) => ({
      silences: silences.map((silence) => ({
        ...silence,
        stopped: [...new Set([...silence.stopped, ...(seen.get(silence.id) ?? [])])].slice(0, maxStopped),
      })),
      result: undefined,
    }));
  };

  const see = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
    const nowMs = now();
    const active = [...rules().silences, ...compileAll()].filter((each) => silenceState(each, nowMs) === 'active');
    if (active.length === 0) return new Map();
    const open = await readOpenAlerts(store);
    return new Map(active.map((silence) => [silence.id, stoppedBy(silence, open)]));
  };

  return {
    current() {
      const nowMs = now();
      return [...rules().silences, ...compileAll()].filter((silence) => silenceState(silence, nowMs) !== 'expired');
    },
    async list() {
      await refresh();
      const seen = await see();
      await noteStopped(seen);
      const nowMs = now();
      const stopped = new Map(kept.map((silence) => [silence.id, silence.stopped]));
      const show = (silence: Silence) =>
        listed(silence, [...(stopped.get(silence.id) ?? []), ...(seen.get(silence.id) ?? [])], nowMs);
      return [...rules().silences, ...compileAll().toReversed()].map(show);
    },
    async create(wanted, requestId) {
      const nowMs = now();
      const draft: KeptSilence = {
        ...wanted,
        id: `sil_${randomUUID()}`,
        origin: 'api',
        alertIds: [],
        expired_at: null,
        stopped: [],
      };
      // Without a binding yet, so that it matches what it could be bound to.
      const open = await matchingAlerts(compileSilence({ ...draft, until: draft.from }, rules()));
      const ids = open.map(({ alert_id: alertId }) => alertId);
      const isBound = wanted.until === 'resolved';
      if (isBound && ids.length === 0) return { refused: 'no_open_alert' };
      const silence: KeptSilence = { ...draft, alertIds: isBound ? ids.slice(0, maxStopped) : [] };
      const isKept = await change((silences) => {
        const room = makeRoom(silences, endMsOf(rules(), nowMs), nowMs);
        return { silences: room ? [...room, silence] : silences, result: room !== null };
      });
      if (!isKept) return { refused: 'full' };
      log.info({ request_id: requestId, silence_id: silence.id, until: silence.until }, 'silence.created');
      const made = compileSilence(silence, rules());
      await askAnew(made, requestId);
      return { silence: listed(made, [], nowMs) };
    },
    async expire(id, requestId) {
      if (rules().silences.some((silence) => silence.id === id)) return { refused: 'in_file' };
      await refresh();
      await noteStopped(await see());
      const nowMs = now();
      const before = compileAll().find((silence) => silence.id === id);
      if (!before) return { refused: 'unknown' };
      if (silenceState(before, nowMs) !== 'expired') {
        await change((silences) => ({
          silences: withChanged(silences, id, (silence) => ({ ...silence, expired_at: toIso(nowMs) })),
          result: undefined,
        }));
        log.info({ request_id: requestId, silence_id: id }, 'silence.expired');
        await askAnew(before, requestId);
      }
      const after = kept.find((silence) => silence.id === id);
      return after ? { silence: listed(compileSilence(after, rules()), after.stopped, nowMs) } : { refused: 'unknown' };
    },
    async start() {
      await safely(async () => {
        await refresh();
        await endBound();
      });
      timer ??= setInterval(() => void safely(refresh), deps.refreshMs ?? defaultRefreshMs).unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await inTurn(() => undefined);
    },
  };
};

export { maxSilences };
