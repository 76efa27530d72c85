// How each kind of variable is written, and what is wrong with one that is not. No message holds the value itself.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import { frozenStatusPageProblem, isFrozenStatusPage } from '../domain/status-page-address.ts';
import { statusPageName } from '../domain/status-page-name.ts';
import { httpUrlProblem, parseHttpUrl } from '../lib/http-url.ts';
import { pageVariables } from './page-variables.ts';

export const integer = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d+$/, 'expected a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `expected a whole number from ${min} to ${max}`);

export const flag = z.enum(['true', 'false'], 'expected "true" or "false"').transform((text) => text === 'true');

/** A proxy's URL may hold a user name and a password. */
export const proxyUrl = z
  .string()
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'expected a URL with https:// or http://');

const isHttpUrl = (text: string): boolean => parseHttpUrl(text) !== null;
const isPlainUrl = (text: string): boolean => isHttpUrl(text) && !/[?#]/.test(text);

/** Our own address, without a slash at its end. */
export const publicAddress = z
  .string()
  .refine(
    isPlainUrl,
    'expected a URL with https:// or http://, and without a user name, a password, a query or a fragment',
  )
  .refine((text) => !/%|\/\//.test(URL.parse(text)?.pathname ?? ''), 'its path must be made of plain letters')
  .transform((text) => new URL(text).href.replace(/\/+$/, ''));

/** An address or a name to listen at. Docker's names may hold a "_". */
export const host = z
  .string()
  .refine((text) => isIP(text) !== 0 || /^[\w.-]+$/.test(text), 'expected an IP address or a name, and nothing else');

export const httpUrl = z.string().refine(isHttpUrl, httpUrlProblem);

const isFrozen = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && isFrozenStatusPage(url);
};

/** A status page's root, or its summary. */
export const statusPageUrl = httpUrl.refine((text) => !isFrozen(text), frozenStatusPageProblem);

/** Node fires a longer timer at once. */
export const maxTimerMs = 2 ** 31 - 1;

export const commaSeparated = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Quotes that a copy brought along: straight, or as a word processor makes them. */
export const noQuotes = (text: string): boolean => !/["'`\u2018\u2019\u201c\u201d]/.test(text);

/** Numbers only: a name would have to be looked up, and who answers for it would be believed. */
const isNetwork = (text: string): boolean =>
  text.includes('/') ? isIP(text.replace(/\/.*/, '')) !== 0 && ipaddr.isValidCIDR(text) : isIP(text) !== 0;

export const networks = z
  .string()
  .transform(commaSeparated)
  .refine((list) => list.every(isNetwork), 'expected addresses or networks such as 10.0.0.0/8, separated by commas');

/** Whether it is percent-encoded text that a header can carry. */
const isEncoded = (text: string): boolean => {
  try {
    return /^[\x20-\x7e]+$/.test(decodeURIComponent(text));
  } catch {
    return false;
  }
};

/** `name=url` pairs. A comma is a separator only in front of the next pair, for a URL may hold commas. */
export const statusPages = z.string().transform((text, context) => {
  const pages = new Map<string, string>();
  const pairs = text.split(/,(?=[^,=/?&:#]*=)/).map((part) => part.trim().replace(/,$/, ''));
  for (const [at, pair] of pairs.filter(Boolean).entries()) {
    const split = pair.indexOf('=');
    const name = pair.slice(0, Math.max(split, 0)).trim();
    // Never the pair itself: its URL may hold a secret.
    const problem = (message: string) =>
      context.addIssue({ code: 'custom', message: `pair ${at + 1}${name && ` ("${name}")`}: ${message}` });
    const url = pair.slice(split + 1).trim();
    if (split < 0) problem('expected name=url');
    else if (!statusPageName.test(name)) problem('a name is lower-case letters, digits, "-" and "_", 64 at most');
    else if (pageVariables.has(name)) problem(`"${name}" has a variable of its own`);
    else if (pages.has(name)) problem(`the name "${name}" is given twice`);
    else if (!isHttpUrl(url)) problem(httpUrlProblem);
    else if (isFrozen(url)) problem(frozenStatusPageProblem);
    else pages.set(name, url);
  }
  return [...pages];
});

/** `name=value` pairs as OpenTelemetry has them, the values percent-encoded. They hold keys, and are never shown. */
export const headerPairs = z.string().transform((text, context) => {
  const headers: Record<string, string> = {};
  for (const [at, pair] of commaSeparated(text).entries()) {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+)\s*=\s*(\S+)$/.exec(pair) ?? [];
    if (name !== undefined && value !== undefined && isEncoded(value)) headers[name] = decodeURIComponent(value);
    else
      context.addIssue({ code: 'custom', message: `pair ${at + 1}: expected name=value, the value percent-encoded` });
  }
  return headers;
});

/** A socket's folder as the host leaves nothing between "@" and "/", which `URL` refuses and the driver takes. */
const isPostgresUrl = (text: string): boolean =>
  /^postgres(ql)?:\/\//.test(text) &&
  (URL.canParse(text) || (/@\/[^?]*\?(.*&)?host=/.test(text) && URL.canParse(text.replace('@/', '@socket/'))));

const sqlitePrefix = 'sqlite:';

/** By the beginning of its URL, which is a valid one. */
export const storeKindOf = (url: string): 'memory' | 'sqlite' | 'postgres' => {
  if (url === 'memory:') return 'memory';
  return url.startsWith(sqlitePrefix) ? 'sqlite' : 'postgres';
};

export const sqlitePathOf = (url: string): string => url.slice(sqlitePrefix.length);

/** What is wrong with it is told without it: it holds a password, perhaps in the wrong place. */
export const storeUrl = z
  .string()
  .refine(
    (text) => text === 'memory:' || /^sqlite:.+/.test(text) || isPostgresUrl(text),
    'expected memory:, sqlite:PATH or postgres://user:password@host/database, the password percent-encoded',
  );
