// Salesforce's words in those that our rules, texts and folding know. "Core" is what every customer of an instance uses.
import type { Severity } from '../../domain/event.ts';
import type { Condition } from '../condition.ts';

type State = Pick<Condition, 'status' | 'severity'>;

const major: State = { status: 'major_outage', severity: 'critical' };
const partial: State = { status: 'partial_outage', severity: 'critical' };
const minor: State = { status: 'degraded_performance', severity: 'warning' };
const maintenance: State = { status: 'under_maintenance', severity: 'info' };
const informational: State = { status: 'informational', severity: 'info' };

export const wellWord = 'OK';

/** By what an instance is called. */
export const instanceStates: ReadonlyMap<string, State> = new Map([
  [wellWord, { status: 'operational', severity: 'info' }],
  ['INFORMATIONAL_CORE', informational],
  ['INFORMATIONAL_NONCORE', informational],
  ['MAINTENANCE_CORE', maintenance],
  ['MAINTENANCE_NONCORE', maintenance],
  ['MINOR_INCIDENT_CORE', minor],
  ['MINOR_INCIDENT_NONCORE', minor],
  ['MAJOR_INCIDENT_NONCORE', partial],
  ['MAJOR_INCIDENT_CORE', major],
]);

/** By the impact of an incident. */
export const incidentSeverities: ReadonlyMap<string, Severity> = new Map([
  ['minor', 'warning'],
  ['major', 'critical'],
]);

/** The impact that the type of an incident says, where it lists none. */
export const impactsOfTypes: ReadonlyMap<string, string> = new Map([
  ['Degradation', 'minor'],
  ['Disruption', 'major'],
]);
