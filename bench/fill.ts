// Fills a store with events as they are after they were taken in and routed, past HTTP.

import type { EventRecord } from '../src/domain/event-record.ts';
import type { HistoryEntry } from '../src/domain/history.ts';
import { applyObservation } from '../src/domain/lifecycle.ts';
import { normalizeStripe } from '../src/ingest/stripe/normalize.ts';
import { createLog } from '../src/lib/log.ts';
import type { EventStore } from '../src/stores/event-store.ts';
import { openStore } from '../src/stores/open.ts';
import { paymentFailed } from './load/ingest.ts';
import { webhookBody } from './load/requests.ts';

const inFlight = 500;
const firstSeenMs = Date.parse('2026-06-01T00:00:00Z');

interface Stored {
  readonly event: EventRecord;
  readonly rawJson: string;
  readonly eventHistory: readonly HistoryEntry[];
}

/** Changes the event with this number, so that a store has events of many kinds. */
export type Vary = (record: EventRecord, at: number) => EventRecord;

/** The event with this number: stored, routed nowhere, and done with. */
const storedEvent = (prefix: string, at: number, vary: Vary): Stored => {
  const rawJson = webhookBody({ prefix, type: paymentFailed }, at);
  const payload: unknown = JSON.parse(rawJson);
  const thread = { signalId: 'bench', requestId: 'bench' };
  const [sighting] = normalizeStripe({ ...thread, vendor: 'stripe', source: 'stripe', payload });
  if (!sighting) throw new Error(`event ${at} is none`);
  const applied = applyObservation(undefined, sighting, firstSeenMs + at * 1000, 'bench');
  if (applied.verdict !== 'new' || !applied.entry) throw new Error(`event ${at} is ${applied.verdict}`);
  const reason = 'Not sent: warning events are sent only if ROUTE_WARNING=true.';
  return { event: vary({ ...applied.record, routing_reason: reason }, at), rawJson, eventHistory: [applied.entry] };
};

/** Adds the events from number `from` up to, but without, `to`. */
export const fill = async (
  store: EventStore,
  prefix: string,
  from: number,
  to: number,
  vary: Vary = (record) => record,
): Promise<void> => {
  for (let at = from; at < to; at += inFlight) {
    const changes = Array.from({ length: Math.min(inFlight, to - at) }, (_, offset) => {
      const stored = storedEvent(prefix, at + offset, vary);
      const { event } = stored.event;
      const keys = { eventId: event.event_id, scopes: [stored.event.scope], endedSince: event.started_at };
      return store.transact(keys, () => ({ result: undefined, ...stored }));
    });
    await Promise.all(changes);
  }
};

/** The same, on a store that is opened and closed for it. */
export const fillAt = async (url: string, prefix: string, from: number, to: number, vary?: Vary): Promise<void> => {
  const store = openStore({ url, eventCapacity: to, dedupeCapacity: to }, createLog('silent'));
  await fill(store, prefix, from, to, vary);
  await store.close();
};
