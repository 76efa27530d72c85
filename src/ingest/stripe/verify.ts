// Checks that Stripe sent a body, over the bytes as they came.
import Stripe from 'stripe';

/** Stripe's own default: https://docs.stripe.com/webhooks#replay-attacks */
const toleranceSeconds = 300;

const matches = (body: string, header: string, secret: string, tolerance: number, nowMs: number): boolean => {
  try {
    // The event constructor would refuse v2 events, so only the signature is left to the package.
    return Stripe.webhooks.signature?.verifyHeader(body, header, secret, tolerance, undefined, nowMs) === true;
  } catch {
    return false;
  }
};

/** A right signature has a right time. */
const ageOf = (header: string, nowMs: number): number =>
  Math.floor(nowMs / 1000) - Number(/(?:^|,)t=(\d+)/.exec(header)?.[1]);

/**
 * What is wrong with a signature, or null when it is right.
 * @param secrets any of which may have signed: Stripe signs with both while one is being rotated
 */
export const signatureProblem = (
  body: string,
  header: string,
  secrets: readonly string[],
  nowMs: number,
): string | null => {
  // First: to the package, a time that is no number is never too old.
  if (!/(^|,)t=\d+(,|$)/.test(header) || !/(^|,)v1=/.test(header))
    return 'the Stripe-Signature header is malformed: expected t=<unix seconds>,v1=<signature>';
  if (secrets.some((secret) => matches(body, header, secret, toleranceSeconds, nowMs))) return null;
  // A tolerance of 0 leaves the age unchecked, which tells an old signature from a wrong one.
  if (secrets.some((secret) => matches(body, header, secret, 0, nowMs)))
    return `the Stripe-Signature is older than ${toleranceSeconds} seconds: ${ageOf(header, nowMs)} by this machine's clock, which may be ahead`;
  return 'no signature in the Stripe-Signature header matches the body: check the signing secret, and that nothing on the way rewrites the body';
};
