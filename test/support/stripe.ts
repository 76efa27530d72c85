import { signatureHeader } from '../../src/cli/sign.ts';

export const webhookSecret = 'whsec_test_secret';

/** A Stripe event of a given type, as small as one can be. */
export const stripeEvent = (id: string, type = 'payout.failed', more: Readonly<Record<string, unknown>> = {}) => ({
  id,
  object: 'event',
  type,
  created: 1_767_225_600,
  data: { object: { id: `obj_${id}` } },
  ...more,
});

/** A signed request of a payload, which may be an object or the body's own text. */
export const signed = (payload: unknown, atMs = Date.now(), secret = webhookSecret): RequestInit => {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return { method: 'POST', body, headers: { 'stripe-signature': signatureHeader(body, secret, atMs) } };
};
