// What the items of a status page by Status.io say in our terms. A component runs in containers, each with a state of its
// own: each pair is a component of ours, which stands in the group of its container.
import type { Component, Incident } from '../status-page.ts';
import { conditionOf, operational, phaseOf, resolvedState } from './codes.ts';
import type { StatusioComponent, StatusioContainer, StatusioIncident } from './schema.ts';

const stateOf = (code: number) => {
  const condition = conditionOf(code);
  return {
    status: condition?.status ?? String(code),
    severity: condition?.severity ?? null,
    isWell: code === operational,
  };
};

/** @param container null for a component that runs in none */
export const normalizeComponent = (
  { id, name, status_code: code, updated }: StatusioComponent,
  container: StatusioContainer | null,
  raw: unknown,
): Component => ({
  // Several components may share a container.
  id: container === null ? id : `${id}/${container.id}`,
  name,
  ...stateOf(container?.status_code ?? code),
  updatedAt: container?.updated ?? updated,
  groupId: container?.id ?? null,
  groupName: container?.name ?? null,
  raw,
});

/** The listed pairs that it affects; where none of them is listed, the component alone. */
const affectedBy = (incident: StatusioIncident, listed: readonly Component[]): Incident['components'] => {
  const containers = new Set(incident.containers_affected.map(({ _id: id }) => id));
  return incident.components_affected.flatMap(({ _id: id, name }) => {
    const all = listed.filter((each) => each.id === id || each.id.startsWith(`${id}/`));
    const pairs = all.filter(({ groupId }) => groupId !== null && containers.has(groupId));
    const named = (pairs.length > 0 ? pairs : all).map((pair) => ({ id: pair.id, name: pair.name }));
    return named.length > 0 ? named : [{ id, name, groups: null }];
  });
};

/** The oldest first. */
const byTime = ({ messages }: StatusioIncident): StatusioIncident['messages'] =>
  messages.toSorted((a, b) => ((a.datetime ?? '') < (b.datetime ?? '') ? -1 : 1));

/** How bad it is by its newest message: one that calls it operational while it goes on takes nothing back. */
const codeOf = (messages: StatusioIncident['messages']): number | null => {
  const codes = messages.flatMap(({ status }) => (status === null ? [] : [status]));
  return codes.findLast((code) => code !== operational) ?? codes.at(-1) ?? null;
};

const common = (fields: StatusioIncident, raw: unknown, listed: readonly Component[]) => {
  const messages = byTime(fields);
  const newest = messages.at(-1);
  const isOver = newest?.state === resolvedState;
  return {
    id: fields._id,
    name: fields.name,
    isOver,
    updatedAt: newest?.datetime ?? null,
    resolvedAt: isOver ? newest.datetime : null,
    description: newest?.details ?? null,
    url: null,
    components: affectedBy(fields, listed),
    raw,
  };
};

export const normalizeIncident = (fields: StatusioIncident, raw: unknown, listed: readonly Component[]): Incident => {
  const messages = byTime(fields);
  const code = codeOf(messages);
  const condition = code === null ? undefined : conditionOf(code);
  return {
    ...common(fields, raw, listed),
    status: phaseOf(messages.at(-1)?.state ?? null),
    impact: condition?.impact ?? (code === null ? null : String(code)),
    severity: condition?.severity ?? (code === null ? 'warning' : null),
    isMaintenance: false,
    startedAt: fields.datetime_open,
  };
};

/** @param isActive it has begun */
export const normalizeMaintenance = (
  fields: StatusioIncident,
  raw: unknown,
  listed: readonly Component[],
  isActive: boolean,
): Incident => {
  const shared = common(fields, raw, listed);
  return {
    ...shared,
    status: shared.isOver ? 'completed' : isActive ? 'in_progress' : 'scheduled',
    impact: 'maintenance',
    severity: 'info',
    isMaintenance: true,
    startedAt: fields.datetime_planned_start ?? fields.datetime_open,
  };
};
