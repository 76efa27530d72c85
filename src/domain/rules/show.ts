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

const isSecret = ([section, , key, ...rest]: Path, path: Path): boolean => {
  if (section === 'heartbeat') return path[1] === 'url';
  return (
    section === 'destinations' && key !== undefined && rest.length === 0 && !shownOfDestination.includes(String(key))
  );
};

/** A copy without `tests`. `hidden` holds the paths whose values came from elsewhere. */
export const showRules = (tree: unknown, hidden: ReadonlySet<string>): unknown => {
  const show = (value: unknown, path: Path): unknown => {
    if (hidden.has(samePath(path)) || isSecret(path, path)) return 'set';
    if (Array.isArray(value)) return value.map((item, at) => show(item, [...path, at]));
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, show(item, [...path, key])]));
  };
  if (!isRecord(tree)) return null;
  const { tests: _, ...rules } = tree;
  return show(rules, []);
};
