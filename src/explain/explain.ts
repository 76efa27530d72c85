// What would become of a vendor's payload: the real stages, over a store that keeps nothing, and no delivery. Nothing of
// it is stored, sent or logged.
import { randomUUID } from 'node:crypto';
import type { Delivery } from '../domain/delivery.ts';
import type { UnifiedEvent } from '../domain/event.ts';
import type { DeliveryPreview } from '../domain/request-preview.ts';
import { createPage } from '../ingest/polling/page.ts';
import { recognize } from '../ingest/recognize.ts';
import { createNormalizers } from '../ingest/registry.ts';
import type { Summary } from '../ingest/statuspage/schema.ts';
import type { WebhookSource } from '../ingest/webhook.ts';
import type { FieldError } from '../lib/errors.ts';
import { createLog } from '../lib/log.ts';
import { createBus } from '../pipeline/bus.ts';
import type { RoutingRules } from '../pipeline/routing.ts';
import { createOutcomes, type Outcome } from '../pipeline/signal-outcome.ts';
import { subscribeStages } from '../pipeline/stages.ts';
import { createOverlayStore, type Underlay } from '../stores/dry-run.ts';
import { explainEvent } from './explain-event.ts';
import type { EventExplanation, Explanation } from './explanation.ts';

export interface ExplainDeps {
  readonly store: Underlay;
  readonly webhooks: readonly WebhookSource[];
  readonly rules: RoutingRules;
  /** The request that would be made for a delivery. */
  readonly preview: (delivery: Delivery, event: UnifiedEvent) => DeliveryPreview;
  readonly staleAfterSeconds: number;
  readonly now: () => number;
}

/**
 * `page` names the status page that a summary is taken for: what is known of that page counts.
 * Rejects when the store cannot answer.
 */
export type Explain = (
  payload: unknown,
  page: string,
  requestId: string,
) => Promise<Explanation | { readonly errors: readonly FieldError[] }>;

export const createExplain = (deps: ExplainDeps): Explain => {
  const { webhooks, rules, now, staleAfterSeconds } = deps;
  const log = createLog('silent');
  const normalizers = createNormalizers(webhooks, log);

  const rehearse = () => {
    const store = createOverlayStore(deps.store);
    const bus = createBus();
    const outcomes = createOutcomes(bus);
    subscribeStages(bus, { store, normalizers, rules, now });
    const explainAll = (ended: readonly Outcome[]): Promise<readonly EventExplanation[]> =>
      Promise.all(
        ended.flatMap((end) =>
          end.kind === 'failed' || end.eventId === null
            ? []
            : [explainEvent(end.kind, end.eventId, deps.store, store, deps.preview)],
        ),
      );
    return { store, bus, outcomes, explainAll };
  };

  const explainWebhook = async (
    { vendor, source }: WebhookSource,
    payload: unknown,
    requestId: string,
  ): Promise<Explanation> => {
    const { bus, outcomes, explainAll } = rehearse();
    const signalId = randomUUID();
    const ended = outcomes.expect(signalId, 'routed');
    bus.publish('signal.received', { signalId, requestId, vendor, source, payload });
    const outcome = await ended;
    if (outcome.kind === 'failed') throw outcome.error;
    return { vendor, page: null, events: await explainAll([outcome]) };
  };

  const explainSummary = async (summary: Summary, name: string, requestId: string): Promise<Explanation> => {
    const { store, bus, outcomes, explainAll } = rehearse();
    const page = createPage(name, async () => summary, { bus, outcomes, store, log, now, staleAfterSeconds });
    const report = await page.pull(requestId);
    const { condition, last_error: reason } = await page.state();
    return {
      vendor: 'statuspage',
      page: { name, condition, reason, items: report.fetched, problems: report.errors },
      events: await explainAll(report.outcomes),
    };
  };

  return async (payload, page, requestId) => {
    const recognized = recognize(payload, webhooks);
    if ('errors' in recognized) return recognized;
    return 'webhook' in recognized
      ? explainWebhook(recognized.webhook, payload, requestId)
      : explainSummary(recognized.summary, page, requestId);
  };
};
