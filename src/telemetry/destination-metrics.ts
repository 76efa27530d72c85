// How each destination stands, as the replicas know it together.
import { type DestinationState, destinationConditions } from '../sinks/destination-states.ts';
import type { MetricFactory } from './metric-factory.ts';

export interface DestinationMetrics {
  /** Replaces what is known of the destinations; by nothing when it cannot be had. */
  show(states: readonly DestinationState[], nowMs: number): void;
}

export const createDestinationMetrics = (factory: MetricFactory): DestinationMetrics => {
  const condition = factory.gauge('destination_condition', '1 for the condition that the destination is in.', [
    'destination',
    'condition',
  ]);
  const waiting = factory.gauge('destination_deliveries_waiting', 'Deliveries that wait to be sent there.', [
    'destination',
  ]);
  const oldest = factory.gauge(
    'destination_oldest_waiting_age_seconds',
    'How long the oldest of them has waited; 0 when none waits.',
    ['destination'],
  );
  const lastSuccess = factory.gauge(
    'destination_last_success_timestamp_seconds',
    'When the destination accepted something last.',
    ['destination'],
  );
  const showOne = (each: DestinationState, nowMs: number): void => {
    const destination = each.name;
    for (const name of destinationConditions)
      condition.set({ destination, condition: name }, name === each.state ? 1 : 0);
    waiting.set({ destination }, each.waiting);
    const since = each.oldest_waiting_at;
    oldest.set({ destination }, since === null ? 0 : Math.max(0, nowMs - Date.parse(since)) / 1000);
    if (each.last_success_at !== null) lastSuccess.set({ destination }, Date.parse(each.last_success_at) / 1000);
  };

  return {
    show(states, nowMs) {
      for (const gauge of [condition, waiting, oldest, lastSuccess]) gauge.reset();
      for (const state of states) showOne(state, nowMs);
    },
  };
};
