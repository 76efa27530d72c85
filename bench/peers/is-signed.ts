// The check of a Stripe signature that the bare handlers make: one HMAC over the raw body, and no look at its age.
import { createHmac, timingSafeEqual } from 'node:crypto';

export const isSigned = (secret: string, header: string, body: Buffer): boolean => {
  const [, seconds = '', signature = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  const expected = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
};
