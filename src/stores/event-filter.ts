// THE list of filters of `GET /events`: name, schema, meaning, and how a record is held against it. The query's schema,
// the SQL of both databases, the memory store, the live stream and the dashboard's form are made from it; adding a filter
// is a row here and a migration.
import * as z from 'zod';
import type { actions, deliveryStatuses } from '../domain/delivery.ts';
import { isoSchema, kinds, severities } from '../domain/event.ts';
import { type EventRecord, isOpen } from '../domain/event-record.ts';
import { splitWords, standIn } from './search-words.ts';

export type FilterValue = string | boolean;

interface FilterRow<T extends FilterValue> {
  readonly schema: z.ZodType<T>;
  readonly description: string;
  /**
   * `equal`: part of the combination of values that one index serves; the databases have a text column of the filter's
   * name for it in `combinations`. `since`, `until`: bounds of `first_seen_at`. `alert`: the alert's id. `words`: a text
   * index.
   */
  readonly how: 'equal' | 'since' | 'until' | 'alert' | 'words';
  /** The event's value, for `equal` and `alert`. */
  readonly of?: (record: EventRecord) => T | null;
  /** The value is read from the event itself, which changes less often than what is decided about it. */
  readonly isOfEvent?: boolean;
}

const defineFilter = <T extends FilterValue>(row: FilterRow<T>): FilterRow<T> => row;

export const eventFilters = {
  source: defineFilter({
    schema: z.string(),
    how: 'equal',
    of: ({ event }) => event.source,
    isOfEvent: true,
    description: 'The source, such as `stripe` or `braze_status`.',
  }),
  kind: defineFilter({
    schema: z.enum(kinds),
    how: 'equal',
    of: ({ event }) => event.kind,
    isOfEvent: true,
    description: 'The kind.',
  }),
  severity: defineFilter({
    schema: z.enum(severities),
    how: 'equal',
    of: ({ event }) => event.severity,
    isOfEvent: true,
    description: 'The severity.',
  }),
  service: defineFilter({
    schema: z.string(),
    how: 'equal',
    of: ({ event }) => event.service,
    isOfEvent: true,
    description: 'The service, exactly.',
  }),
  state: defineFilter({
    schema: z.enum(['open', 'resolved']),
    how: 'equal',
    of: (record) => (isOpen(record) ? 'open' : 'resolved'),
    description: 'Whether it is open: unresolved, a maintenance that has begun, a payment whose alert is open.',
  }),
  routed: defineFilter({
    schema: z.boolean(),
    how: 'equal',
    of: ({ routed }) => routed,
    description: 'Whether it was sent to at least one destination.',
  }),
  since: defineFilter({ schema: isoSchema, how: 'since', description: 'First seen at or after this time.' }),
  until: defineFilter({ schema: isoSchema, how: 'until', description: 'First seen before this time.' }),
  alert_id: defineFilter({
    schema: z.string(),
    how: 'alert',
    of: ({ alert_id: alertId }) => alertId,
    description: 'The alert that it belongs to.',
  }),
  q: defineFilter({
    schema: z.string(),
    how: 'words',
    description: 'Words that all stand in the summary, the beginning of the description or a fact, in any case.',
  }),
} as const;

export type FilterName = keyof typeof eventFilters;
export type EventFilters = {
  readonly [Name in FilterName]?: z.infer<(typeof eventFilters)[Name]['schema']> | undefined;
};

const isFilterName = (name: string): name is FilterName => name in eventFilters;

export const filterNames: readonly FilterName[] = Object.keys(eventFilters).filter(isFilterName);

/** The filters that one index serves, as a combination of their values. */
export const combinedFilters: readonly FilterName[] = filterNames.filter((name) => eventFilters[name].how === 'equal');

/** A value as a column of `combinations` has it: JSON, so that any text is well-formed and holds no NUL. */
const toColumn = (value: FilterValue | null | undefined): string => JSON.stringify(value ?? null);

/** The columns of the event's combination, in the order of `combinedFilters`. */
export const combinationOf = (record: EventRecord): readonly string[] =>
  combinedFilters.map((name) => toColumn(eventFilters[name].of?.(record)));

/** What the columns of a combination must hold to be one of those that the filters ask for. */
export const wantedColumns = (
  filters: EventFilters,
): readonly { readonly column: FilterName; readonly value: string }[] =>
  combinedFilters.flatMap((column) =>
    filters[column] === undefined ? [] : [{ column, value: toColumn(filters[column]) }],
  );

/** Those of them whose values are the event's own, for indexes that are dear to change. */
export const filtersOfEvent: readonly FilterName[] = combinedFilters.filter((name) => eventFilters[name].isOfEvent);

/** Makes the predicate that tells whether a listing with these filters has an event. */
export const createMatcher = (filters: EventFilters): ((record: EventRecord) => boolean) => {
  const compared = filterNames.filter((name) => eventFilters[name].of !== undefined && filters[name] !== undefined);
  const { since, until, q } = filters;
  const words = q === undefined ? [] : splitWords(q);
  return (record) =>
    compared.every((name) => eventFilters[name].of?.(record) === filters[name]) &&
    (since === undefined || record.first_seen_at >= since) &&
    (until === undefined || record.first_seen_at < until) &&
    standIn(record, words);
};

export const matchesFilters = (record: EventRecord, filters: EventFilters): boolean => createMatcher(filters)(record);

export interface DeliveryFilters {
  readonly status?: (typeof deliveryStatuses)[number] | undefined;
  readonly destination?: string | undefined;
  readonly action?: (typeof actions)[number] | undefined;
  /** Inclusive and exclusive bounds of the alert's `opened_at`. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}
