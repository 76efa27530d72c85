// What makes a changed event another one than what is stored, field by field, as its history shows it.
import type { EventRecord } from './event-record.ts';
import type { HistoryEntry } from './history.ts';

/** What a later sighting of the same event may change, and what the history then shows. */
const revisable = ['severity', 'service', 'summary', 'description', 'started_at', 'resolved_at'] as const;

/** The facts whose change is a change of the event: rules ask for them, and people want to know. */
const telling = ['status', 'impact', 'components', 'group'] as const;

/** Where its components are, which the rules ask for too: an outage that spreads to another region may name the same ones. */
const groupsOf = ({ named_components: named = [] }: EventRecord): readonly string[] =>
  [...new Set(named.flatMap(({ group }) => group ?? []))].toSorted();

const isEqual = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** Components by name, each with its groups, where these are known. */
const placesOf = ({ named_components: named = [] }: EventRecord): ReadonlyMap<string, string> => {
  const known = named.filter(({ group }) => typeof group === 'string');
  const byName = Map.groupBy(known, ({ component }) => component);
  return new Map(
    [...byName].map(([name, places]) => [
      name,
      `${name} (${places
        .map(({ group }) => group)
        .toSorted()
        .join(', ')})`,
    ]),
  );
};

/** The groups before and after, or, where they are the same, the components that are in other ones of them. */
const groupsChange = (before: EventRecord, after: EventRecord): readonly [readonly string[], readonly string[]] => {
  if (isEqual(before.named_components, after.named_components)) return [[], []];
  const [old, now] = [groupsOf(before), groupsOf(after)];
  if (!isEqual(old, now)) return [old, now];
  const [were, are] = [placesOf(before), placesOf(after)];
  const moved = [...are].filter(([name, place]) => were.has(name) && were.get(name) !== place);
  return [moved.flatMap(([name]) => were.get(name) ?? []), moved.map(([, place]) => place)];
};

/** What the history shows of a change, by field. */
export const eventDifferences = (before: EventRecord, after: EventRecord): NonNullable<HistoryEntry['fields']> => {
  const pairs = [
    ...revisable.map((field) => [field, before.event[field], after.event[field]] as const),
    ...telling.map((fact) => [fact, before.facts[fact] ?? null, after.facts[fact] ?? null] as const),
    ['groups', ...groupsChange(before, after)] as const,
    ['closed_by_hand', before.closed_by_hand, after.closed_by_hand] as const,
  ];
  return Object.fromEntries(
    pairs.filter(([, old, now]) => !isEqual(old, now)).map(([field, old, now]) => [field, { old, new: now }]),
  );
};

/** Whether people see such a change: no message shows in which groups the components of an incident are. */
export const isShown = (fields: HistoryEntry['fields'] = {}): boolean =>
  Object.keys(fields).some((field) => field !== 'groups');
