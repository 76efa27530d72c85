// Resolving by hand: what somebody says becomes observations like any other, all of one action in one signal.
import { randomUUID } from 'node:crypto';
import type { ManualResolve } from '../domain/observation.ts';
import type { Bus } from './bus.ts';
import type { SignalOutcomes } from './signal-outcome.ts';
import type { Outcome } from './topics.ts';

/** Rejects with what the first observation failed with. */
export type ResolveByHand = (
  observations: readonly ManualResolve[],
  requestId: string,
) => Promise<readonly Exclude<Outcome, { readonly kind: 'failed' }>[]>;

export const createResolveByHand =
  (bus: Pick<Bus, 'publish'>, outcomes: Pick<SignalOutcomes, 'expect'>): ResolveByHand =>
  async (observations, requestId) => {
    const signalId = randomUUID();
    const ended = outcomes.expect(signalId);
    bus.publish('signal.normalized', { signalId, requestId, observations });
    return (await ended).map((outcome) => {
      if (outcome.kind === 'failed') throw outcome.error;
      return outcome;
    });
  };
