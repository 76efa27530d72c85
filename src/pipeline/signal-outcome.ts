// How a handler learns what became of its signal: it registers before it publishes and awaits one answer.
import type { Bus } from './bus.ts';
import type { Outcome } from './topics.ts';

export interface SignalOutcomes {
  /** Resolves with what became of each observation in the signal, once all of it is stored, or has failed. */
  expect(signalId: string): Promise<readonly Outcome[]>;
  /** How many signals are waited for. */
  waiting(): number;
}

export const createSignalOutcomes = (bus: Pick<Bus, 'on'>): SignalOutcomes => {
  const waiters = new Map<string, (outcomes: readonly Outcome[]) => void>();
  const answer = (signalId: string, outcomes: readonly Outcome[]): void => {
    const waiter = waiters.get(signalId);
    waiters.delete(signalId);
    waiter?.(outcomes);
  };
  bus.on('signal.processed', ({ signalId, outcomes }) => answer(signalId, outcomes));
  bus.on('stage.failed', ({ signalId, error }) =>
    answer(signalId, [{ kind: 'failed', eventId: '', error, routed: false }]),
  );
  return {
    expect: (signalId) =>
      new Promise((resolve) => {
        waiters.set(signalId, resolve);
      }),
    waiting: () => waiters.size,
  };
};
