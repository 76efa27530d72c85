// Reads what a status page tells of its past, for the exact times of what began and ended while nobody read it.

import { isPublicAddress } from '../../lib/addresses.ts';
import { createHttpClient } from '../../lib/http-client.ts';
import type { Incident, StatusPageDialect, Summary } from '../status-page.ts';
import { targetsOf } from './detect.ts';
import type { ReaderOptions } from './fetch.ts';
import { fetchDocument } from './fetch-document.ts';
import { FetchFailed } from './fetch-failed.ts';
import { parseDocument } from './read-documents.ts';

/**
 * The newest incidents of a status page, over or not; undefined where its dialect tells of none. Rejects when they
 * cannot be read.
 */
export type HistoryReader = (summary: Pick<Summary, 'dialect'>) => Promise<readonly Incident[] | undefined>;

/** Where the dialect has its history, beside each place where its first document may be. */
const addressesOf = (address: URL, dialect: StatusPageDialect, path: string): readonly URL[] => {
  const [first] = dialect.documents;
  return targetsOf(address, [dialect]).flatMap(({ urls: [url] }) => {
    if (!url?.pathname.endsWith(first)) return [];
    const beside = new URL(url);
    beside.pathname = `${url.pathname.slice(0, -first.length)}${path}`;
    return [beside];
  });
};

export const createHistoryReader = (address: string, options: ReaderOptions): HistoryReader => {
  const { timeoutMs, maxBodyBytes, userAgent, dialects, now = Date.now, isPublic = isPublicAddress } = options;
  const client = createHttpClient(options.proxy, { keepAlive: false });

  return async ({ dialect: name }) => {
    const dialect = dialects.find((each) => each.name === name);
    const history = dialect?.history;
    if (!dialect || !history) return undefined;
    const abort = AbortSignal.timeout(timeoutMs);
    let failure: unknown = new FetchFailed('not_this', 'the address says nothing of where the history is');
    for (const url of addressesOf(new URL(address), dialect, history.document)) {
      try {
        const { text } = await fetchDocument(url, { userAgent, maxBodyBytes, client, now, isPublic, abort });
        return history.read(parseDocument(text ?? ''));
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };
};
