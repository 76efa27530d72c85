// Takes in Stripe's webhooks. The order matters and fails closed: bytes, then the signature over them, then JSON.
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import Stripe from 'stripe';
import * as z from 'zod';
import { fieldErrors } from '../../lib/errors.ts';
import { JsonRefused, parseJson } from '../../lib/json.ts';
import type { Verified, WebhookSource } from '../webhook.ts';
import { normalizeStripe } from './normalize.ts';
import { stripeEventSchema } from './schema.ts';

/** Stripe's own default: https://docs.stripe.com/webhooks#replay-attacks */
const toleranceSeconds = 300;

const exampleUrl = new URL('../../../fixtures/stripe/payout_failed.json', import.meta.url);

const matches = (body: string, header: string, secret: string, tolerance: number, nowMs: number): boolean => {
  try {
    // The event constructor would refuse v2 events, so only the signature is left to the package.
    return Stripe.webhooks.signature?.verifyHeader(body, header, secret, tolerance, undefined, nowMs) === true;
  } catch {
    return false;
  }
};

const refuse = (detail: string): Verified => ({ ok: false, authentic: false, detail });

const check = (payload: unknown): Verified => {
  const result = stripeEventSchema.safeParse(payload);
  if (result.success) return { ok: true, payload };
  return { ok: false, authentic: false, detail: 'the body is not a Stripe event', errors: fieldErrors(result.error) };
};

/** @param secrets signing secrets, any of which may have signed: Stripe sends both while one is being rotated */
export const createStripeSource = (secrets: readonly string[]): WebhookSource => {
  const verifySignature = (body: string, header: string, nowMs: number): string | null => {
    if (secrets.some((secret) => matches(body, header, secret, toleranceSeconds, nowMs))) return null;
    if (!/(^|,)t=\d+(,|$)/.test(header) || !/(^|,)v1=/.test(header))
      return 'the Stripe-Signature header is malformed: expected t=<unix seconds>,v1=<signature>';
    // A tolerance of 0 leaves the age unchecked, which tells an old signature from a wrong one.
    if (secrets.some((secret) => matches(body, header, secret, 0, nowMs)))
      return `the Stripe-Signature is older than ${toleranceSeconds} seconds`;
    return 'no signature in the Stripe-Signature header matches the body: check the signing secret, and that nothing on the way rewrites the body';
  };

  return {
    vendor: 'stripe',
    source: 'stripe',
    check,
    normalize: normalizeStripe,
    request: {
      headers: z.object({
        'Stripe-Signature': z.string().meta({
          description: 'The time, and the HMAC-SHA256 of the time and the raw body: https://docs.stripe.com/webhooks',
          param: { example: 't=1767225600,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd' },
        }),
      }),
      body: stripeEventSchema,
      example: () => JSON.parse(readFileSync(exampleUrl, 'utf8')),
    },
    verify(body, header, nowMs) {
      const signatureHeader = header('stripe-signature');
      if (!signatureHeader) return refuse('the Stripe-Signature header is missing');
      if (body.length === 0) return refuse('the body is empty');
      if (!isUtf8(body)) return refuse('the body is not valid UTF-8');
      const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
      const problem = verifySignature(text, signatureHeader, nowMs);
      if (problem !== null) return refuse(problem);

      let payload: unknown;
      try {
        payload = parseJson(text);
      } catch (error) {
        const problem = error instanceof JsonRefused ? `cannot be read: ${error.message}` : 'is not JSON';
        return { ok: false, authentic: true, detail: `the signature is right, but the body ${problem}` };
      }
      const checked = check(payload);
      return checked.ok
        ? checked
        : { ...checked, authentic: true, detail: `the signature is right, but ${checked.detail}` };
    },
  };
};
