// Signatures by Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

/** Receivers read the text after the prefix as base64, also without its padding or in the alphabet of URLs. */
const afterPrefix = /^(?:[\w+/-]{4})*[\w+/-]{2,4}={0,2}$/;

/** A secret is base64, with or without its prefix; what is no base64 counts as it is. */
const keyOf = (secret: string): Buffer => {
  const hasPrefix = secret.startsWith(prefix);
  const text = hasPrefix ? secret.slice(prefix.length) : secret;
  const isBase64 = hasPrefix ? afterPrefix.test(text) : text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  return Buffer.from(text, isBase64 ? 'base64' : 'utf8');
};

/** The value of `webhook-signature`: one signature for each secret, so that one can be rotated without a gap. */
export const signatures = (secrets: readonly string[], id: string, seconds: number, body: string): string =>
  secrets
    .map((secret) => createHmac('sha256', keyOf(secret)).update(`${id}.${seconds}.${body}`).digest('base64'))
    .map((signature) => `v1,${signature}`)
    .join(' ');
