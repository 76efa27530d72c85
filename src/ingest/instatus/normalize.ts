// Instatus's words in those that our rules, texts and folding know. A word that is not here is kept as it came.
import type { Condition } from '../condition.ts';
import type { Component, Incident } from '../status-page.ts';
import type { InstatusComponent, InstatusIncident, InstatusMaintenance } from './schema.ts';

/** The impact of an incident and the status of a component are of one vocabulary. https://instatus.com/help/api */
const conditions = new Map<string, Condition>([
  ['OPERATIONAL', { status: 'operational', impact: 'none', severity: 'info' }],
  ['UNDERMAINTENANCE', { status: 'under_maintenance', impact: 'maintenance', severity: 'info' }],
  ['DEGRADEDPERFORMANCE', { status: 'degraded_performance', impact: 'minor', severity: 'warning' }],
  ['MINOROUTAGE', { status: 'degraded_performance', impact: 'minor', severity: 'warning' }],
  ['PARTIALOUTAGE', { status: 'partial_outage', impact: 'major', severity: 'critical' }],
  ['MAJOROUTAGE', { status: 'major_outage', impact: 'critical', severity: 'critical' }],
]);

const phases = new Map([
  ['INVESTIGATING', 'investigating'],
  ['IDENTIFIED', 'identified'],
  ['MONITORING', 'monitoring'],
  ['RESOLVED', 'resolved'],
  ['NOTSTARTEDYET', 'scheduled'],
  ['INPROGRESS', 'in_progress'],
  ['VERIFYING', 'verifying'],
  ['COMPLETED', 'completed'],
]);

const endPhases: ReadonlySet<string> = new Set(['RESOLVED', 'COMPLETED']);

const common = ({ id, name, status, updatedAt, url }: InstatusIncident | InstatusMaintenance, raw: unknown) => ({
  id,
  name,
  status: phases.get(status) ?? status,
  isOver: endPhases.has(status),
  updatedAt,
  resolvedAt: null,
  description: null,
  url,
  components: [],
  raw,
});

export const normalizeIncident = (fields: InstatusIncident, raw: unknown): Incident => {
  const condition = fields.impact === null ? undefined : conditions.get(fields.impact);
  const unknownSeverity = fields.impact === null ? 'warning' : null;
  return {
    ...common(fields, raw),
    isMaintenance: false,
    impact: condition?.impact ?? fields.impact,
    severity: condition?.severity ?? unknownSeverity,
    startedAt: fields.started,
  };
};

export const normalizeMaintenance = (fields: InstatusMaintenance, raw: unknown): Incident => ({
  ...common(fields, raw),
  isMaintenance: true,
  impact: 'maintenance',
  severity: 'info',
  startedAt: fields.start,
});

export const normalizeComponent = ({ id, name, status, group }: InstatusComponent, raw: unknown): Component => {
  const condition = conditions.get(status);
  return {
    id,
    name,
    status: condition?.status ?? status,
    severity: condition?.severity ?? null,
    isWell: status === 'OPERATIONAL',
    updatedAt: null,
    groupId: group?.id ?? null,
    groupName: group?.name ?? null,
    raw,
  };
};
