// Reads a status page: finds out which dialect it speaks, and from then on asks only for what changed.
import { readFile } from 'node:fs/promises';
import { isPublicAddress } from '../../lib/addresses.ts';
import { createHttpClient, type ProxySettings } from '../../lib/http-client.ts';
import { publicUrl } from '../../lib/text.ts';
import type { StatusPageDialect, Summary } from '../status-page.ts';
import { placeOf, type Target, targetsOf } from './detect.ts';
import { fetchDocument } from './fetch-document.ts';
import { afterRedirect, FetchFailed } from './fetch-failed.ts';
import { type Parsed, parseUnlessKnown, readByAny, readSummary } from './read-documents.ts';

/** @throws {FetchFailed} */
export type SummaryReader = () => Promise<Summary>;

export interface ReaderOptions {
  /** For all that is fetched for one summary. */
  readonly timeoutMs: number;
  /** Of each document, after decompression. */
  readonly maxBodyBytes: number;
  readonly proxy: ProxySettings;
  readonly userAgent: string;
  readonly dialects: readonly StatusPageDialect[];
  readonly now?: () => number;
  readonly isPublic?: (address: string) => boolean;
}

/** @param contact where people reach us, for a vendor who wants to know who asks */
export const userAgentOf = (version: string, contact: string | null): string =>
  `vendor-signals/${version}${contact === null ? '' : ` (+${contact})`}`;

/** A `304` is believed for so long: an ETag that stays the same though the document changes must not hide an outage. */
const believedMs = 15 * 60_000;

interface Known {
  readonly etag: string | undefined;
  /** When it was read as a whole. */
  readonly readMs: number;
  /** Undefined when a `304` came though nothing was asked that allows for one. */
  readonly parsed: Parsed | undefined;
}

interface Loaded extends Known {
  readonly key: string;
  readonly redirectedTo: string | null;
}

type Loader = (url: URL) => Promise<Loaded>;

/** A failure to read what came names where it came from. */
const named = <T>(redirectedTo: string | null, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw error instanceof FetchFailed ? afterRedirect(error, redirectedTo) : error;
  }
};

/** Why nothing that was tried is a status page: each reason once, with the addresses of which it is true. */
const notFound = (tried: readonly { readonly target: Target; readonly error: FetchFailed }[]): FetchFailed => {
  const byReason = Map.groupBy(tried, ({ error }) => error.message);
  if (byReason.size === 1) return new FetchFailed('not_this', [...byReason.keys()].join());
  const evidence = [...byReason].map(([reason, targets]) => {
    const addresses = new Set(targets.map(({ target }) => publicUrl(String(target.urls[0]))));
    return `${[...addresses].join(', ')}: ${reason}`;
  });
  return new FetchFailed('not_this', `no status page that we can read is there: ${evidence.join('; ')}`);
};

/** Reads a status page over HTTP. Keeps the last documents, which a `304` stands for. */
export const createHttpReader = (address: string, options: ReaderOptions): SummaryReader => {
  const { timeoutMs, maxBodyBytes, userAgent, dialects, now = Date.now, isPublic = isPublicAddress } = options;
  const targets = targetsOf(new URL(address), dialects);
  // A connection that was kept would not say which address it goes to, and a redirect must not lead inside.
  const client = createHttpClient(options.proxy, { keepAlive: false });
  const tooLate = () => new FetchFailed('no_answer', `no whole answer within ${timeoutMs} ms`);
  let found: Target | undefined;
  let known: ReadonlyMap<string, Known> = new Map();

  const load = async (url: URL, abort: AbortSignal): Promise<Loaded> => {
    const before = known.get(url.href);
    const isBelieved = before !== undefined && Math.abs(now() - before.readMs) < believedMs;
    const asked = { userAgent, maxBodyBytes, client, now, isPublic, abort, etag: isBelieved ? before.etag : undefined };
    const { text, etag, redirectedTo } = await fetchDocument(url, asked);
    const readMs = text === null && before ? before.readMs : now();
    const parsed = text === null ? before?.parsed : named(redirectedTo, () => parseUnlessKnown(text, before?.parsed));
    return { key: url.href, etag, readMs, redirectedTo, parsed };
  };

  /** Two dialects may ask for one address. */
  const createLoader = (abort: AbortSignal): Loader => {
    const loading = new Map<string, Promise<Loaded>>();
    return (url) => {
      const loaded = loading.get(url.href) ?? load(url, abort);
      loading.set(url.href, loaded);
      return loaded;
    };
  };

  const readTarget = async (target: Target, loader: Loader): Promise<Summary> => {
    const { dialect, urls } = target;
    const loaded = await Promise.all(urls.map(loader));
    const documents = loaded.map(({ parsed }) => parsed?.document);
    const summary = named(loaded[0]?.redirectedTo ?? null, () =>
      readSummary(dialect, documents, now(), placeOf(target)),
    );
    known = new Map(loaded.map(({ key, etag, readMs, parsed }) => [key, { etag, readMs, parsed }]));
    return summary;
  };

  const detect = async (loader: Loader): Promise<Summary> => {
    const tried: { target: Target; error: FetchFailed }[] = [];
    for (const target of targets) {
      try {
        const summary = await readTarget(target, loader);
        found = target;
        return summary;
      } catch (error) {
        // A host that gives no answer tells nothing about its dialect.
        if (!(error instanceof FetchFailed) || error.code === 'no_answer') throw error;
        tried.push({ target, error });
      }
    }
    throw notFound(tried);
  };

  return async () => {
    const abort = AbortSignal.timeout(timeoutMs);
    const askedMs = now();
    try {
      const loader = createLoader(abort);
      const summary = found ? await readTarget(found, loader) : await detect(loader);
      // After this process was halted, an answer that waited may be read before the timer is looked at.
      if (now() - askedMs > timeoutMs) throw tooLate();
      return summary;
    } catch (error) {
      if (abort.aborted) throw tooLate();
      // The vendor may have moved to another kind of status page.
      if (error instanceof FetchFailed && error.code === 'not_this') found = undefined;
      throw error;
    }
  };
};

/** Reads a status page from its fixture, for one that has no URL. */
export const createFileReader = (path: string, dialects: readonly StatusPageDialect[]): SummaryReader => {
  let known: Parsed | undefined;
  return async () => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch {
      throw new FetchFailed('no_answer', 'its fixture cannot be read');
    }
    known = parseUnlessKnown(text, known);
    return readByAny(dialects, known.document, Date.now());
  };
};
