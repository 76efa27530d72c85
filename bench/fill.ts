// Fills a store with events as they are after they were taken in and routed, past HTTP.

import { judge } from '../src/domain/lifecycle.ts';
import { normalizeStripe } from '../src/ingest/stripe/normalize.ts';
import { createLog } from '../src/lib/log.ts';
import { toIso } from '../src/lib/time.ts';
import type { EventRecord, EventStore, HistoryEntry } from '../src/stores/event-store.ts';
import { openStore } from '../src/stores/open.ts';
import { paymentFailed } from './load/ingest.ts';
import { webhookBody } from './load/requests.ts';

const inFlight = 500;
const firstSeenMs = Date.parse('2026-06-01T00:00:00Z');

interface Stored {
  readonly record: EventRecord;
  readonly history: readonly HistoryEntry[];
}

/** The event with this number: stored, routed nowhere, and done with. */
const storedEvent = (prefix: string, at: number): Stored => {
  const payload: unknown = JSON.parse(webhookBody({ prefix, type: paymentFailed }, at));
  const seen = normalizeStripe({ vendor: 'stripe', source: 'stripe', payload, signalId: 'bench', requestId: 'bench' });
  const judgement = judge(undefined, seen, toIso(firstSeenMs + at * 1000), 'bench');
  if (judgement.verdict !== 'new') throw new Error(`event ${at} is ${judgement.verdict}`);
  const { record, entry } = judgement;
  const reason = 'Not sent: warning events are sent only if ROUTE_WARNING=true.';
  return { record: { ...record, routed_version: record.version, routing_reason: reason }, history: [entry] };
};

/** Adds the events from number `from` up to, but without, `to`. */
export const fill = async (store: EventStore, prefix: string, from: number, to: number): Promise<void> => {
  for (let at = from; at < to; at += inFlight) {
    const changes = Array.from({ length: Math.min(inFlight, to - at) }, (_, offset) => {
      const stored = storedEvent(prefix, at + offset);
      return store.change(stored.record.event.event_id, () => ({ result: undefined, ...stored }));
    });
    await Promise.all(changes);
  }
};

/** The same, on a store that is opened and closed for it. */
export const fillAt = async (url: string, prefix: string, from: number, to: number): Promise<void> => {
  const store = openStore({ url, eventCapacity: to, dedupeCapacity: to }, createLog('silent'));
  await fill(store, prefix, from, to);
  await store.close();
};
