// Compile-only: `tsc` fails when the topic map changes without this file, or when misuse of the bus compiles.
import type { Severity, UnifiedEvent } from '../../src/domain/event.ts';
import type { Bus } from '../../src/pipeline/bus.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import type {
  Observation,
  Signal,
  StopReason,
  StoredChange,
  Thread,
  Topic,
  Topics,
  Verdict,
} from '../../src/pipeline/topics.ts';

type Flat<T> = { [K in keyof T]: T[K] };
type Same<A, B> = (<T>() => T extends Flat<A> ? 1 : 2) extends <T>() => T extends Flat<B> ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

interface OnThread {
  readonly signalId: string;
  readonly requestId: string;
}

interface Pinned {
  'signal.received': OnThread & { readonly vendor: string; readonly source: string; readonly payload: unknown };
  'observation.normalized': OnThread & { readonly observation: Observation };
  'observation.judged': OnThread & {
    readonly observation: Observation;
    readonly verdict: 'new' | 'changed' | 'seen';
  };
  'event.stored': OnThread & {
    readonly eventId: string;
    readonly change: 'stored' | 'updated' | 'resolved' | 'reopened' | 'revised' | 'recovered';
    readonly severity?: Severity;
  };
  'delivery.queued': OnThread & {
    readonly eventId: string;
    readonly deliveryIds: readonly string[];
    readonly triggered: boolean;
    readonly reason?: string;
  };
  'stage.stopped': OnThread & {
    readonly stage: string;
    readonly reason: 'ignored' | 'duplicate' | 'older' | 'unrouted';
    readonly eventId: string | null;
    readonly detail?: string;
  };
  'stage.failed': OnThread & { readonly stage: string; readonly error: unknown };
  'listener.failed': OnThread & { readonly topic: string; readonly error: unknown };
}

type PinnedTopics = { [T in Topic]: T extends keyof Pinned ? Same<Topics[T], Pinned[T]> : false };

/** Each of these is `true`, or this file does not compile. */
export type Pins = [
  Expect<Same<Record<Topic, 1>, Record<keyof Pinned, 1>>>,
  Expect<PinnedTopics['signal.received']>,
  Expect<PinnedTopics['observation.normalized']>,
  Expect<PinnedTopics['observation.judged']>,
  Expect<PinnedTopics['event.stored']>,
  Expect<PinnedTopics['delivery.queued']>,
  Expect<PinnedTopics['stage.stopped']>,
  Expect<PinnedTopics['stage.failed']>,
  Expect<PinnedTopics['listener.failed']>,
];

// @ts-expect-error – a topic that does not exist
export type NoSuchTopic = Topics['event.created'];
// @ts-expect-error – the pins can fail
export type OtherThread = Expect<Same<Thread, { readonly signalId: string }>>;
// @ts-expect-error – and they see a missing `readonly`
export type Writable = Expect<Same<Thread, { signalId: string; requestId: string }>>;

/** Never called: what must not compile. */
export const misuse = (bus: Bus, signal: Signal, event: UnifiedEvent): void => {
  bus.publish('signal.received', signal);

  // @ts-expect-error – a topic that does not exist
  bus.publish('signal.recieved', signal);
  // @ts-expect-error – the payload of another topic
  bus.publish('event.stored', signal);
  // @ts-expect-error – a message without its thread
  bus.publish('stage.failed', { stage: 'store', error: null });
  // @ts-expect-error – a listener that expects another payload
  bus.on('stage.stopped', ({ deliveryIds }) => deliveryIds);
  bus.on('stage.stopped', ({ reason }) => {
    // @ts-expect-error – no reason to stop
    const isBored = reason === 'bored';
    return isBored;
  });

  // @ts-expect-error – messages are read-only
  signal.payload = null;
  // @ts-expect-error – and so are events
  event.severity = 'info';

  // @ts-expect-error – there is no such verdict, for an old copy is not passed on
  const verdict: Verdict = 'older';
  // @ts-expect-error – recovery changes nothing
  const change: StoredChange = 'recovered';
  // @ts-expect-error – a failure is no reason to stop: it is thrown
  const stop: StopReason = 'failed';

  const stage: Stage<'signal.received', 'event.stored'> = {
    name: 'leaps',
    input: 'signal.received',
    output: 'event.stored',
    // @ts-expect-error – a stage publishes on its own output topic only
    run: async ({ signalId, requestId }) => ({ publish: { signalId, requestId, stage: 'leaps', error: null } }),
  };
  bus.subscribe(stage);
  // @ts-expect-error – a stage must say what it listens to
  bus.subscribe({ name: 'deaf', output: 'event.stored', run: stage.run });
  void [verdict, change, stop];
};
