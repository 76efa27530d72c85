// Keeping secrets out of what others read. A destination's address can be a secret too: with a webhook's path anybody
// can post there.
import { cut, oneLine } from '../lib/text.ts';

const minSecretChars = 6;
const maxErrorChars = 500;

/** A part of an address that looks like a key: not `v2`, not `enqueue`. */
const isTelling = (part: string): boolean => (part.length >= 8 && /[\dA-Z]/.test(part)) || part.length >= 20;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** All of an address that may be a secret: parts of its path, the path as a whole, its credentials, its query. */
export const secretsOfUrl = (address: string): readonly string[] => {
  const url = URL.parse(address);
  if (!url) return [address];
  const parts = [
    ...url.pathname.split('/').filter(isTelling),
    ...url.searchParams.values(),
    url.username,
    url.password,
  ];
  const whole = [`${url.pathname}${url.search}`, url.pathname].filter((text) =>
    parts.some((part) => part && text.includes(part)),
  );
  return [...whole, ...parts, ...parts.map(decoded)].filter((text) => text.length >= minSecretChars);
};

/** The address as it may be shown when its path is a secret. */
export const withoutPath = (address: string): string => {
  const url = URL.parse(address);
  return url ? `${url.origin}/(set)` : '(set)';
};

/** The address as it may be shown when its path may hold a key: without credentials, query, and what looks like one. */
export const shownUrl = (address: string): string => {
  const url = URL.parse(address);
  if (!url) return '(set)';
  const path = url.pathname.split('/').map((part) => (isTelling(part) ? '(set)' : part));
  return `${url.origin}${path.join('/')}`;
};

/** A secret as an answer may echo it: plain, inside JSON, encoded for an address. */
const spellings = (secret: string): readonly string[] => {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, inJson.replaceAll('/', '\\/'), encodeURIComponent(secret)];
};

/** What somebody else wrote, without any of the secrets, on one line of at most 500 characters. */
export const safeText = (text: string, secrets: readonly string[]): string => {
  const all = [...new Set(secrets.flatMap(spellings))].filter(Boolean).toSorted((a, b) => b.length - a.length);
  const redacted = all.reduce((safe, secret) => safe.replaceAll(secret, '[redacted]'), text);
  // A proxy's address stands in its errors, with its user name and password.
  return cut(oneLine(redacted.replace(/\/\/[^/@\s]{1,200}@/g, '//')).trim(), maxErrorChars);
};
