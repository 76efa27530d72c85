// A change of an alert as one sentence.
import type { ChangeKind, HistoryEntry } from '../domain/history.ts';

/** The title of an event by its id. */
export type Titles = ReadonlyMap<string, string>;

const sentence = (text: string, reason: string | undefined): string =>
  reason === undefined || reason === '' ? `${text}.` : `${text}: ${reason.replace(/\.$/, '')}.`;

const deliveryOf = ({ action, destination }: HistoryEntry): string =>
  `the ${action ?? 'delivery'} to ${destination ?? 'a destination'}`;

const textOf: Readonly<Record<ChangeKind, (entry: HistoryEntry, event: string) => string>> = {
  stored: (_, event) => `${event} was stored`,
  updated: ({ event_id: id }, event) => (id === undefined ? 'Changed' : `${event} changed`),
  resolved: ({ event_id: id }, event) => (id === undefined ? 'Resolved' : `${event} ended`),
  reopened: ({ event_id: id }, event) => (id === undefined ? 'Opened again' : `Opened again by ${event}`),
  routing_decided: (_, event) => `It was decided whether ${event} is sent`,
  delivered: ({ action, destination }) => `${destination ?? 'A destination'} accepted the ${action ?? 'delivery'}`,
  delivery_failed: (entry) => `Gave up ${deliveryOf(entry)}`,
  delivery_superseded: (entry) => `Cancelled ${deliveryOf(entry)}, because nobody needs it any more`,
  delivery_retried: (entry) => `Retried ${deliveryOf(entry)}`,
  opened: (_, event) => `Opened by ${event}`,
  joined: (_, event) => `${event} joined`,
  eased: () => 'Resolved, because it became less serious',
};

/** @param titles of the alert's events */
export const historyText = (entry: HistoryEntry, titles: Titles): string => {
  const { event_id: id } = entry;
  const event = id === undefined ? 'an event' : `"${titles.get(id) ?? id}"`;
  return sentence(textOf[entry.change](entry, event), entry.reason);
};
