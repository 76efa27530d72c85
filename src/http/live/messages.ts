// What the live stream says, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
import type { Alert } from '../../domain/alert.ts';
import { type EventFilters, matchesFilters } from '../../stores/event-filter.ts';
import type { Changed, EventWithDeliveries } from '../../stores/event-store.ts';
import { viewAlert } from '../alert-view.ts';
import { viewEvent } from '../event-view.ts';
import { showRaw } from '../show-raw.ts';

/** How long a browser waits before it connects again by itself. */
const retryMs = 2000;

const message = (name: string, data: unknown, cursor?: string): string =>
  `${cursor === undefined ? '' : `id: ${cursor}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** The first: from this cursor on nothing will be missed. */
export const ready = (cursor: string): string => `retry: ${retryMs}\n${message('ready', {}, cursor)}`;
/** What happened before this cursor cannot be told one by one: read `GET /events` again. */
export const reset = (cursor: string): string => message('reset', {}, cursor);
/** Keeps proxies from closing the connection, lets the dashboard notice that it is dead, and moves the cursor on. */
export const alive = (cursor: string): string => message('alive', {}, cursor);

/** What a client wants to hear of. */
export interface Subscription {
  readonly filters: EventFilters;
  /** `ids`: of an event its id is enough. */
  readonly events: 'whole' | 'ids';
}

/** A message that depends on what the client wants to hear of; null when it is none for it. */
export type MessageFor = (subscription: Subscription) => string | null;

/** Makes a text when it is first needed. */
const once = (make: () => string): (() => string) => {
  let text: string | undefined;
  return () => {
    text ??= make();
    return text;
  };
};

/** An event as it is now, in the shape of `GET /events?raw=none`, or only its id when the filters leave it out now. */
const eventMessage = (event: EventWithDeliveries, cursor: string | undefined): MessageFor => {
  const { record } = event;
  const id = { event_id: record.event.event_id };
  const whole = once(() => message('changed', showRaw(viewEvent(event), 'none'), cursor));
  const brief = once(() => message('changed', id, cursor));
  const outside = once(() => message('gone', id, cursor));
  return ({ filters, events }) => {
    if (!matchesFilters(record, filters)) return outside();
    return events === 'ids' ? brief() : whole();
  };
};

/** An alert as it is now, in the shape of `GET /alerts`. Of the filters, those that an alert has too are asked. */
const alertMessage = (alert: Alert, cursor: string | undefined): MessageFor => {
  const text = once(() => message('alert', viewAlert(alert), cursor));
  const { source, alert_id: alertId } = alert;
  return ({ filters }) =>
    (filters.source ?? source) === source && (filters.alert_id ?? alertId) === alertId ? text() : null;
};

/**
 * The messages of some changes, each made once for all clients. Only the last has the cursor: a client that is cut off in
 * between hears all of them again.
 */
export const changedMessages = ({ events, alerts, cursor }: Changed): readonly MessageFor[] => {
  const last = events.length + alerts.length - 1;
  const cursorAt = (at: number): string | undefined => (at === last ? cursor : undefined);
  return [
    ...alerts.map((alert, at) => alertMessage(alert, cursorAt(at))),
    ...events.map((event, at) => eventMessage(event, cursorAt(at + alerts.length))),
  ];
};
