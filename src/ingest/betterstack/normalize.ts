// Better Stack's words in those that our rules, texts and folding know. A word that is not here is kept as it came.
import { isWorse, type Severity } from '../../domain/event.ts';
import { hasCome } from '../../lib/time.ts';
import type { Condition } from '../condition.ts';
import { maintenanceStatus } from '../maintenance-status.ts';
import type { Component, Incident } from '../status-page.ts';
import { isCalledOver, type Report, type Resource, type Update, wellStates } from './schema.ts';

/** One vocabulary for resources, reports and the whole page. */
const conditions = new Map<string, Condition>([
  ['operational', { status: 'operational', impact: 'none', severity: 'info' }],
  ['resolved', { status: 'operational', impact: 'none', severity: 'info' }],
  ['maintenance', { status: 'under_maintenance', impact: 'maintenance', severity: 'info' }],
  ['degraded', { status: 'degraded_performance', impact: 'minor', severity: 'warning' }],
  ['downtime', { status: 'major_outage', impact: 'critical', severity: 'critical' }],
]);

/** A word that nobody knows makes nothing worse. */
const severityOf = (word: string): Severity => conditions.get(word)?.severity ?? 'info';

export const normalizeResource = (
  { id, attributes }: Resource,
  raw: unknown,
  sectionNames: ReadonlyMap<string, string | null>,
): Component => {
  const { public_name: name, status, status_page_section_id: sectionId } = attributes;
  const condition = conditions.get(status);
  return {
    id,
    name,
    status: condition?.status ?? status,
    severity: condition?.severity ?? null,
    isWell: wellStates.has(status),
    updatedAt: null,
    groupId: sectionId ?? null,
    groupName: sectionNames.get(sectionId ?? '') ?? null,
    raw,
  };
};

export interface ReportContext {
  readonly nowMs: number;
  /** The oldest first. */
  readonly updates: readonly Update['attributes'][];
  readonly resourceNames: ReadonlyMap<string, string>;
}

/** A report that is over is only called well: its updates tell how bad it was. */
const worstOf = (word: string, { updates }: ReportContext): string =>
  updates
    .flatMap(({ affected_resources: statuses }) => statuses)
    .reduce((a, b) => (isWorse(severityOf(b), severityOf(a)) ? b : a), word);

export const normalizeReport = (report: Report, raw: unknown, context: ReportContext): Incident => {
  const { id, attributes } = report;
  const { title, aggregate_state: word, starts_at: startsAt, ends_at: endsAt } = attributes;
  const isMaintenance = attributes.report_type === 'maintenance';
  const isOver = hasCome(endsAt, context.nowMs) || isCalledOver(attributes.report_type, word);
  const worst = isOver ? worstOf(word, context) : word;
  const condition = conditions.get(isMaintenance ? 'maintenance' : worst);
  return {
    id,
    name: title,
    status: isMaintenance
      ? maintenanceStatus(startsAt, endsAt, context.nowMs)
      : isOver
        ? 'resolved'
        : (condition?.status ?? word),
    impact: condition?.impact ?? worst,
    severity: condition?.severity ?? null,
    isMaintenance,
    isOver,
    startedAt: startsAt,
    updatedAt: null,
    resolvedAt: isOver && hasCome(endsAt, context.nowMs) ? endsAt : null,
    description: context.updates.at(-1)?.message ?? null,
    url: null,
    components: attributes.affected_resources.flatMap(({ status_page_resource_id: resource }) => {
      const name = context.resourceNames.get(resource);
      return name === undefined ? [] : [{ id: resource, name }];
    }),
    raw,
  };
};
