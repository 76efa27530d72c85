// Reads what a message is made from: the events that a delivery speaks of, as they are now.
import type { Alert, Member } from '../domain/alert.ts';
import type { Delivery } from '../domain/delivery.ts';
import { isRecord, withRaw } from '../domain/event-record.ts';
import { pageOfSource } from '../domain/status-page-name.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Destination, SendRequest, TellableEvent } from './destination.ts';
import type { Begun } from './record.ts';

/** A message names so many further events, and counts the rest. */
const maxOthers = 20;

/**
 * Says what a message tells of the other side of an alert, or of the event that it speaks of. What it rejects with is left
 * out of the message.
 */
export type OtherSide = (alert: Alert, about: Pick<Delivery, 'action' | 'event_id'>) => Promise<string | undefined>;

export type Reads = Pick<EventStore, 'find' | 'readRaw'>;

const parseRaw = (rawJson: string | undefined): unknown => (rawJson === undefined ? null : JSON.parse(rawJson));

const readEvent = async (store: Reads, eventId: string, needsRaw: boolean): Promise<TellableEvent | undefined> => {
  const [found, rawJson] = needsRaw
    ? await Promise.all([store.find(eventId), store.readRaw(eventId)])
    : [await store.find(eventId), undefined];
  if (!isRecord(found)) return undefined;
  return { event: withRaw(found.event, parseRaw(rawJson)), facts: found.facts, testMode: found.test_mode };
};

/** What the alert itself remembers of an event whose row is gone: its end must be told all the same. */
const remembered = (alert: Alert, delivery: Delivery): TellableEvent => {
  const member: Member | undefined = alert.members.find(({ event_id: id }) => id === delivery.event_id);
  const startedAt = member?.started_at ?? alert.opened_at;
  const event = {
    event_id: delivery.event_id,
    source: alert.source,
    kind: member?.kind ?? 'incident',
    severity: delivery.severity,
    service: pageOfSource(alert.source),
    summary: member?.title || alert.title || delivery.event_id,
    description: null,
    started_at: startedAt,
    resolved_at: member?.ended_at ?? alert.resolved_at,
    raw: null,
  };
  return { event, facts: {}, testMode: member?.test_mode ?? false };
};

/**
 * The newest note that the destination left on this alert: under its name, for channels of one name in two workspaces are
 * one target, or else under the name that it had before.
 */
const newestMemo = ({ deliveries }: Alert, { target, destination }: Delivery): string | undefined => {
  const noted = deliveries.filter((delivery) => delivery.target === target && delivery.memo !== undefined);
  return (noted.findLast((delivery) => delivery.destination === destination) ?? noted.at(-1))?.memo;
};

/**
 * @param publicUrl where people reach the dashboard
 * @param otherSide what to say of the other side; see `SendRequest.otherSide`
 */
export const createRequestReader =
  (store: Reads, publicUrl: string | null, otherSide: OtherSide = async () => undefined) =>
  async ({ delivery, alert }: Begun, { showsRaw }: Pick<Destination, 'showsRaw'>): Promise<SendRequest> => {
    const otherIds = delivery.event_ids.filter((id) => id !== delivery.event_id).slice(0, maxOthers);
    const aside = delivery.action === 'resolve' ? undefined : await otherSide(alert, delivery).catch(() => undefined);
    const [about, ...others] = await Promise.all([
      readEvent(store, delivery.event_id, showsRaw),
      ...otherIds.map((id) => readEvent(store, id, false)),
    ]);
    return {
      delivery,
      alert,
      about: about ?? remembered(alert, delivery),
      others: others.filter((other) => other !== undefined),
      memo: newestMemo(alert, delivery),
      publicUrl,
      requestId: delivery.request_id,
      ...(aside !== undefined && { otherSide: aside }),
    };
  };
