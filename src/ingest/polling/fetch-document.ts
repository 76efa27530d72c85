// Fetches one document of a status page, bounded in time, size and redirects, and says in words why it could not.
import { frozenStatusPageProblem, isFrozenStatusPage } from '../../domain/status-page-address.ts';
import { BodyTooLarge, readBytes } from '../../lib/body.ts';
import { decodeText } from '../../lib/decode-text.ts';
import { errorText } from '../../lib/errors.ts';
import { readRetryAfter } from '../../lib/retry-after.ts';
import { publicUrl } from '../../lib/text.ts';
import { afterRedirect, FetchFailed, type FetchFailure } from './fetch-failed.ts';
import { AddressRefused, type Answer, type GetOptions, get } from './http-get.ts';

const maxRedirects = 5;
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Statuses that speak of this address alone; with all others the host itself is in trouble, or refuses us. */
const notHereStatuses: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 406, 410, 501]);
const maxErrorBytes = 65_536;

export interface DocumentOptions extends Pick<GetOptions, 'client' | 'abort' | 'isPublic'> {
  readonly userAgent: string;
  readonly maxBodyBytes: number;
  readonly now: () => number;
  /** Asks only for what changed since. */
  readonly etag?: string | undefined;
}

export interface FetchedDocument {
  /** Null: it is as it was. */
  readonly text: string | null;
  readonly etag: string | undefined;
  /** Where a redirect led, without what may be secret. */
  readonly redirectedTo: string | null;
}

/** Where a redirect leads, or null for an answer that is none. */
const redirectOf = ({ status, headers }: Answer, from: URL): URL | null => {
  if (!redirectStatuses.has(status) || headers.location === undefined) return null;
  const to = URL.parse(headers.location, from.href);
  if (to === null || !/^https?:$/.test(to.protocol))
    throw new FetchFailed('no_answer', 'it redirects to something that is no http or https address');
  if (from.protocol === 'https:' && to.protocol === 'http:')
    throw new FetchFailed('no_answer', `it redirects from https to http, to ${publicUrl(to.href)}`);
  return to;
};

const ask = async (url: URL, options: DocumentOptions, mustBePublic: boolean): Promise<Answer> => {
  if (isFrozenStatusPage(url)) throw new FetchFailed('no_answer', frozenStatusPageProblem);
  const { userAgent, etag, ...rest } = options;
  const headers = {
    accept: 'application/json',
    'user-agent': userAgent,
    ...(etag !== undefined && { 'if-none-match': etag }),
  };
  try {
    return await get(url, { ...rest, headers, mustBePublic });
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    throw new FetchFailed('no_answer', `a redirect leads from a public host into a private network, to ${url.host}`);
  }
};

const isTls = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  /^(ERR_TLS|ERR_SSL|EPROTO)|CERT|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH/.test(String(error.code));

const failureOf = (error: unknown): FetchFailed => {
  if (error instanceof FetchFailed) return error;
  const kind = isTls(error) ? 'the TLS connection failed: ' : '';
  return new FetchFailed('no_answer', `${kind}${errorText(error)}`);
};

/** The text, as far as it fits; what is beyond that says nothing more about a failure. */
const beginning = async ({ body }: Answer): Promise<string> => {
  try {
    return new TextDecoder().decode(await readBytes(body, maxErrorBytes));
  } catch {
    return '';
  } finally {
    body.destroy();
  }
};

const refusal = async (answer: Answer, { userAgent, now }: DocumentOptions): Promise<FetchFailed> => {
  const { status, headers } = answer;
  const isChallenge =
    headers['cf-mitigated'] === 'challenge' || /<title>\s*Just a moment/i.test(await beginning(answer));
  answer.body.destroy();
  const retryAfterMs = readRetryAfter(headers['retry-after'], now());
  if (isChallenge) {
    const advice = `ask the vendor to let our User-Agent pass ("${userAgent}"), or our address`;
    return new FetchFailed('no_answer', `HTTP ${status}: bot protection refused us; ${advice}`, retryAfterMs);
  }
  const code: FetchFailure = notHereStatuses.has(status) ? 'not_this' : 'no_answer';
  return new FetchFailed(code, `HTTP ${status}`, retryAfterMs);
};

const readAnswer = async (answer: Answer, options: DocumentOptions) => {
  if (answer.status === 304 && options.etag !== undefined) {
    answer.body.destroy();
    return { text: null, etag: options.etag };
  }
  if (answer.status < 200 || answer.status > 299) throw await refusal(answer, options);
  try {
    const bytes = await readBytes(answer.body, options.maxBodyBytes);
    return { text: decodeText(bytes), etag: answer.headers.etag };
  } catch (error) {
    throw error instanceof BodyTooLarge ? new FetchFailed('no_answer', error.message) : error;
  }
};

/** @throws {FetchFailed} */
export const fetchDocument = async (asked: URL, options: DocumentOptions): Promise<FetchedDocument> => {
  let url = asked;
  let redirectedTo: string | null = null;
  let mustBePublic = false;
  try {
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      const answer = await ask(url, options, mustBePublic);
      mustBePublic ||= answer.isPublicHost;
      const to = redirectOf(answer, url);
      if (to === null) return { ...(await readAnswer(answer, options)), redirectedTo };
      answer.body.destroy();
      url = to;
      redirectedTo = publicUrl(to.href);
    }
    throw new FetchFailed('no_answer', `it redirects more than ${maxRedirects} times`);
  } catch (error) {
    throw afterRedirect(failureOf(error), redirectedTo);
  }
};
