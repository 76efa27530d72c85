// Takes in Stripe's webhooks. The order matters and fails closed: bytes, then the signature over them, then JSON.
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { fieldErrors } from '../../lib/errors.ts';
import { JsonRefused, parseJson } from '../../lib/json.ts';
import type { Checked, Verified, WebhookSource } from '../webhook.ts';
import { defaultApiUrl } from './config.ts';
import { createListEvents } from './list-events.ts';
import { normalizeStripe } from './normalize.ts';
import { stripeEventSchema } from './schema.ts';
import { signatureProblem } from './verify.ts';

const exampleUrl = new URL('../../../fixtures/stripe/payout_failed.json', import.meta.url);

const refuse = (detail: string): Verified => ({ ok: false, authentic: false, detail });

const check = (payload: unknown): Checked => {
  const result = stripeEventSchema.safeParse(payload);
  if (result.success) return { ok: true, payload, checked: result.data };
  return { ok: false, authentic: false, detail: 'the body is not a Stripe event', errors: fieldErrors(result.error) };
};

/** What a rightly signed body says. */
const readBody = (text: string): Verified => {
  let payload: unknown;
  try {
    payload = parseJson(text);
  } catch (error) {
    const problem = error instanceof JsonRefused ? `cannot be read: ${error.message}` : 'is not JSON';
    return { ok: false, authentic: true, detail: `the signature is right, but the body ${problem}` };
  }
  const checked = check(payload);
  return checked.ok
    ? { ...checked, rawJson: text }
    : { ...checked, authentic: true, detail: `the signature is right, but ${checked.detail}` };
};

/**
 * @param secrets signing secrets, any of which may have signed
 * @param apiKey with which the events that were missed can be listed
 */
export const createStripeSource = (
  secrets: readonly string[],
  apiKey: string | null = null,
  apiUrl = defaultApiUrl,
): WebhookSource => ({
  vendor: 'stripe',
  source: 'stripe',
  bareEventIds: true,
  check,
  normalize: normalizeStripe,
  ...(apiKey !== null && { listSent: createListEvents(apiKey, apiUrl) }),
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
    const problem = signatureProblem(text, signatureHeader, secrets, nowMs);
    return problem === null ? readBody(text) : refuse(problem);
  },
});
