// What a rehearsal made of one event, in the words of the answer.
import type { EventRecord } from '../domain/event-record.ts';
import { withRaw } from '../domain/event-record.ts';
import type { HistoryEntry } from '../domain/history.ts';
import type { DeliveryPreview } from '../domain/request-preview.ts';
import { askRules, type Policy } from '../domain/ruling.ts';
import { type Ended, type EventExplanation, verdicts } from './explanation.ts';
import type { Rehearsal } from './rehearsal.ts';

/** What an event does to its alert, by the change that the alert's history names. */
const hows = new Map<HistoryEntry['change'], NonNullable<EventExplanation['alert']>['how']>([
  ['opened', 'opens'],
  ['joined', 'joins'],
  ['reopened', 'reopens'],
]);

const explainAlert = ({ alert_id: alertId, event }: EventRecord, rehearsal: Rehearsal): EventExplanation['alert'] => {
  if (alertId === null) return null;
  const alert = rehearsal.alerts().get(alertId);
  if (!alert) return null;
  const entry = rehearsal
    .alertHistory(alertId)
    .find(({ event_id: id, change }) => id === event.event_id && hows.has(change));
  const how = (entry && hows.get(entry.change)) ?? 'stays';
  const because = entry?.reason ?? 'it belongs to this alert already';
  return { alert_id: alertId, title: alert.title, state: alert.state, how, because };
};

const explainRules = (record: EventRecord, policy: Policy, nowMs: number): EventExplanation['rules'] => {
  const { severity, builtInSeverity, severityBecause, route, because } = askRules(record, policy.rules, nowMs);
  return {
    severity,
    built_in_severity: builtInSeverity,
    severity_because: severityBecause,
    route: route && { name: route.name, place: route.place },
    because,
  };
};

export const explainEvent = async (
  { kind, eventId }: Ended,
  rehearsal: Rehearsal,
  requests: readonly DeliveryPreview[],
  policy: Policy,
  nowMs: number,
): Promise<EventExplanation> => {
  const found = await rehearsal.reads.find(eventId);
  const record = found === 'expired' ? undefined : found;
  const rawJson = record && (await rehearsal.reads.readRaw(eventId));
  return {
    verdict: verdicts[kind],
    event_id: eventId,
    event: record ? withRaw(record.event, rawJson === undefined ? null : JSON.parse(rawJson)) : null,
    facts: record?.facts ?? null,
    rules: record ? explainRules(record, policy, nowMs) : null,
    alert: record ? explainAlert(record, rehearsal) : null,
    routed: record?.routed ?? false,
    routing_reason: record?.routing_reason ?? null,
    history: rehearsal.historyOf(eventId, record?.alert_id ?? null),
    requests,
  };
};
