import Stripe from 'stripe';

/** A `Stripe-Signature` header over the payload, as Stripe makes it. */
export const signatureHeader = (payload: string, secret: string, atMs: number): string =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: Math.floor(atMs / 1000) });
