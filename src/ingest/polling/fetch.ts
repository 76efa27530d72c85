// Fetches one page's summary, bounded in time and size, and asks for it only when it changed.
import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { readText } from '../../lib/body.ts';
import { errorText } from '../../lib/errors.ts';
import { JsonRefused, parseJson } from '../../lib/json.ts';
import { readSummary, type Summary } from '../statuspage/schema.ts';

/** The page could not be read; the message says why, and holds nothing of a URL that may be secret. */
export class FetchFailed extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'FetchFailed';
  }
}

/** @throws {FetchFailed} */
export type SummaryReader = () => Promise<Summary>;

export interface FetchLimits {
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
}

const parseSummary = (text: string): Summary => {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    if (error instanceof JsonRefused) throw new FetchFailed(`the answer cannot be read: ${error.message}`);
    const looksLike =
      text.trim() === ''
        ? 'it is empty'
        : text.trimStart().startsWith('<')
          ? 'it looks like HTML'
          : 'it does not parse';
    throw new FetchFailed(`the answer is not JSON: ${looksLike}`);
  }
  try {
    return readSummary(json);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`);
    throw new FetchFailed(`the answer is not a Statuspage summary: ${problems.join(', ')}`);
  }
};

/** Reads a page over HTTP. Keeps the last summary, which a `304` stands for. */
export const createHttpReader = (url: string, { timeoutMs, maxBodyBytes }: FetchLimits): SummaryReader => {
  let last: { readonly etag: string; readonly summary: Summary } | undefined;

  const request = async (abort: AbortSignal): Promise<Summary> => {
    const response = await fetch(url, {
      headers: { accept: 'application/json', ...(last && { 'if-none-match': last.etag }) },
      signal: abort,
    });
    if (response.status === 304 && last) {
      await response.body?.cancel();
      return last.summary;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new FetchFailed(`HTTP ${response.status}`);
    }
    const summary = parseSummary(await readText(response, maxBodyBytes));
    const etag = response.headers.get('etag');
    last = etag === null ? undefined : { etag, summary };
    return summary;
  };

  return async () => {
    const abort = AbortSignal.timeout(timeoutMs);
    try {
      return await request(abort);
    } catch (error) {
      if (error instanceof FetchFailed) throw error;
      if (abort.aborted) throw new FetchFailed(`no whole answer within ${timeoutMs} ms`, { cause: error });
      throw new FetchFailed(errorText(error), { cause: error });
    }
  };
};

/** Reads a page from its fixture, for a page that has no URL. */
export const createFileReader = (path: string): SummaryReader => {
  return async () => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      throw new FetchFailed('its fixture cannot be read', { cause: error });
    }
    return parseSummary(text);
  };
};
