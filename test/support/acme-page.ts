// A vendor that tests play: its status page, with incidents and components, and events about payments.
import type { Sighting } from '../../src/domain/observation.ts';
import { aSighting } from './builders.ts';

/** A minute of the day that the tests play in. */
export const at = (time: string): string => (time.includes('T') ? time : `2026-03-01T${time}:00.000Z`);

/** What an incident or a component of the status page shows; times are minutes of the day, or whole. */
export interface Parts {
  readonly severity?: 'info' | 'warning' | 'critical';
  readonly started?: string;
  readonly ended?: string;
  readonly components?: readonly string[];
  readonly group?: string;
  readonly pageSize?: number;
  readonly name?: string;
  readonly status?: string;
  readonly firstLook?: boolean;
}

export const incident = (id: string, parts: Parts = {}): Sighting =>
  aSighting(
    {
      event_id: `acme_status:incident:${id}`,
      severity: parts.severity ?? 'critical',
      summary: parts.name ?? `Incident ${id}`,
      started_at: at(parts.started ?? '12:00'),
      resolved_at: parts.ended ? at(parts.ended) : null,
    },
    {
      facts: { item: 'incident', status: parts.status ?? 'investigating' },
      traits: {
        item: 'incident',
        name: parts.name ?? `Incident ${id}`,
        components: parts.components ?? [],
        group: null,
        pageSize: parts.pageSize ?? 10,
      },
      ...(parts.firstLook && { firstLook: true }),
    },
  );

export const component = (id: string, parts: Parts = {}): Sighting => {
  const startedAt = at(parts.started ?? '12:00');
  return aSighting(
    {
      event_id: `acme_status:component:${id}:${startedAt}`,
      kind: 'status',
      severity: parts.severity ?? 'critical',
      service: id,
      summary: `${id}: ${parts.status ?? 'major_outage'}`,
      started_at: startedAt,
      resolved_at: parts.ended ? at(parts.ended) : null,
    },
    {
      subject: `acme_status:component:${id}`,
      facts: { item: 'component', status: parts.status ?? 'major_outage', component: id },
      scope: 'acme_status',
      traits: {
        item: 'component',
        name: null,
        components: [id],
        group: parts.group ?? null,
        pageSize: parts.pageSize ?? 10,
      },
      ...(parts.firstLook && { firstLook: true }),
    },
  );
};

/** An event of Stripe about one object. */
export const payment = (
  id: string,
  type: string,
  object: string,
  started: string,
  overrides: Partial<Omit<Sighting, 'event'>> & {
    readonly severity?: Parts['severity'];
    readonly account?: string;
  } = {},
): Sighting => {
  const { severity = 'critical', account, ...rest } = overrides;
  return aSighting(
    {
      event_id: id,
      source: 'stripe',
      kind: 'payment',
      service: 'stripe',
      severity,
      summary: `${type}: ${object}`,
      started_at: at(started),
    },
    {
      subject: id,
      scope: `stripe:${account ?? ''}:${object}`,
      facts: { type, object_id: object, ...(account !== undefined && { account }) },
      traits: { item: 'payment', name: type, components: [], group: null, pageSize: 0 },
      revisable: false,
      ...rest,
    },
  );
};
