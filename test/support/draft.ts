import type { Draft } from '../../src/pipeline/draft.ts';
import type { Snapshot } from '../../src/stores/event-store.ts';
import { aSighting } from './builders.ts';

export const aSnapshot = (overrides: Partial<Snapshot> = {}): Snapshot => ({
  event: undefined,
  alerts: [],
  members: [],
  endings: [],
  guests: [],
  ...overrides,
});

/** A draft of an event that nothing is stored of, at noon. */
export const aDraft = (overrides: Partial<Draft> = {}): Draft => ({
  thread: { signalId: 'sig-1', requestId: 'req-1' },
  observation: aSighting(),
  nowMs: Date.parse('2026-03-01T12:00:00.000Z'),
  snapshot: aSnapshot(),
  eventHistory: [],
  alerts: [],
  stormOpened: undefined,
  routed: false,
  ...overrides,
});
