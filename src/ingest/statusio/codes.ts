// The numbers of Status.io in words that our rules, texts and folding know. https://kb.status.io/developers/status-codes
import type { Condition } from '../condition.ts';

export const operational = 100;

const conditions = new Map<number, Condition>([
  [operational, { status: 'operational', impact: 'none', severity: 'info' }],
  [200, { status: 'under_maintenance', impact: 'maintenance', severity: 'info' }],
  [300, { status: 'degraded_performance', impact: 'minor', severity: 'warning' }],
  [400, { status: 'partial_outage', impact: 'major', severity: 'critical' }],
  [500, { status: 'major_outage', impact: 'critical', severity: 'critical' }],
  [600, { status: 'security_event', impact: 'critical', severity: 'critical' }],
]);

/** Undefined for a number that we do not know. */
export const conditionOf = (code: number): Condition | undefined => conditions.get(code);

/** Whether the whole status page calls itself at least partly down, or something that we do not know. */
export const isSerious = (code: number): boolean => (conditions.get(code)?.severity ?? 'critical') === 'critical';

export const resolvedState = 400;

const phases = new Map([
  [100, 'investigating'],
  [200, 'identified'],
  [300, 'monitoring'],
  [resolvedState, 'resolved'],
]);

/** A phase that we do not know is kept as it came. */
export const phaseOf = (state: number | null): string =>
  state === null ? 'investigating' : (phases.get(state) ?? String(state));
