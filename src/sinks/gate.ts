// What decides when the next request may go to a destination. The open gate lets everything through; pace.ts has the one
// that keeps a limit and pauses.
import type { SendResult } from './destination.ts';
import type { Group } from './urgency.ts';

/** Which of the groups that wait may send one request now, or how long nobody may. */
export type Taken = { readonly group: Group } | { readonly waitMs: number };

export interface Gate {
  /** Takes one request for the first of these groups that may send, or another one where a paused destination is probed. */
  take(waiting: readonly Group[]): Promise<Taken>;
  /** The request that was taken is not made. */
  unused(): Promise<void>;
  /** The request that was taken has ended like this. */
  ended(result: SendResult): Promise<void>;
  /** Whether single requests find out if the destination is well again. */
  isProbing(): boolean;
  /** Until when nothing is sent, because the destination asked for it or does not answer; null when it is not paused. */
  pausedUntilMs(): number | null;
}

/** Makes the gate of a destination. `perMinute` tells its limit as it is now; null for none. */
export type GateOf = (target: string, perMinute: () => number | null) => Gate;

export const openGate: Gate = {
  take: async ([group = 'update']) => ({ group }),
  unused: async () => undefined,
  ended: async () => undefined,
  isProbing: () => false,
  pausedUntilMs: () => null,
};
