// Signed Stripe webhooks as bytes, made before the clock runs.
import { signatureHeader } from '../../src/cli/sign.ts';

export interface Webhooks {
  /** Every id begins with it; the same prefix gives the same events again. */
  readonly prefix: string;
  readonly count: number;
  readonly type: string;
  readonly secret: string;
  readonly path: string;
}

/** A payment intent with the fields that a declined one has, some 1.2 kB: no real one, but of a usual size. */
const objectOf = (id: string) => ({
  id,
  object: 'payment_intent',
  amount: 4200,
  amount_capturable: 0,
  amount_received: 0,
  capture_method: 'automatic',
  client_secret: null,
  created: 1_767_225_590,
  currency: 'eur',
  customer: 'cus_bench',
  description: 'Order 4711 of the benchmark',
  last_payment_error: {
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
    payment_method: {
      id: 'pm_bench',
      object: 'payment_method',
      card: { brand: 'visa', exp_month: 12, exp_year: 2030 },
    },
    type: 'card_error',
  },
  latest_charge: 'ch_bench',
  livemode: true,
  metadata: { order: '4711', shop: 'bench' },
  payment_method_types: ['card'],
  status: 'requires_payment_method',
});

export const eventIdOf = (prefix: string, at: number): string => `evt_${prefix}_${at}`;

export const webhookBody = ({ prefix, type }: Pick<Webhooks, 'prefix' | 'type'>, at: number): string =>
  JSON.stringify({
    id: eventIdOf(prefix, at),
    object: 'event',
    api_version: '2026-10-28',
    // One account each: more than twenty failures of one account in ten minutes are told as a storm, by one alert.
    account: `acct_${at}`,
    created: 1_767_225_600,
    data: { object: objectOf(`pi_${prefix}_${at}`) },
    livemode: true,
    pending_webhooks: 1,
    request: { id: `req_${at}`, idempotency_key: `key-${prefix}-${at}` },
    type,
  });

/** The requests, signed now: they are taken for 300 seconds. */
export const webhookRequests = (webhooks: Webhooks): readonly Buffer[] => {
  const { count, secret, path } = webhooks;
  const nowMs = Date.now();
  return Array.from({ length: count }, (_, at) => {
    const body = webhookBody(webhooks, at);
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: bench',
      'Content-Type: application/json; charset=utf-8',
      'User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      `Stripe-Signature: ${signatureHeader(body, secret, nowMs)}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
};
