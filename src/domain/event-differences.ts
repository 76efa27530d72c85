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

/** What the history shows of a change, by field. */
export const eventDifferences = (before: EventRecord, after: EventRecord): NonNullable<HistoryEntry['fields']> => {
  const pairs = [
    ...revisable.map((field) => [field, before.event[field], after.event[field]] as const),
    ...telling.map((fact) => [fact, before.facts[fact] ?? null, after.facts[fact] ?? null] as const),
    ['groups', groupsOf(before), groupsOf(after)] as const,
    ['closed_by_hand', before.closed_by_hand, after.closed_by_hand] as const,
  ];
  return Object.fromEntries(
    pairs.filter(([, old, now]) => !isEqual(old, now)).map(([field, old, now]) => [field, { old, new: now }]),
  );
};

/** Whether people see such a change: no message shows in which groups the components of an incident are. */
export const isShown = (fields: HistoryEntry['fields'] = {}): boolean =>
  Object.keys(fields).some((field) => field !== 'groups');
