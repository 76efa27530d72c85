// How bad Google calls an incident. A major incident "is marked as Service outage"; a disruption is anything less than
// that, and information is a notice of an issue that is smaller still.
// https://cloud.google.com/support/docs/dashboard
import type { Condition } from '../condition.ts';

const impacts = new Map<string, Condition>([
  ['SERVICE_OUTAGE', { status: 'major_outage', impact: 'critical', severity: 'critical' }],
  ['SERVICE_DISRUPTION', { status: 'partial_outage', impact: 'minor', severity: 'warning' }],
  ['SERVICE_INFORMATION', { status: 'degraded_performance', impact: 'minor', severity: 'warning' }],
  ['AVAILABLE_INFORMATION', { status: 'operational', impact: 'none', severity: 'info' }],
  ['AVAILABLE', { status: 'operational', impact: 'none', severity: 'info' }],
]);

/** Beside its impact an incident has a severity of low, medium or high: a disruption of high severity is a major one. */
const highDisruption: Condition = { status: 'partial_outage', impact: 'major', severity: 'critical' };

/** Undefined for a word that we do not know. */
export const impactOf = (word: string, severity: string | null): Condition | undefined =>
  word === 'SERVICE_DISRUPTION' && severity === 'high' ? highDisruption : impacts.get(word);
