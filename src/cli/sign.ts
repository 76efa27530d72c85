import { createHmac } from 'node:crypto';

/**
 * A `Stripe-Signature` header over the payload, as https://docs.stripe.com/webhooks#verify-manually describes it. Made here,
 * for loading Stripe's package takes longer than all else of sending.
 */
export const signatureHeader = (payload: string, secret: string, atMs: number): string => {
  const seconds = Math.floor(atMs / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${payload}`, 'utf8').digest('hex');
  return `t=${seconds},v1=${signature}`;
};
