// An AWS event as an incident of ours.
import { cutName } from '../../lib/text.ts';
import { hasCome } from '../../lib/time.ts';
import type { Condition } from '../condition.ts';
import type { Incident } from '../status-page.ts';
import type { AwsEvent } from './schema.ts';

const resolved = '0';

/** The dashboard calls them informational, degradation and disruption. AWS begins as informational what it does not know yet. */
const conditions = new Map<string, Condition>([
  [resolved, { status: 'operational', impact: 'none', severity: 'info' }],
  ['1', { status: 'degraded_performance', impact: 'minor', severity: 'warning' }],
  ['2', { status: 'degraded_performance', impact: 'minor', severity: 'warning' }],
  ['3', { status: 'major_outage', impact: 'critical', severity: 'critical' }],
]);

/** What is over is called resolved alone: the worst that it was is told by its log and its services. */
const worstOf = ({ status, event_log: log, impacted_services: services }: AwsEvent): string => {
  if (status !== resolved) return status;
  return [...log.map((entry) => entry.status), ...services.map(({ max }) => max)]
    .flatMap((word) => word ?? [])
    .reduce((a, b) => (conditions.has(b) && b > a ? b : a), status);
};

/** The region of `arn:aws:health:eu-west-1::event/…`; null for what is of no region. */
const regionOf = ({ arn }: AwsEvent): string | null => {
  const region = arn.split(':')[3];
  return region === undefined || region === '' || region === 'global' ? null : region;
};

/** Two events often have one summary: service and region tell them apart. */
const nameOf = (
  { summary, service_name: service, region_name: regionName }: AwsEvent,
  region: string | null,
): string => {
  const title = summary?.replace(/^\[RESOLVED\]\s*/i, '') || 'Event';
  const where = [regionName, region && regionName ? `(${region})` : region].filter(Boolean).join(' ');
  const of = [service, where].filter(Boolean).join(', ');
  return cutName(of === '' ? title : `${title}: ${of}`);
};

/** Those that are affected now; while none is called so, all that were. */
const componentsOf = (event: AwsEvent, region: string | null): Incident['components'] => {
  const groups = region === null ? null : [region];
  const impacted = event.impacted_services;
  const ill = impacted.filter(({ current }) => current !== resolved);
  const named = (ill.length > 0 ? ill : impacted).map(({ id, service_name: name }) => ({ id, name, groups }));
  if (named.length > 0) return named;
  const { service: id, service_name: name } = event;
  return id === null || name === null || id.startsWith('multipleservices') ? [] : [{ id, name, groups }];
};

const newestOf = ({ event_log: log }: AwsEvent) =>
  log
    .map(({ message, timestamp }) => ({ message, at: timestamp ?? '' }))
    .reduce((a, b) => (b.at >= a.at ? b : a), { message: null, at: '' });

/** Where people read it. The other partitions have dashboards of their own. */
const urlOf = ({ arn }: AwsEvent): string | null =>
  arn.startsWith('arn:aws:') ? `https://health.aws.amazon.com/health/status?eventID=${encodeURIComponent(arn)}` : null;

export const normalizeEvent = (event: AwsEvent, raw: unknown, nowMs: number): Incident => {
  const region = regionOf(event);
  const end = event.end_time ?? null;
  const worst = worstOf(event);
  const condition = conditions.get(worst);
  const isOver = event.status === resolved || hasCome(end, nowMs);
  const { message, at } = newestOf(event);
  return {
    id: event.arn,
    name: nameOf(event, region),
    status: isOver ? 'resolved' : (condition?.status ?? event.status),
    impact: condition?.impact ?? worst,
    severity: condition?.severity ?? null,
    isMaintenance: false,
    isOver,
    startedAt: event.date,
    updatedAt: at || null,
    resolvedAt: isOver && hasCome(end, nowMs) ? end : null,
    description: message,
    url: urlOf(event),
    components: componentsOf(event, region),
    raw,
  };
};
