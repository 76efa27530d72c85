// Tries a destination with a test message and its end, for `vendor-signals check --live`.
import { type Alert, freshAlert } from '../domain/alert.ts';
import { createDelivery } from '../domain/delivery.ts';
import type { UnifiedEvent } from '../domain/event.ts';
import { toIso } from '../lib/time.ts';
import type { Destination, SendRequest, SendResult } from './destination.ts';

export interface ProbeResult {
  readonly trigger: SendResult;
  /** Absent when the test message certainly did not arrive. */
  readonly resolve?: SendResult;
}

const summary = 'vendor-signals: a test message, which needs nobody';

const eventOf = (id: string, at: string, resolvedAt: string | null): UnifiedEvent => ({
  event_id: id,
  source: 'vendor_signals_status',
  kind: 'incident',
  severity: 'info',
  service: 'vendor-signals',
  summary,
  description: 'Sent by "vendor-signals check --live" to find out whether this destination can be reached.',
  started_at: at,
  resolved_at: resolvedAt,
  raw: { test: true },
});

const alertOf = (id: string, at: string, resolvedAt: string | null): Alert => ({
  ...freshAlert,
  alert_id: id,
  scope: id,
  source: 'vendor_signals_status',
  title: summary,
  severity: 'info',
  state: resolvedAt === null ? 'open' : 'resolved',
  opened_at: at,
  resolved_at: resolvedAt,
  request_id: id,
});

/** Sends the test message, and its end unless it certainly did not arrive. A mock needs none: it is this service itself. */
export const probeDestination = async (
  destination: Destination,
  publicUrl: string | null,
  nowMs: number,
): Promise<ProbeResult> => {
  const id = `vendor-signals:test:${nowMs}`;
  const at = toIso(nowMs);
  const requestOf = (action: 'trigger' | 'resolve', ordinal: number, memo: string | undefined): SendRequest => {
    const endedAt = action === 'resolve' ? toIso(nowMs + 1) : null;
    const { name, target, reachesPeople } = destination;
    const reason = action === 'resolve' ? 'ended' : 'opened';
    const ids = { alert_id: id, event_id: id, event_ids: [id], destination: name, target, request_id: id };
    const what = { reaches_people: reachesPeople, action, reason, severity: 'info', cycle: 1, ordinal } as const;
    const first = createDelivery({ ...ids, ...what, action: 'trigger', reason: 'opened', ordinal: 1 }, nowMs);
    const delivery = createDelivery({ ...ids, ...what }, nowMs);
    const deliveries = ordinal === 1 ? [delivery] : [first, delivery];
    return {
      delivery,
      alert: { ...alertOf(id, at, endedAt), deliveries },
      about: { event: eventOf(id, at, endedAt), facts: { page_name: 'vendor-signals' }, testMode: false },
      others: [],
      memo,
      publicUrl,
      requestId: `check-${nowMs}`,
    };
  };
  const trigger = await destination.send(requestOf('trigger', 1, undefined));
  // Without an answer it may have arrived.
  if (trigger.outcome !== 'delivered' && trigger.outcome !== 'unknown') return { trigger };
  const memo = trigger.outcome === 'delivered' ? trigger.memo : undefined;
  return { trigger, resolve: await destination.send(requestOf('resolve', 2, memo)) };
};
