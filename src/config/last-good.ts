// The store's copy of the last rules file that was taken. It is what a start with a broken file falls back to, and how
// replicas see that their files differ.
import type { Log } from '../lib/log.ts';

export interface LastGoodRules {
  readonly text: string;
  /** SHA-256 in hex. */
  readonly hash: string;
  /** When it was taken: ISO-8601 in UTC. */
  readonly at: string;
}

/** What the store keeps of rules files, shared by all replicas. */
export interface LastGoodPort {
  loadLastGood(): Promise<LastGoodRules | null>;
  saveLastGood(text: string, hash: string, at: string): Promise<void>;
}

export interface LastGoodCopy {
  /** Null: there is none, or the store does not answer. */
  readonly load: () => Promise<LastGoodRules | null>;
  readonly save: (rules: LastGoodRules) => Promise<void>;
  /** Compares the rules in effect with the newest of all replicas. */
  readonly compare: (own: Omit<LastGoodRules, 'text'>) => Promise<void>;
  /** Whether another replica has taken a newer file with other rules. */
  readonly isOutdated: () => boolean;
}

/** A store that is away costs the copy, not the rules: nothing here rejects. */
export const createLastGoodCopy = (path: string, port: LastGoodPort, log: Log): LastGoodCopy => {
  let isOutdated = false;

  const load = async (): Promise<LastGoodRules | null> => {
    try {
      return await port.loadLastGood();
    } catch (err) {
      log.warn({ file: path, err }, 'rules.last_good_not_read');
      return null;
    }
  };

  return {
    load,
    save: async ({ text, hash, at }) => {
      try {
        await port.saveLastGood(text, hash, at);
      } catch (err) {
        log.warn({ file: path, err }, 'rules.last_good_not_saved');
      }
    },
    compare: async ({ hash, at }) => {
      const newest = await load();
      if (newest === null) return;
      const differs = newest.hash !== hash && newest.at > at;
      if (differs && !isOutdated)
        log.error({ file: path, hash, newest: newest.hash, since: newest.at }, 'rules.other_replica_differs');
      isOutdated = differs;
    },
    isOutdated: () => isOutdated,
  };
};
