// THE list of filters of `GET /events`: name, schema, meaning, and how a record is held against it. The query's schema,
// the SQL of both databases, the memory store, the live stream and the dashboard's form are made from it; adding a filter
// is a row here and a migration.
import * as z from 'zod';
import type { actions, deliveryStatuses } from '../domain/delivery.ts';
import { isoSchema, kinds, severities } from '../domain/event.ts';
import { type EventRecord, isOpen } from '../domain/event-record.ts';
import { containsAllWords, wordsOf } from './search-words.ts';

/** What a filter compares, as every store has it beside an event. */
export type FilterValue = string | boolean;

interface FilterRow<T extends FilterValue> {
  readonly schema: z.ZodType<T>;
  readonly description: string;
  /**
   * `equal`: a column with few distinct values, part of the combination that one index serves. `since`, `until`: bounds
   * of `first_seen_at`. `alert`: the alert's id. `words`: a text index.
   */
  readonly how: 'equal' | 'since' | 'until' | 'alert' | 'words';
  /** The event's value, for `equal` and `alert`. */
  readonly of?: (record: EventRecord) => T | null;
}

const defineFilter = <T extends FilterValue>(row: FilterRow<T>): FilterRow<T> => row;

export const eventFilters = {
  source: defineFilter({
    schema: z.string(),
    how: 'equal',
    of: ({ event }) => event.source,
    description: 'The source, such as `stripe` or `braze_status`.',
  }),
  kind: defineFilter({ schema: z.enum(kinds), how: 'equal', of: ({ event }) => event.kind, description: 'The kind.' }),
  severity: defineFilter({
    schema: z.enum(severities),
    how: 'equal',
    of: ({ event }) => event.severity,
    description: 'The severity.',
  }),
  service: defineFilter({
    schema: z.string(),
    how: 'equal',
    of: ({ event }) => event.service,
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

export const filterNames: readonly FilterName[] = [
  'source',
  'kind',
  'severity',
  'service',
  'state',
  'routed',
  'since',
  'until',
  'alert_id',
  'q',
];

/** The filters that one index serves, as a combination of their values. */
export const combinedFilters = ['source', 'kind', 'severity', 'service', 'state', 'routed'] as const;

/** Whether a listing with these filters has the event. */
export const matchesFilters = (record: EventRecord, filters: EventFilters): boolean =>
  combinedFilters.every((name) => filters[name] === undefined || eventFilters[name].of?.(record) === filters[name]) &&
  (filters.since === undefined || record.first_seen_at >= filters.since) &&
  (filters.until === undefined || record.first_seen_at < filters.until) &&
  (filters.alert_id === undefined || record.alert_id === filters.alert_id) &&
  (filters.q === undefined || containsAllWords(wordsOf(record), filters.q));

export interface DeliveryFilters {
  readonly status?: (typeof deliveryStatuses)[number] | undefined;
  readonly destination?: string | undefined;
  readonly action?: (typeof actions)[number] | undefined;
  /** Inclusive and exclusive bounds of the alert's `opened_at`. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}
