// The alerts that silences are seen to stop. It is noted while they last, for it can no longer be seen when they are over.
import * as z from 'zod';
import type { Silence } from '../domain/rules/silences.ts';
import type { EventStore } from '../stores/event-store.ts';
import { readOpenAlerts, smallBounds } from '../stores/walk-open.ts';
import { type KeptSilence, maxSilences, maxStopped } from './kept-silences.ts';
import { stoppedBy } from './listed-silence.ts';
import type { SilenceCache } from './silence-cache.ts';

type Stopped = ReadonlyMap<string, readonly string[]>;

/** All open alerts are read for it. Rejects with `StoreUnavailable`. */
export interface StoppedAlerts {
  /** Notes, and gives, the ids of the alerts that each active silence stops now, and those of the file ever did, by its id. */
  note(): Promise<Stopped>;
  /** Notes them if they were last noted long ago. */
  noteAtTimes(): Promise<void>;
}

/** An alert that begins and ends in between under a silence is not noted. */
const noteEveryMs = 15_000;

/** What those of the rules file have stopped, which are not kept themselves; the newest last. */
const fileKey = 'silences:file';
const fileSchema = z
  .object({ stopped: z.array(z.tuple([z.string(), z.array(z.string())])) })
  .transform(({ stopped }): Stopped => new Map(stopped))
  .catch(new Map());

const joined = (known: readonly string[] = [], seen: readonly string[] = []): readonly string[] =>
  [...new Set([...known, ...seen])].slice(0, maxStopped);

export const createStoppedAlerts = (
  store: Pick<EventStore, 'listAlerts' | 'loadState' | 'changeState'>,
  cache: Pick<SilenceCache, 'kept' | 'change'>,
  silences: { readonly active: () => readonly Silence[]; readonly ofFile: () => readonly Silence[] },
  now: () => number,
): StoppedAlerts => {
  let notedMs = Number.NEGATIVE_INFINITY;

  const noteThoseOfFile = async (seen: Stopped): Promise<Stopped> => {
    const known = fileSchema.parse(await store.loadState(fileKey));
    const more = [...seen].filter(([id, ids]) => joined(known.get(id), ids).length > (known.get(id) ?? []).length);
    if (more.length === 0) return known;
    return store.changeState(fileKey, (state) => {
      const stopped = new Map(fileSchema.parse(state));
      for (const [id, ids] of more) {
        const all = joined(stopped.get(id), ids);
        stopped.delete(id);
        stopped.set(id, all);
      }
      return { state: { stopped: [...stopped].slice(-maxSilences) }, result: stopped };
    });
  };

  const note = async (): Promise<Stopped> => {
    const active = silences.active();
    const open = active.length === 0 ? [] : await readOpenAlerts(store, smallBounds);
    const idsOf = (silence: Silence) => stoppedBy(silence, open).map(({ alert_id: alertId }) => alertId);
    const seen = new Map(active.map((silence) => [silence.id, idsOf(silence)]));
    const merge = (silence: KeptSilence): KeptSilence => ({
      ...silence,
      stopped: joined(silence.stopped, seen.get(silence.id)),
    });
    if (cache.kept().some((silence) => merge(silence).stopped.length > silence.stopped.length))
      await cache.change((kept) => ({ silences: kept.map(merge), result: undefined }));
    const inFile = new Set(silences.ofFile().map(({ id }) => id));
    if (inFile.size === 0) return seen;
    const ofFile = await noteThoseOfFile(new Map([...seen].filter(([id]) => inFile.has(id))));
    return new Map([...seen, ...ofFile]);
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
