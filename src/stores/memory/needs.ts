// How much an event is still needed: the higher, the later it is dropped.
import { type EventRecord, isOngoing } from '../../domain/event-record.ts';
import type { AlertEntry } from './entries.ts';

export const needs = {
  nothing: 0,
  /** It goes on, or its alert is open, but nobody was told. */
  itsEnd: 1,
  /** A payment of an alert that was told, which has other events to be kept by. */
  one: 2,
  /** Without it something would not be sent, or nobody would learn of the end of what they were told. */
  delivery: 3,
} as const;

const isNamed = (eventId: string, { alert }: AlertEntry): boolean =>
  alert.deliveries.some(({ status, event_ids: ids }) => status === 'pending' && ids.includes(eventId));

/** @param inAlert how many events of its alert are stored */
export const needOf = (record: EventRecord, alert: AlertEntry | undefined, inAlert: number): number => {
  if (alert?.isHeld) {
    return isOngoing(record) || inAlert <= 1 || isNamed(record.event.event_id, alert) ? needs.delivery : needs.one;
  }
  return isOngoing(record) || alert?.alert.state === 'open' ? needs.itsEnd : needs.nothing;
};
