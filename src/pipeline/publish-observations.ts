import { randomUUID } from 'node:crypto';
import type { Observation } from '../domain/observation.ts';
import type { Bus } from './bus.ts';
import type { SignalOutcomes } from './signal-outcome.ts';
import type { Outcome } from './topics.ts';

/**
 * Publishes observations that no vendor's signal brings, and waits for what becomes of them. Rejects with the error of the
 * first one that failed.
 */
export type PublishObservations = (
  observations: readonly Observation[],
  requestId: string,
) => Promise<readonly Exclude<Outcome, { readonly kind: 'failed' }>[]>;

export const createPublishObservations =
  (bus: Pick<Bus, 'publish'>, outcomes: Pick<SignalOutcomes, 'expect'>): PublishObservations =>
  async (observations, requestId) => {
    const signalId = randomUUID();
    const ended = outcomes.expect(signalId);
    bus.publish('signal.normalized', { signalId, requestId, observations });
    return (await ended).map((outcome) => {
      if (outcome.kind === 'failed') throw outcome.error;
      return outcome;
    });
  };
