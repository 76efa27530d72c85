import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '../lib/errors.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { SignalOutcomes } from '../pipeline/signal-outcome.ts';
import type { Outcome, Signal } from '../pipeline/topics.ts';

export interface PublishSignalDeps {
  readonly bus: Pick<Bus, 'publish'>;
  readonly outcomes: Pick<SignalOutcomes, 'expect'>;
}

/** Publishes a signal that nobody sent us, and waits for what becomes of it. Rejects when the store could not answer. */
export const createPublishSignal =
  ({ bus, outcomes }: PublishSignalDeps) =>
  async (signal: Omit<Signal, 'signalId'>): Promise<readonly Outcome[]> => {
    const signalId = randomUUID();
    const ended = outcomes.expect(signalId);
    bus.publish('signal.received', { signalId, ...signal });
    const all = await ended;
    for (const outcome of all)
      if (outcome.kind === 'failed' && outcome.error instanceof StoreUnavailable) throw outcome.error;
    return all;
  };
