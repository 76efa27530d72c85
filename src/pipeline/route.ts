// Stage 4, inside the transaction: which alert the event belongs to and who is told, so that the answer to a vendor means
// that the event and its routing are kept.
import { decideEvent } from '../domain/decide-event.ts';
import { isShown } from '../domain/event-differences.ts';
import type { HistoryEntry } from '../domain/history.ts';
import type { Policy } from '../domain/ruling.ts';
import { toIso } from '../lib/time.ts';
import { type OnBroken, unlessBroken } from './broken-rules.ts';
import type { Draft } from './draft.ts';
import type { DraftStage } from './stage.ts';

const decide = (draft: Draft, event: NonNullable<Draft['event']>, policy: Policy): Draft => {
  const { snapshot, observation, nowMs, thread, change = 'stored' } = draft;
  const { record, alerts, routed, reason } = decideEvent({
    record: event,
    change,
    looksTheSame: !draft.eventHistory.some(({ fields }) => isShown(fields)),
    alerts: snapshot.alerts,
    endings: snapshot.endings,
    stormOpened: draft.stormOpened,
    asked: draft.asked,
    firstLook: observation.type === 'sighting' && observation.firstLook === true,
    ...(observation.type === 'sighting' && observation.missed && { missed: observation.missed }),
    policy,
    nowMs,
    requestId: thread.requestId,
  });
  const { severity } = record.event;
  const isSameSeverity = severity === event.event.severity;
  if (observation.type === 'reconsideration' && isSameSeverity && alerts.length === 0)
    return { ...draft, stopped: 'ignored' };
  const decision: HistoryEntry = {
    at: toIso(nowMs),
    change: 'routing_decided',
    request_id: thread.requestId,
    reason,
    fields: {
      routed: { old: event.routed, new: record.routed },
      ...(!isSameSeverity && { severity: { old: event.event.severity, new: severity } }),
    },
  };
  return {
    ...draft,
    event: record,
    alerts,
    routed,
    reason,
    eventHistory: [...draft.eventHistory, decision],
  };
};

/** With the alerts, so that the event's own one goes on or ends; without them where one of them is what broke. */
const decideSafely = (draft: Draft, event: NonNullable<Draft['event']>, policy: Policy): Draft => {
  try {
    return decide(draft, event, policy);
  } catch {
    return decide({ ...draft, snapshot: { ...draft.snapshot, alerts: [] } }, event, policy);
  }
};

/**
 * @param policy the rules, silences and destinations of this moment
 * @param onBroken told when a rule or the folding throws; the event is then decided by the environment's table
 */
export const createRoute = (policy: () => Policy, onBroken: OnBroken): DraftStage => ({
  name: 'route',
  input: 'draft.stored',
  output: 'draft.routed',
  run(draft) {
    const { event, thread } = draft;
    if (!event) return draft;
    return unlessBroken(
      policy(),
      (rules) => decide(draft, event, rules),
      (error) => onBroken({ requestId: thread.requestId, eventId: event.event.event_id }, error),
      (table) => decideSafely(draft, event, table),
    );
  },
});
