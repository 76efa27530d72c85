// Compile-only: `tsc` fails when the topic maps change without this file, or when misuse of the buses compiles.
import type { Severity, UnifiedEvent } from '../../src/domain/event.ts';
import type { Observation } from '../../src/domain/observation.ts';
import type { Bus, DraftBus } from '../../src/pipeline/bus.ts';
import type { Draft } from '../../src/pipeline/draft.ts';
import type { DraftTopic, DraftTopics } from '../../src/pipeline/draft-topics.ts';
import type { DraftStage, Stage } from '../../src/pipeline/stage.ts';
import type { Outcome, QueuedDelivery, Signal, Thread, Topic, Topics, Unchanged } from '../../src/pipeline/topics.ts';

type Flat<T> = { [K in keyof T]: T[K] };
type Same<A, B> = (<T>() => T extends Flat<A> ? 1 : 2) extends <T>() => T extends Flat<B> ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

interface OnThread {
  readonly signalId: string;
  readonly requestId: string;
}

interface Pinned {
  'signal.received': OnThread & {
    readonly vendor: string;
    readonly source: string;
    readonly payload: unknown;
    readonly checked?: unknown;
    readonly rawJson?: string | undefined;
    readonly missed?: 'open' | 'over' | undefined;
    readonly header?: ((name: string) => string | undefined) | undefined;
  };
  'signal.normalized': OnThread & { readonly observations: readonly Observation[] };
  'signal.processed': OnThread & { readonly outcomes: readonly Outcome[] };
  'event.stored': OnThread & {
    readonly eventId: string;
    readonly change: 'stored' | 'updated' | 'resolved' | 'reopened' | 'revised';
    readonly source: string;
    readonly severity: Severity;
    readonly alertId: string | null;
  };
  'event.unchanged': OnThread & {
    readonly eventId: string;
    readonly source: string;
    readonly reason: 'duplicate' | 'older' | 'ignored';
  };
  'routing.decided': OnThread & {
    readonly eventId: string;
    readonly alertId: string | null;
    readonly deliveryIds: readonly string[];
    readonly reason: string;
  };
  'alert.changed': OnThread & {
    readonly alertId: string;
    readonly change: 'opened' | 'reopened' | 'updated' | 'resolved';
    readonly state: 'open' | 'resolved';
    readonly source: string;
    readonly severity: Severity;
  };
  'alert.due': OnThread & { readonly alertId: string; readonly scope: string; readonly cause: 'time' | 'rules' };
  'alert.looked_at': OnThread & { readonly alertId: string };
  'delivery.queued': OnThread & {
    readonly alertId: string;
    readonly scope: string;
    readonly deliveries: readonly QueuedDelivery[];
  };
  'stage.failed': OnThread & { readonly stage: string; readonly error: unknown };
  'listener.failed': OnThread & { readonly topic: string; readonly error: unknown };
}

type PinnedTopics = { [T in Topic]: T extends keyof Pinned ? Same<Topics[T], Pinned[T]> : false };

/** Each of these is `true`, or this file does not compile. */
export type Pins = [
  Expect<Same<Record<Topic, 1>, Record<keyof Pinned, 1>>>,
  Expect<PinnedTopics['signal.received']>,
  Expect<PinnedTopics['signal.normalized']>,
  Expect<PinnedTopics['signal.processed']>,
  Expect<PinnedTopics['event.stored']>,
  Expect<PinnedTopics['event.unchanged']>,
  Expect<PinnedTopics['routing.decided']>,
  Expect<PinnedTopics['alert.changed']>,
  Expect<PinnedTopics['alert.due']>,
  Expect<PinnedTopics['alert.looked_at']>,
  Expect<PinnedTopics['delivery.queued']>,
  Expect<PinnedTopics['stage.failed']>,
  Expect<PinnedTopics['listener.failed']>,
  Expect<
    Same<DraftTopics, { 'draft.opened': Draft; 'draft.deduped': Draft; 'draft.stored': Draft; 'draft.routed': Draft }>
  >,
];

// @ts-expect-error – a topic that does not exist
export type NoSuchTopic = Topics['event.created'];
// @ts-expect-error – the pins can fail
export type OtherThread = Expect<Same<Thread, { readonly signalId: string }>>;
// @ts-expect-error – and they see a missing `readonly`
export type Writable = Expect<Same<Thread, { signalId: string; requestId: string }>>;

/** Never called: what must not compile. */
export const misuse = (bus: Bus, drafts: DraftBus, signal: Signal, event: UnifiedEvent, draft: Draft): void => {
  bus.publish('signal.received', signal);

  // @ts-expect-error – a topic that does not exist
  bus.publish('signal.recieved', signal);
  // @ts-expect-error – the payload of another topic
  bus.publish('event.stored', signal);
  // @ts-expect-error – a message without its thread
  bus.publish('stage.failed', { stage: 'store', error: null });
  // @ts-expect-error – a listener that expects another payload
  bus.on('event.unchanged', ({ deliveryIds }) => deliveryIds);
  bus.on('event.unchanged', ({ reason }) => {
    // @ts-expect-error – no reason why nothing changed
    const isBored = reason === 'bored';
    return isBored;
  });

  // @ts-expect-error – messages are read-only
  signal.payload = null;
  // @ts-expect-error – and so are events
  event.severity = 'info';
  // @ts-expect-error – and drafts
  draft.routed = true;

  // @ts-expect-error – what failed is an outcome, and no reason why nothing changed
  const unchanged: Unchanged = 'failed';
  // @ts-expect-error – nothing is listened to inside a transaction
  bus.on('draft.stored', () => undefined);
  // @ts-expect-error – and no draft topic is a topic of the bus
  const topic: Topic = 'draft.stored' satisfies DraftTopic;

  const stage: Stage<'signal.received', 'event.stored'> = {
    name: 'leaps',
    input: 'signal.received',
    output: 'event.stored',
    // @ts-expect-error – a stage publishes on its own output topic only
    run: async ({ signalId, requestId }) => ({ signalId, requestId, stage: 'leaps', error: null }),
  };
  bus.subscribe(stage);
  // @ts-expect-error – a stage must say what it listens to
  bus.subscribe({ name: 'deaf', output: 'event.stored', run: stage.run });

  const waits: DraftStage = {
    name: 'waits',
    input: 'draft.opened',
    output: 'draft.deduped',
    // @ts-expect-error – a stage inside a transaction is synchronous
    run: async (given) => given,
  };
  drafts.subscribe(waits);
  // @ts-expect-error – and no stage of the bus
  bus.subscribe(waits);
  void [unchanged, topic];
};
