// How a handler learns what became of its signal. It registers before it publishes and awaits one answer;
// it does no pipeline work itself.
import type { Bus } from './bus.ts';
import type { StopReason, StoredChange } from './topics.ts';

export type Outcome =
  | { readonly kind: StoredChange; readonly eventId: string; readonly triggered: boolean }
  | { readonly kind: StopReason; readonly eventId: string | null; readonly triggered: false }
  | { readonly kind: 'failed'; readonly error: unknown; readonly triggered: false };

export interface Outcomes {
  /** Resolves once the signal's event is stored, or routed, or has gone no further for whatever reason. */
  expect(signalId: string, until: 'stored' | 'routed'): Promise<Outcome>;
}

interface Waiter {
  readonly until: 'stored' | 'routed';
  readonly answer: (outcome: Outcome) => void;
  stored?: { readonly kind: StoredChange; readonly eventId: string };
}

export const createOutcomes = (bus: Bus): Outcomes => {
  const waiters = new Map<string, Waiter>();

  const answer = (signalId: string, outcome: Outcome): void => {
    const waiter = waiters.get(signalId);
    waiters.delete(signalId);
    waiter?.answer(outcome);
  };

  /** Once the event is stored, whatever comes later only decides whether it was triggered. */
  const end = (signalId: string, triggered: boolean, unlessStored?: Outcome): void => {
    const stored = waiters.get(signalId)?.stored;
    const outcome = stored ? { ...stored, triggered } : unlessStored;
    if (outcome) answer(signalId, outcome);
  };

  bus.on('event.stored', ({ signalId, eventId, change }) => {
    const waiter = waiters.get(signalId);
    if (!waiter || change === 'recovered') return;
    if (waiter.until === 'stored') answer(signalId, { kind: change, eventId, triggered: false });
    else waiter.stored = { kind: change, eventId };
  });
  bus.on('delivery.queued', ({ signalId, triggered }) => end(signalId, triggered));
  bus.on('stage.stopped', ({ signalId, reason, eventId }) =>
    end(signalId, false, { kind: reason, eventId, triggered: false }),
  );
  bus.on('stage.failed', ({ signalId, error }) => end(signalId, false, { kind: 'failed', error, triggered: false }));

  return {
    expect: (signalId, until) =>
      new Promise((resolve) => {
        waiters.set(signalId, { until, answer: resolve });
      }),
  };
};
