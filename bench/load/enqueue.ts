// A request to PagerDuty such as the service makes of a failed payout, for the peers that do no more than send it.
import { payoutFailed } from './ingest.ts';
import { routingKey } from './pagerduty.ts';

export const enqueueRequest = (key: string) => ({
  routing_key: routingKey,
  event_action: 'trigger',
  dedup_key: key,
  client: 'vendor-signals',
  payload: {
    summary: `${payoutFailed}: po_bench (Stripe, 42.00 EUR)`,
    severity: 'critical',
    source: 'stripe',
    component: 'stripe',
    group: 'stripe',
    class: 'payment',
    timestamp: '2026-01-01T00:00:00.000Z',
    custom_details: { type: payoutFailed, object: 'payout', amount: 4200, currency: 'eur' },
  },
});
