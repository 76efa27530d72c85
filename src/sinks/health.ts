// How each destination is doing: its last success and failure, and since when it has refused everything. Kept in the
// store, so that it survives a restart and all replicas tell the same.
import * as z from 'zod';
import { StoreUnavailable } from '../lib/errors.ts';
import { toIso } from '../lib/time.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { SendResult } from './destination.ts';

const moment = z.string().nullable();

const healthSchema = z.object({
  last_success_at: moment,
  last_failure_at: moment,
  last_error: z.string().nullable(),
  /** When the first of the attempts failed that have failed since the last success; null when the last one succeeded. */
  refusing_since: moment,
  /** It accepts again, and what it had refused since then has still to be tried once more. */
  revive_since: z.string().exactOptional(),
});
export type DestinationHealth = Readonly<z.infer<typeof healthSchema>>;

const unknownHealth: DestinationHealth = {
  last_success_at: null,
  last_failure_at: null,
  last_error: null,
  refusing_since: null,
};

const earliest = (...times: readonly (string | null | undefined)[]): string | null =>
  times.flatMap((time) => time ?? []).toSorted()[0] ?? null;

/** The error of the last failure stays, so that what happened can be read after it is over. */
const noteResult = (health: DestinationHealth, result: SendResult, at: string): DestinationHealth => {
  const { refusing_since: refusingSince } = health;
  if (result.outcome !== 'delivered')
    return { ...health, last_failure_at: at, last_error: result.error, refusing_since: refusingSince ?? at };
  const reviveSince = earliest(health.revive_since, refusingSince);
  const accepting = { ...health, last_success_at: at, refusing_since: null };
  return reviveSince === null ? accepting : { ...accepting, revive_since: reviveSince };
};

const withoutRevival = ({ revive_since: _since, ...kept }: DestinationHealth): DestinationHealth => kept;

const parseHealth = (state: unknown): DestinationHealth => healthSchema.safeParse(state).data ?? unknownHealth;

/** When it answered last, or failed to. */
const heardAt = ({ last_success_at: success, last_failure_at: failure }: DestinationHealth): string => {
  const [accepted, failed] = [success ?? '', failure ?? ''];
  return accepted > failed ? accepted : failed;
};

/** Since when it had refused everything. What was refused elsewhere is in the store, and what was accepted there since. */
const refusedSince = (own: DestinationHealth, stored: DestinationHealth): string | null => {
  const isOld = (stored.last_success_at ?? '') > (own.refusing_since ?? '');
  return earliest(isOld ? null : own.refusing_since, stored.refusing_since, own.revive_since, stored.revive_since);
};

export interface Health {
  /**
   * Notes how an attempt ended. When the destination accepted, gives since when it had refused everything before, until
   * `revived` is told: a process may die in between.
   */
  ended(target: string, result: SendResult): Promise<string | null>;
  /** What it had refused was tried once more. */
  revived(target: string): Promise<void>;
  of(target: string): Promise<DestinationHealth>;
}

/** A destination that goes on as it did is written down so often. */
const saveEveryMs = 10_000;

const keyOf = (target: string): string => `destination:${target}`;

export const createHealth = (store: Pick<EventStore, 'loadState' | 'changeState'>, now: () => number): Health => {
  const known = new Map<string, { health: DestinationHealth; savedMs: number }>();

  const load = async (target: string): Promise<DestinationHealth> => {
    try {
      return parseHealth(await store.loadState(keyOf(target)));
    } catch (error) {
      if (error instanceof StoreUnavailable) return unknownHealth;
      throw error;
    }
  };

  /** Gives what was stored before. */
  const save = async (target: string, result: SendResult, at: string): Promise<DestinationHealth> => {
    try {
      return await store.changeState(keyOf(target), (state) => {
        const before = parseHealth(state);
        return { state: noteResult(before, result, at), result: before };
      });
    } catch (error) {
      // It is only told less exactly then, and the next result is written again.
      if (!(error instanceof StoreUnavailable)) throw error;
      return unknownHealth;
    }
  };

  return {
    async ended(target, result) {
      const nowMs = now();
      const at = toIso(nowMs);
      let before = known.get(target);
      if (!before) {
        const stored = await load(target);
        // Another attempt may have ended while the store was asked.
        before = known.get(target) ?? { health: stored, savedMs: Number.NEGATIVE_INFINITY };
      }
      const health = noteResult(before.health, result, at);
      const isNews = (health.refusing_since === null) !== (before.health.refusing_since === null);
      const isDue = isNews || Math.abs(nowMs - before.savedMs) >= saveEveryMs;
      known.set(target, { health, savedMs: isDue ? nowMs : before.savedMs });
      const stored = isDue ? await save(target, result, at) : unknownHealth;
      return result.outcome === 'delivered' ? refusedSince(before.health, stored) : null;
    },
    async revived(target) {
      const own = known.get(target);
      if (own) known.set(target, { ...own, health: withoutRevival(own.health) });
      await store.changeState(keyOf(target), (state) => ({
        state: withoutRevival(parseHealth(state)),
        result: undefined,
      }));
    },
    async of(target) {
      const stored = await load(target);
      const own = known.get(target)?.health ?? unknownHealth;
      return heardAt(own) >= heardAt(stored) ? own : stored;
    },
  };
};
