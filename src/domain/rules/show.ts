// The rules as they may be seen: what is secret, or came from a variable or a file, is shown as "set".
import { type Path, samePath } from './problem.ts';
import { isRecord } from './tree.ts';

/** What may be seen of a destination. Everything else could be a secret, a URL's path too. */
const shownOfDestination = [
  'type',
  'reaches_people',
  'per_minute',
  'fallback',
  'region',
  'maintenance',
  'channel',
  'host',
  'port',
  'secure',
  'insecure',
  'from',
  'to',
  'repeat',
];

const isSecret = ([section, name, key, ...rest]: Path): boolean => {
  if (section === 'heartbeat') return name === 'url';
  return (
    section === 'destinations' && key !== undefined && rest.length === 0 && !shownOfDestination.includes(String(key))
  );
};

const hide = (value: unknown, path: Path, hidden: ReadonlySet<string>): unknown => {
  if (hidden.has(samePath(path)) || isSecret(path)) return 'set';
  if (Array.isArray(value)) return value.map((item, at) => hide(item, [...path, at], hidden));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item, [...path, key], hidden)]));
};

export interface ShowOptions {
  /** The paths (`samePath`) whose values came from a variable or a file. */
  readonly hidden: ReadonlySet<string>;
  /** `FILE:LINE` of a value. */
  readonly placeOf: (path: Path) => string;
  readonly presets: ReadonlyMap<string, { readonly url: string }>;
}

/** The items of a list, each with its place. */
const withPlaces = (section: string, value: unknown, placeOf: ShowOptions['placeOf']): unknown =>
  Array.isArray(value)
    ? value.map((item, at) => (isRecord(item) ? { ...item, place: placeOf([section, at]) } : item))
    : value;

const withAddresses = (value: unknown, presets: ShowOptions['presets']): unknown => {
  if (!isRecord(value)) return value;
  const pages = Object.entries(value).map(([name, page]) => {
    const written = isRecord(page) ? page : { url: page };
    return [name, written.url === 'preset' ? { ...written, url: presets.get(name)?.url } : written] as const;
  });
  return Object.fromEntries(pages);
};

/** The file with the addresses of its presets, the place of each rule, and without its tests. */
export const showRules = (
  tree: unknown,
  { hidden, placeOf, presets }: ShowOptions,
): Readonly<Record<string, unknown>> => {
  const shown = hide(tree, [], hidden);
  if (!isRecord(shown)) return {};
  const { tests: _, ...sections } = shown;
  const entries = Object.entries(sections).map(([section, value]) => [
    section,
    section === 'status_pages' ? withAddresses(value, presets) : withPlaces(section, value, placeOf),
  ]);
  return Object.fromEntries(entries);
};
