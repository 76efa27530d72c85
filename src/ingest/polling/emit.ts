import { randomUUID } from 'node:crypto';
import { StoreUnavailable } from '../../lib/errors.ts';
import type { Bus } from '../../pipeline/bus.ts';
import type { Outcome } from '../../pipeline/topics.ts';
import { rememberMade, type StatusPagePayload, statusPageVendor } from './payload.ts';

export interface EmitDeps {
  readonly bus: Pick<Bus, 'publish'>;
  /** Resolves with the outcomes of `signal.processed`. */
  readonly outcomes: { expect(signalId: string): Promise<readonly Outcome[]> };
}

/** Publishes a status page's signal, and waits for what becomes of it. Rejects when the store could not answer. */
export const createEmit =
  (source: string, { bus, outcomes }: EmitDeps) =>
  async (payload: StatusPagePayload, requestId: string): Promise<readonly Outcome[]> => {
    const signalId = randomUUID();
    const ended = outcomes.expect(signalId);
    rememberMade(payload);
    bus.publish('signal.received', { signalId, requestId, vendor: statusPageVendor, source, payload });
    const all = await ended;
    for (const outcome of all) {
      if (outcome.kind === 'failed' && outcome.error instanceof StoreUnavailable) throw outcome.error;
    }
    return all;
  };
