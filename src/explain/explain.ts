// What would become of a vendor's payload: the real stages, over a store that keeps nothing, and no delivery. None of it is
// stored, sent or logged.
import type { DeliveryPreview } from '../domain/request-preview.ts';
import { createPage } from '../ingest/polling/page.ts';
import { createPublishSignal } from '../ingest/publish-signal.ts';
import { recognize } from '../ingest/recognize.ts';
import { createNormalizers, dialects } from '../ingest/registry.ts';
import type { Summary } from '../ingest/status-page.ts';
import type { WebhookSource } from '../ingest/webhook.ts';
import type { FieldError } from '../lib/errors.ts';
import { createLog } from '../lib/log.ts';
import { toIso } from '../lib/time.ts';
import type { Outcome } from '../pipeline/topics.ts';
import { explainEvent } from './explain-event.ts';
import type { Ended, EventExplanation, Explanation } from './explanation.ts';
import {
  createRehearsal,
  type NewDelivery,
  type Rehearsal,
  type RehearsalDeps,
  type RehearsedReads,
} from './rehearsal.ts';

export interface ExplainDeps extends Pick<RehearsalDeps, 'store' | 'policy' | 'now'> {
  readonly webhooks: readonly WebhookSource[];
  /** The request that would be made for a delivery. */
  readonly preview: (what: NewDelivery, reads: RehearsedReads) => Promise<DeliveryPreview>;
  readonly staleAfterSeconds: number;
}

export interface ExplainRequest {
  readonly payload: unknown;
  /** The status page that a summary is taken for: what is known of that status page counts. */
  readonly page: string;
  /** The time at which the rules and silences are asked, in ms since 1970; null for now. */
  readonly atMs: number | null;
  readonly requestId: string;
}

/** Rejects when the store cannot answer. */
export type Explain = (request: ExplainRequest) => Promise<Explanation | { readonly errors: readonly FieldError[] }>;

const endedOf = (outcome: Outcome): Ended => {
  if (outcome.kind === 'failed') throw outcome.error;
  return outcome;
};

/** The explained event that a new delivery is shown with: the one that it speaks of, or another one of its alert. */
const ownerOf = ({ delivery, alert }: NewDelivery, ids: readonly string[]): string | undefined =>
  [delivery.event_id, ...delivery.event_ids, ...alert.members.map(({ event_id: id }) => id)].find((id) =>
    ids.includes(id),
  );

export const createExplain = (deps: ExplainDeps): Explain => {
  const { webhooks, policy, preview, staleAfterSeconds } = deps;
  const log = createLog('silent');
  const normalizers = createNormalizers(webhooks, log);

  const explainAll = async (
    rehearsal: Rehearsal,
    outcomes: readonly Outcome[],
    nowMs: number,
  ): Promise<readonly EventExplanation[]> => {
    const ended = outcomes.map(endedOf);
    // The wake of an alert follows what caused it.
    await rehearsal.bus.idle();
    const ids = [...new Set(ended.map(({ eventId }) => eventId))];
    const previews: { readonly owner: string | undefined; readonly request: DeliveryPreview }[] = [];
    for (const created of rehearsal.newDeliveries())
      previews.push({ owner: ownerOf(created, ids), request: await preview(created, rehearsal.reads) });
    const current = policy();
    return Promise.all(
      ended.map((end) => {
        const requests = previews.filter(({ owner }) => owner === end.eventId).map(({ request }) => request);
        return explainEvent(end, rehearsal, requests, current, nowMs);
      }),
    );
  };

  const explainWebhook = async (
    { vendor, source }: WebhookSource,
    { payload, requestId }: ExplainRequest,
    now: () => number,
  ): Promise<Explanation> => {
    const rehearsal = createRehearsal({ ...deps, normalizers, now });
    const outcomes = await createPublishSignal(rehearsal)({ requestId, vendor, source, payload });
    const events = await explainAll(rehearsal, outcomes, now());
    return { vendor, at: toIso(now()), page: null, events };
  };

  const explainSummary = async (
    summary: Summary,
    { page: name, requestId }: ExplainRequest,
    now: () => number,
  ): Promise<Explanation> => {
    const rehearsal = createRehearsal({ ...deps, normalizers, now });
    const { store, bus, outcomes } = rehearsal;
    const page = createPage(name, async () => summary, { bus, outcomes, store, log, now, staleAfterSeconds });
    const report = await page.pull(requestId);
    const { condition, last_error: reason } = await page.state();
    return {
      vendor: summary.dialect,
      at: toIso(now()),
      page: { name, condition, reason, items: report.fetched, problems: report.errors },
      events: await explainAll(rehearsal, report.outcomes, now()),
    };
  };

  return async (request) => {
    const atMs = request.atMs ?? deps.now();
    const recognized = recognize(request.payload, webhooks, dialects, atMs);
    if ('errors' in recognized) return recognized;
    const now = (): number => atMs;
    return 'webhook' in recognized
      ? explainWebhook(recognized.webhook, request, now)
      : explainSummary(recognized.summary, request, now);
  };
};
