// Notices that the open file was removed, or replaced by another. Anything written to it then would be gone with the
// process.
import { type BigIntStats, statSync } from 'node:fs';
import { StoreUnavailable } from '../../lib/errors.ts';

export interface FileGuard {
  /** @throws {StoreUnavailable} when the file was removed or replaced since it was opened */
  check(): void;
}

const identify = (path: string): string | undefined => {
  const found: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
};

/** To be made when the file has just been opened. */
export const guardFile = (path: string): FileGuard => {
  const opened = new Map([path, `${path}-wal`].map((name) => [name, identify(name)]));

  return {
    check() {
      for (const [name, identity] of opened) {
        const found = identify(name);
        if (found === identity) continue;
        // The log may come into being with the first write; from then on it stays.
        if (identity === undefined) opened.set(name, found);
        else {
          const what = found === undefined ? 'removed' : 'replaced by another';
          throw new StoreUnavailable('store_unavailable', `the store's file ${name} was ${what} while it was in use`);
        }
      }
    },
  };
};
