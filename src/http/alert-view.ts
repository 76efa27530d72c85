// An alert as the API shows it.
import { type Alert, type Member, maxAffected, openMembers } from '../domain/alert.ts';
import { affectedBy, phaseOf, whyItWakes } from '../domain/alert-words.ts';
import { dedupKeyOf } from '../domain/dedup-key.ts';
import { ofEarlierTime } from '../domain/earlier-time.ts';
import type { EventRecord } from '../domain/event-record.ts';
import { cut } from '../lib/text.ts';
import type { AlertDetail } from '../stores/event-store.ts';
import {
  type AlertDetailView,
  type AlertEventView,
  type AlertView,
  maxDescriptionChars,
  maxEventIds,
} from './alert-schema.ts';
import { deliveredTo, foldDeliveries, type IsEarlier, viewDeliveryDetail, viewRow } from './delivery-view.ts';
import { historyText } from './history-text.ts';

const viewWake = (alert: Alert): AlertView['wake_at'] => {
  const because = whyItWakes(alert);
  return alert.wake_at === null || because === null ? null : { at: alert.wake_at, because };
};

const viewCommon = (alert: Alert, isEarlier: IsEarlier): Omit<AlertView, 'deliveries'> => ({
  alert_id: alert.alert_id,
  dedup_key: dedupKeyOf(alert.alert_id),
  title: alert.title,
  severity: alert.severity,
  state: alert.state,
  source: alert.source,
  opened_at: alert.opened_at,
  resolved_at: alert.resolved_at,
  reopened_at: alert.reopened_at,
  related: alert.related,
  event_ids: alert.members.slice(0, maxEventIds).map(({ event_id: eventId }) => eventId),
  event_count: alert.members.length + alert.uncounted,
  open_event_count: openMembers(alert).length,
  phase: phaseOf(alert),
  affects: affectedBy(alert).names.slice(0, maxAffected),
  delivered_to: deliveredTo(alert.deliveries),
  told_to: deliveredTo(alert.deliveries.filter((each) => each.action !== 'resolve' && !isEarlier(each))),
  wake_at: viewWake(alert),
});

export const viewAlert = (alert: Alert): AlertView => {
  const isEarlier = ofEarlierTime(alert.deliveries, alert.cycle);
  const deliveries = foldDeliveries(alert.deliveries).map((row) => viewRow(row, isEarlier));
  return { ...viewCommon(alert, isEarlier), deliveries };
};

const viewMember = (member: Member, record: EventRecord | undefined): AlertEventView => ({
  event_id: member.event_id,
  kind: member.kind,
  item: member.item,
  title: member.title,
  severity: member.severity,
  state: member.ended_at === null ? 'open' : 'resolved',
  started_at: member.started_at,
  joined_at: member.joined_at,
  ended_at: member.ended_at,
  test_mode: member.test_mode,
  description: record?.event.description == null ? null : cut(record.event.description, maxDescriptionChars),
  facts: record?.facts ?? null,
  routed: record?.routed ?? null,
  routing_reason: record?.routing_reason ?? null,
});

/** A component's title names its present state, which is not the one that it had when something happened. */
const lastingTitle = ({ item, title, status }: Member): string =>
  item === 'component' && status !== undefined ? title.replace(`: ${status}`, '') : title;

/** @param records of its events, as far as they are there */
export const viewAlertDetail = (
  { alert, history, attempts }: AlertDetail,
  records: readonly EventRecord[],
): AlertDetailView => {
  const byId = new Map(records.map((record) => [record.event.event_id, record]));
  const isEarlier = ofEarlierTime(alert.deliveries, alert.cycle);
  const titles = new Map(alert.members.map((member) => [member.event_id, lastingTitle(member)]));
  return {
    ...viewCommon(alert, isEarlier),
    events: alert.members.map((member) => viewMember(member, byId.get(member.event_id))),
    deliveries: alert.deliveries.map((delivery) => viewDeliveryDetail(delivery, isEarlier, attempts)),
    history: history.map((entry) => ({ ...entry, text: historyText(entry, titles) })),
  };
};
