// Which of the deliveries that wait for one destination goes first.
import type { Action } from '../domain/delivery.ts';
import { mostSeriousFirst, type Severity } from '../domain/event.ts';

export interface Urgency {
  readonly action: Action;
  readonly severity: Severity;
  readonly createdMs: number;
}

/**
 * Deliveries of one group share a part of the pace. Listed as a paused destination is probed with them: the most serious
 * trigger first.
 */
export const groups = ['critical', 'trigger', 'resolve', 'update'] as const;
export type Group = (typeof groups)[number];

export const groupOf = ({ action, severity }: Pick<Urgency, 'action' | 'severity'>): Group =>
  action === 'trigger' && severity === 'critical' ? 'critical' : action;

/** What has waited for so long goes up one class. */
const patienceMs = 300_000;

const classOf = { resolve: 0, trigger: 1, update: 2 } as const satisfies Readonly<Record<Action, number>>;

/**
 * Negative when `a` goes first: resolves, then triggers, then updates; of one class the more serious, and of those what
 * was there first. An update that has waited for long stands among the triggers, behind those that are as serious.
 */
export const compareUrgency = (a: Urgency, b: Urgency, nowMs: number): number => {
  const rank = ({ action, createdMs }: Urgency): number =>
    Math.max(0, classOf[action] - (nowMs - createdMs >= patienceMs ? 1 : 0));
  return (
    rank(a) - rank(b) || mostSeriousFirst(a, b) || classOf[a.action] - classOf[b.action] || a.createdMs - b.createdMs
  );
};
