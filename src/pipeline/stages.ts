// The four stages, which order themselves by the topics that they listen to.
import type { EventStore } from '../stores/event-store.ts';
import type { Bus } from './bus.ts';
import { createDedupe } from './dedupe.ts';
import { createNormalize } from './normalize.ts';
import { createRoute } from './route.ts';
import type { RoutingRules } from './routing.ts';
import { createStore } from './store.ts';
import type { Normalizer } from './topics.ts';

export interface StageDeps {
  readonly store: Pick<EventStore, 'find' | 'change'>;
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  readonly rules: RoutingRules;
  readonly now: () => number;
}

export const subscribeStages = (bus: Bus, { store, normalizers, rules, now }: StageDeps): void => {
  bus.subscribe(createNormalize(normalizers));
  bus.subscribe(createDedupe(store, now));
  bus.subscribe(createStore(store, now));
  bus.subscribe(createRoute(store, rules, now));
};
