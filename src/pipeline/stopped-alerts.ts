// The alerts that silences are seen to stop. It is noted while they last, for it can no longer be seen when they are over.
import type { Silence } from '../domain/rules/silences.ts';
import type { EventStore } from '../stores/event-store.ts';
import { readOpenAlerts, smallBounds } from '../stores/walk-open.ts';
import { type KeptSilence, maxStopped } from './kept-silences.ts';
import { stoppedBy } from './listed-silence.ts';
import type { SilenceCache } from './silence-cache.ts';

/** All open alerts are read for it. Rejects with `StoreUnavailable`. */
export interface StoppedAlerts {
  /** Notes, and gives, the ids of the alerts that each active silence stops now, by its id. */
  note(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Notes them if they were last noted long ago. */
  noteAtTimes(): Promise<void>;
}

/** An alert that begins and ends in between under a silence is not noted. */
const noteEveryMs = 15_000;

export const createStoppedAlerts = (
  store: Pick<EventStore, 'listAlerts'>,
  cache: Pick<SilenceCache, 'kept' | 'change'>,
  active: () => readonly Silence[],
  now: () => number,
): StoppedAlerts => {
  let notedMs = Number.NEGATIVE_INFINITY;

  const note = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
    const silences = active();
    const open = silences.length === 0 ? [] : await readOpenAlerts(store, smallBounds);
    const seen = new Map(
      silences.map((silence) => [silence.id, stoppedBy(silence, open).map(({ alert_id: alertId }) => alertId)]),
    );
    const merge = (silence: KeptSilence): KeptSilence => ({
      ...silence,
      stopped: [...new Set([...silence.stopped, ...(seen.get(silence.id) ?? [])])].slice(0, maxStopped),
    });
    if (cache.kept().some((silence) => merge(silence).stopped.length > silence.stopped.length))
      await cache.change((kept) => ({ silences: kept.map(merge), result: undefined }));
    return seen;
  };

  return {
    note,
    async noteAtTimes() {
      const nowMs = now();
      if (Math.abs(nowMs - notedMs) < noteEveryMs) return;
      notedMs = nowMs;
      await note();
    },
  };
};
