// The database's clock, which is the same for all replicas. It is asked for now and then, and goes on by a clock of ours
// that never steps in between.
import * as z from 'zod';
import type { EventStore } from '../event-store.ts';
import type { Session } from './connections.ts';

/** How long what the database said is believed. */
const believedMs = 5000;
/** An answer that took longer may be wrong by half of that, so it serves once. */
const quickMs = 1000;

const clockSql = 'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms';
const clockRow = z.object({ ms: z.coerce.number() });

interface Clocks {
  /** Never steps, but stands still while the machine sleeps. */
  readonly monotonicMs: () => number;
  /** May step, and goes on while the machine sleeps. */
  readonly wallMs: () => number;
}

const ours: Clocks = { monotonicMs: () => performance.now(), wallMs: () => Date.now() };

/** Rejects with `StoreUnavailable` when the database has to be asked and cannot answer. */
export const createSharedClock = (
  session: Pick<Session, 'rows'>,
  { monotonicMs, wallMs }: Clocks = ours,
): EventStore['sharedClock'] => {
  let known:
    | { readonly sharedMs: number; readonly atMs: number; readonly wallMs: number; readonly isQuick: boolean }
    | undefined;
  let asking: Promise<void> | undefined;

  const ask = async (): Promise<void> => {
    const beforeMs = monotonicMs();
    const [row] = await session.rows(clockRow, clockSql);
    // It was read somewhere in between.
    const tookMs = monotonicMs() - beforeMs;
    if (row) known = { sharedMs: row.ms, atMs: beforeMs + tookMs / 2, wallMs: wallMs(), isQuick: tookMs < quickMs };
  };

  const isBelieved = (): boolean =>
    known?.isQuick === true &&
    monotonicMs() - known.atMs < believedMs &&
    Math.abs(wallMs() - known.wallMs) < believedMs;

  const read = (): number => (known ? known.sharedMs + monotonicMs() - known.atMs : wallMs());

  return async () => {
    if (!isBelieved()) {
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      await asking;
    }
    return read;
  };
};
