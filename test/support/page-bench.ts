// A status page with the real normalizer behind it and a small store, which keeps what is ongoing.
import type { Observation } from '../../src/domain/observation.ts';
import { createStatusPageNormalizer } from '../../src/ingest/polling/normalize.ts';
import { createPage, type PageStore } from '../../src/ingest/polling/page.ts';
import type { Ongoing } from '../../src/ingest/polling/payload.ts';
import { statuspage } from '../../src/ingest/statuspage/dialect.ts';
import type { Outcome, Signal } from '../../src/pipeline/topics.ts';
import { createClock } from './clock.ts';
import { collectLog } from './log.ts';
import { type SummaryParts, summary } from './status-page.ts';

interface Kept extends Ongoing {
  readonly resolvedAt: string | null;
}

const outcomeOf = (known: Kept | undefined, resolvedAt: string | null, eventId: string): Outcome => {
  if (known === undefined) return { kind: 'stored', eventId, routed: false };
  if (known.resolvedAt === resolvedAt) return { kind: 'duplicate', eventId, routed: false };
  return { kind: resolvedAt === null ? 'reopened' : 'resolved', eventId, routed: false };
};

/** What the pipeline does with an observation, as far as a status page can see it. */
const createEvents = () => {
  const events = new Map<string, Kept>();
  const keep = (kept: Kept): Outcome => {
    const outcome = outcomeOf(events.get(kept.event_id), kept.resolvedAt, kept.event_id);
    events.set(kept.event_id, kept);
    return outcome;
  };
  const apply = (observation: Observation): Outcome => {
    if (observation.type === 'sighting') {
      const { event_id, started_at, resolved_at } = observation.event;
      return keep({ event_id, started_at, subject: observation.subject, resolvedAt: resolved_at });
    }
    const known = events.get(observation.eventId);
    if (known === undefined || observation.type !== 'absence') throw new Error('this is not ongoing');
    return keep({ ...known, resolvedAt: observation.resolvedAt });
  };
  return { events, apply, ongoing: () => [...events.values()].filter(({ resolvedAt }) => resolvedAt === null) };
};

export const createPageBench = (staleAfterSeconds = 900) => {
  const clock = createClock();
  const logged = collectLog();
  const { events, apply, ongoing } = createEvents();
  const states = new Map<string, unknown>();
  const signals: Signal[] = [];
  const observations: Observation[] = [];
  const waiting = new Map<string, (outcomes: readonly Outcome[]) => void>();
  const normalize = createStatusPageNormalizer(logged.log);
  let answer: () => object = () => ({});
  let failWith: unknown;
  let isHeld = true;

  const store: PageStore = {
    ongoingEvents: async () => ongoing(),
    loadState: async (key) => states.get(key),
    // As a row would come back.
    saveState: async (key, state) => void states.set(key, JSON.parse(JSON.stringify(state))),
    withLock: (_name, work) => work(async () => isHeld),
  };
  const process = (signal: Signal): readonly Outcome[] => {
    const observed = normalize(signal);
    observations.push(...observed);
    if (failWith === undefined) return observed.map(apply);
    return [{ kind: 'failed', eventId: 'an event', error: failWith, routed: false }];
  };
  const page = createPage('acme', async () => statuspage.read([answer()], 0), {
    bus: {
      publish(topic, message) {
        if (topic !== 'signal.received' || !('payload' in message))
          throw new Error(`nothing else is published: ${topic}`);
        signals.push(message);
        waiting.get(message.signalId)?.(process(message));
        waiting.delete(message.signalId);
      },
    },
    outcomes: { expect: (signalId) => new Promise((resolve) => waiting.set(signalId, resolve)) },
    store,
    log: logged.log,
    now: clock.now,
    staleAfterSeconds,
  });

  return {
    page,
    clock,
    logged,
    signals,
    observations,
    states,
    events,
    ongoing,
    /** The events that are open, by subject without the source. */
    openSubjects: () => ongoing().map(({ subject }) => subject.replace('acme_status:', '')),
    failWith(error: unknown) {
      failWith = error;
    },
    /** From now on, another replica has read the status page meanwhile. */
    loseLock() {
      isHeld = false;
    },
    /** Fetches a summary with these parts. */
    look(parts: SummaryParts) {
      answer = () => summary(parts);
      return page.pull('req');
    },
    /** Fetches something that is no summary, or fails. */
    fail(error: Error) {
      answer = () => {
        throw error;
      };
      return page.pull('req');
    },
    minutes: (count: number) => clock.advance(count * 60_000),
  };
};
