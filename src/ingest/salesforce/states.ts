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

const instanceStates = new Map<string, State>([
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

/** What an instance is; undefined for a word that we do not know. */
export const instanceStateOf = (word: string): State | undefined => instanceStates.get(word);

const incidentSeverities = new Map<string, Severity>([
  ['minor', 'warning'],
  ['major', 'critical'],
]);

/** How serious an incident of this impact is; undefined for a word that we do not know. */
export const incidentSeverityOf = (impact: string): Severity | undefined => incidentSeverities.get(impact);

const impactsOfTypes = new Map([
  ['Degradation', 'minor'],
  ['Disruption', 'major'],
]);

/** The impact that the type of an incident says, where it lists none. */
export const impactOfType = (type: string): string | undefined => impactsOfTypes.get(type);
