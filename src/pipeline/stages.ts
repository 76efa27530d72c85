// The stages, which order themselves by the topics that they listen to.
import { askSighting } from './ask-sighting.ts';
import { type Bus, createDraftBus } from './bus.ts';
import { dedupe } from './dedupe.ts';
import { createNormalize } from './normalize.ts';
import { createRoute } from './route.ts';
import { store as storeStage } from './store.ts';
import type { Normalizer } from './topics.ts';
import { createTransactions, type TransactionDeps } from './transaction.ts';
import { createWake } from './wake.ts';

export interface StageDeps extends Omit<TransactionDeps, 'drafts' | 'bus'> {
  readonly normalizers: ReadonlyMap<string, Normalizer>;
}

export const subscribeStages = (bus: Bus, { normalizers, ...deps }: StageDeps): void => {
  const drafts = createDraftBus();
  drafts.subscribe(dedupe);
  drafts.subscribe(storeStage);
  drafts.subscribe(createRoute(deps.policy, deps.onBroken));
  bus.subscribe(
    createNormalize(
      normalizers,
      (sighting) => askSighting(sighting, deps.policy().rules, deps.now())?.ruling.severity ?? sighting.event.severity,
    ),
  );
  bus.subscribe(createTransactions({ ...deps, bus, drafts }));
  bus.subscribe(createWake({ ...deps, bus }));
};
