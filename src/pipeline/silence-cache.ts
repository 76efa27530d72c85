// The kept silences as this process knows them: read again every few seconds, for another replica may change them, and
// compiled once.
import pLimit from 'p-limit';
import type { Rules } from '../domain/rules/rules.ts';
import { compileSilence, type Silence } from '../domain/rules/silences.ts';
import type { Log } from '../lib/log.ts';
import type { EventStore } from '../stores/event-store.ts';
import { type KeptSilence, readSilences, silencesKey, toState } from './kept-silences.ts';

export interface SilenceCache {
  kept(): readonly KeptSilence[];
  /** The same ones, in the same order, as they can be asked. */
  compiled(): readonly Silence[];
  refresh(): Promise<void>;
  change<T>(
    decide: (kept: readonly KeptSilence[]) => { readonly silences: readonly KeptSilence[]; readonly result: T },
  ): Promise<T>;
}

/** @param onChanged told of silences that were made or have ended, by whichever replica */
export const createSilenceCache = (
  store: Pick<EventStore, 'loadState' | 'changeState'>,
  rules: () => Rules,
  log: Log,
  onChanged: (ids: readonly string[]) => void = () => undefined,
): SilenceCache => {
  let kept: readonly KeptSilence[] = [];
  let text = '[]';
  // Of two under way at once, the answer of the older could take the place of the newer one's. A change waits for no read,
  // which may hang.
  const readInTurn = pLimit(1);
  const changeInTurn = pLimit(1);
  let waiting: Promise<void> | undefined;
  /** Counts the changes made here: what was read before one of them is out of date. */
  let changes = 0;
  let compiled:
    | { readonly of: readonly KeptSilence[]; readonly by: Rules; readonly silences: readonly Silence[] }
    | undefined;

  const take = (silences: readonly KeptSilence[]): void => {
    const next = JSON.stringify(silences);
    // The same list keeps what was compiled from it.
    if (next === text) return;
    text = next;
    const before = new Map(kept.map(({ id, expired_at: expiredAt }) => [id, expiredAt]));
    kept = silences;
    onChanged(silences.filter(({ id, expired_at: expiredAt }) => before.get(id) !== expiredAt).map(({ id }) => id));
  };

  return {
    kept: () => kept,
    compiled() {
      const by = rules();
      if (compiled?.of !== kept || compiled.by !== by)
        compiled = { of: kept, by, silences: kept.map((silence) => compileSilence(silence, by)) };
      return compiled.silences;
    },
    refresh() {
      // All that ask before it begins share one read.
      waiting ??= readInTurn(async () => {
        waiting = undefined;
        const before = changes;
        const { silences, unreadable } = readSilences(await store.loadState(silencesKey));
        if (before !== changes) return;
        if (unreadable > 0) log.warn({ unreadable }, 'silences.unreadable');
        take(silences);
      });
      return waiting;
    },
    change: (decide) =>
      changeInTurn(async () => {
        const { silences, result } = await store.changeState(silencesKey, (state) => {
          const decided = decide(readSilences(state).silences);
          return { state: toState(decided.silences), result: decided };
        });
        changes += 1;
        take(silences);
        return result;
      }),
  };
};
