// The stages, which order themselves by the topics that they listen to.
import { type Bus, createDraftBus } from './bus.ts';
import { dedupe } from './dedupe.ts';
import { createNormalize, type NormalizeDeps } from './normalize.ts';
import { createRoute } from './route.ts';
import { store as storeStage } from './store.ts';
import { createTransactions, type TransactionDeps } from './transaction.ts';
import { createWake } from './wake.ts';

export type StageDeps = Omit<TransactionDeps, 'drafts' | 'bus'> & NormalizeDeps;

export const subscribeStages = (bus: Bus, deps: StageDeps): void => {
  const drafts = createDraftBus();
  drafts.subscribe(dedupe);
  drafts.subscribe(storeStage);
  drafts.subscribe(createRoute(deps.policy, deps.onBroken));
  bus.subscribe(createNormalize(deps));
  bus.subscribe(createTransactions({ ...deps, bus, drafts }));
  bus.subscribe(createWake({ ...deps, bus }));
};
