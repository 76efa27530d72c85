// The JSON of an event's row, the same for every SQL backend. It is written with each event and read for each that is
// listed, so it is short: what has a column, is usual, or follows from the rest is left out, and the event's own fields
// and facts have places instead of names. Bodies of the version before are read as well.
import { type EventRecord, eventRecordSchema, type StoredEvent } from '../domain/event-record.ts';
import type { FactName, Facts } from '../domain/facts.ts';
import type { EventColumns } from './rows.ts';

/** Of the body. In version 2 the event and its facts were objects, and less was left out. */
const version = 3;

/** The places of the facts in a body: a new fact is added at the end, and none is ever moved. */
export const factPlaces = [
  'type',
  'object',
  'object_id',
  'amount',
  'currency',
  'account',
  'livemode',
  'failure_code',
  'decline_code',
  'url',
  'reason',
  'page',
  'page_name',
  'item',
  'status',
  'impact',
  'component',
  'group',
  'components',
  'built_in_severity',
] as const satisfies readonly FactName[];

/** What most events have. */
const usual = {
  vendor_updated_at: null,
  test_mode: false,
  closed_by_hand: null,
  alert_id: null,
  alerts_opened: 0,
  routed: false,
  routing_reason: null,
} as const;
const usualTraits = { name: null, components: [], group: null, pageSize: 0 } as const;

/** What follows from the event and its facts, where the adapters see nothing unusual in it. */
const usualScope = ({ kind, source, event_id: id }: StoredEvent, facts: Facts): string => {
  if (kind !== 'payment') return source;
  return facts.object_id === undefined ? id : `${source}:${facts.account ?? ''}:${facts.object_id}`;
};
const usualName = ({ type }: Facts): string | null => type ?? null;
const usualItem = ({ kind }: StoredEvent): string | undefined => (kind === 'payment' ? kind : undefined);

const unless = <T>(value: T, left: unknown): T | undefined => (value === left ? undefined : value);

/** The event without the names of its fields; nulls at the end are left out. */
type Fields = readonly [
  id: string,
  source: string,
  kind: StoredEvent['kind'],
  severity: StoredEvent['severity'],
  service: string,
  summary: string,
  startedAt: string,
  description?: string | null,
  resolvedAt?: string,
];

const toFields = (event: StoredEvent): Fields => {
  const { event_id: id, source, kind, severity, service, summary, started_at: startedAt, description } = event;
  if (event.resolved_at !== null) {
    return [id, source, kind, severity, service, summary, startedAt, description, event.resolved_at];
  }
  return description === null
    ? [id, source, kind, severity, service, summary, startedAt]
    : [id, source, kind, severity, service, summary, startedAt, description];
};

const fromFields = (fields: Fields): StoredEvent => {
  const [id, source, kind, severity, service, summary, startedAt, description = null, resolvedAt = null] = fields;
  const event = { event_id: id, source, kind, severity, service, summary, description };
  return { ...event, started_at: startedAt, resolved_at: resolvedAt };
};

const toFacts = (facts: Facts): readonly unknown[] => {
  const places = factPlaces.map((name) => facts[name] ?? null);
  return places.slice(0, places.findLastIndex((value) => value !== null) + 1);
};

const fromFacts = (places: readonly unknown[]) =>
  Object.fromEntries(places.flatMap((value, at) => (value === null ? [] : [[factPlaces[at], value]])));

const toTraits = ({ event, facts, traits }: EventRecord) => {
  const { item, name, components, group, pageSize } = traits;
  const left = { item: unless(item, usualItem(event)), name: unless(name, usualName(facts)) };
  if (components.length === 0 && group === null && pageSize === 0) {
    return left.item === undefined && left.name === undefined ? undefined : left;
  }
  return { ...left, components, group, pageSize };
};

/** All of the record that changes without its body being written anew has a column, and is not in it. */
type Kept = Record<Exclude<keyof EventRecord, keyof EventColumns> | 'v', unknown>;

export const toEventBody = (record: EventRecord): string => {
  const { event, facts } = record;
  const kept: Kept = {
    v: version,
    event: toFields(event),
    facts: toFacts(facts),
    subject: unless(record.subject, event.event_id),
    scope: unless(record.scope, usualScope(event, facts)),
    traits: toTraits(record),
    vendor_updated_at: unless(record.vendor_updated_at, usual.vendor_updated_at),
    test_mode: unless(record.test_mode, usual.test_mode),
    closed_by_hand: unless(record.closed_by_hand, usual.closed_by_hand),
    incident_severity: record.incident_severity,
    named_components: record.named_components,
    ends_types: record.ends_types,
    alert_id: unless(record.alert_id, usual.alert_id),
    alert_scope: record.alert_scope,
    recovered_at: record.recovered_at,
    alerts_opened: unless(record.alerts_opened, usual.alerts_opened),
    routed: unless(record.routed, usual.routed),
    routing_reason: unless(record.routing_reason, usual.routing_reason),
    request_id: record.request_id,
  };
  return JSON.stringify(kept);
};

/** Of any version, not checked yet. */
const readBody = (body: string) => {
  const { v, record_version: before, event, traits, ...kept } = JSON.parse(body);
  if (v === version) {
    const whole = fromFields(event);
    const facts = fromFacts(kept.facts);
    const ofItem = { ...usualTraits, item: usualItem(whole), name: usualName(facts) };
    return { scope: usualScope(whole, facts), ...kept, event: whole, facts, traits: { ...ofItem, ...traits } };
  }
  if (before !== 2) return {};
  const whole = { description: null, resolved_at: null, ...event };
  return { scope: whole.event_id, ...kept, event: whole, traits: { ...usualTraits, ...traits } };
};

/** @throws when the body is of no version that this program knows */
export const parseEvent = (
  columns: Pick<EventColumns, 'alert_is_open' | 'first_seen_at' | 'last_seen_at' | 'seen_count'>,
  body: string,
): EventRecord => {
  const kept = readBody(body);
  const last_seen_at = columns.last_seen_at || columns.first_seen_at;
  return eventRecordSchema.parse({ ...usual, subject: kept.event?.event_id, ...kept, ...columns, last_seen_at });
};

/** The id alone, without the price of the rest. */
export const eventIdOf = (body: string): string => {
  const { event } = JSON.parse(body);
  return Array.isArray(event) ? event[0] : event.event_id;
};
