// Where an address may have its documents, for each dialect: what is given may be a document, or the status page's root.
import type { Place, StatusPageDialect } from '../status-page.ts';

export interface Target {
  readonly dialect: StatusPageDialect;
  /** In the order of the dialect's documents. */
  readonly urls: readonly URL[];
}

const under = (root: URL, path: string): URL => {
  const url = new URL(root);
  url.pathname = `${root.pathname.replace(/\/$/, '')}${path}`;
  return url;
};

/** The address as a document of this dialect; what has several documents is known by the first one's place. */
const asDocument = (url: URL, dialect: StatusPageDialect): readonly Target[] => {
  const [first, ...others] = dialect.documents;
  if (others.length === 0) return [{ dialect, urls: [url] }];
  if (!url.pathname.endsWith(first)) return [];
  const root = new URL(url);
  root.pathname = url.pathname.slice(0, -first.length);
  return [{ dialect, urls: [url, ...others.map((path) => under(root, path))] }];
};

const asRoot = (url: URL, dialect: StatusPageDialect): Target => ({
  dialect,
  urls: dialect.documents.map((path) => under(url, path)),
});

/** Where a target lies. */
export const placeOf = ({ dialect, urls: [url] }: Target): Place => {
  const [first] = dialect.documents;
  if (!url?.pathname.endsWith(first)) return { root: null };
  return { root: `${url.origin}${url.pathname.slice(0, -first.length)}` };
};

const rootsOf = (url: URL): readonly URL[] => (url.pathname === '/' ? [url] : [url, new URL('/', url)]);

/** The dialects that have a document at such a place. */
const placedAt = (url: URL, dialects: readonly StatusPageDialect[]): readonly StatusPageDialect[] =>
  dialects.filter(({ documents: [first] }) => url.pathname.endsWith(first));

/** All that is worth asking, in that order. */
export const targetsOf = (url: URL, dialects: readonly StatusPageDialect[]): readonly Target[] => {
  const placed = placedAt(url, dialects);
  const ordered = [...placed, ...dialects.filter((dialect) => !placed.includes(dialect))];
  const documents = ordered.flatMap((dialect) => asDocument(url, dialect));
  if (url.pathname.endsWith('.json')) return documents;
  const rooted = dialects.filter(({ onlyByAddress }) => !onlyByAddress);
  const roots = rootsOf(url).flatMap((root) => rooted.map((dialect) => asRoot(root, dialect)));
  return url.pathname === '/' ? [...roots, ...documents] : [...documents, ...roots];
};
