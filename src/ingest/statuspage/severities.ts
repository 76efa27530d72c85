// How serious an incident's impact and a component's status are.
import type { Severity } from '../../domain/event.ts';

export const incidentSeverities: ReadonlyMap<string, Severity> = new Map([
  ['critical', 'critical'],
  ['major', 'critical'],
  ['minor', 'warning'],
  ['none', 'info'],
  ['maintenance', 'info'],
]);

export const componentSeverities: ReadonlyMap<string, Severity> = new Map([
  ['operational', 'info'],
  ['degraded_performance', 'warning'],
  ['partial_outage', 'critical'],
  ['major_outage', 'critical'],
  ['under_maintenance', 'info'],
]);
