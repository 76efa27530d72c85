// The words of Statuspage, and what each item of a summary says in our terms.
import type { Component, Incident } from '../status-page.ts';
import type { StatuspageComponent, StatuspageIncident } from './schema.ts';
import { componentSeverities, incidentSeverities } from './severities.ts';

/** The words for an incident or a maintenance that is over. */
export const endStatuses: ReadonlySet<string> = new Set(['resolved', 'postmortem', 'completed']);

const newestUpdate = ({ incident_updates: updates }: StatuspageIncident): string | null => {
  const [first, ...others] = updates;
  if (!first) return null;
  return others.reduce((a, b) => ((b.created_at ?? '') > (a.created_at ?? '') ? b : a), first).body;
};

/** Those that it lists itself, and those that one of its updates says it affects. A group is its children's mirror. */
const namedComponents = (
  { components, incident_updates: updates }: StatuspageIncident,
  groupIds: ReadonlySet<string>,
): Incident['components'] => {
  const affected = updates.flatMap((update) => update.affected_components);
  const named = new Map(affected.map(({ code, name }) => [code, name]));
  for (const { id, name, group } of components) {
    if (group) named.delete(id);
    else named.set(id, name);
  }
  return [...named].filter(([id]) => !groupIds.has(id)).map(([id, name]) => ({ id, name }));
};

export const normalizeIncident = (
  fields: StatuspageIncident,
  raw: unknown,
  isMaintenance: boolean,
  groupIds: ReadonlySet<string>,
): Incident => {
  const impact = isMaintenance ? 'maintenance' : (fields.impact ?? 'minor');
  const scheduledFor = isMaintenance ? fields.scheduled_for : null;
  return {
    id: fields.id,
    name: fields.name,
    status: fields.status,
    impact: isMaintenance ? impact : fields.impact,
    severity: incidentSeverities.get(impact) ?? null,
    isMaintenance,
    isOver: fields.resolved_at !== null || endStatuses.has(fields.status),
    startedAt: scheduledFor ?? fields.started_at ?? fields.created_at,
    updatedAt: fields.updated_at,
    resolvedAt: fields.resolved_at,
    description: newestUpdate(fields),
    url: fields.shortlink,
    components: namedComponents(fields, groupIds),
    raw,
  };
};

export const normalizeComponent = (
  fields: StatuspageComponent,
  raw: unknown,
  groupNames: ReadonlyMap<string, string>,
): Component => ({
  id: fields.id,
  name: fields.name,
  status: fields.status,
  severity: componentSeverities.get(fields.status) ?? null,
  isWell: fields.status === 'operational',
  updatedAt: fields.updated_at,
  groupId: fields.group_id,
  groupName: fields.group_id === null ? null : (groupNames.get(fields.group_id) ?? null),
  raw,
});
