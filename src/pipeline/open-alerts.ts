// Walks over what is open, page by page: two listings, however many alerts there are.
import type { Alert } from '../domain/alert.ts';
import type { EventRecord } from '../domain/event-record.ts';
import type { EventStore, Position } from '../stores/event-store.ts';

const pageSize = 1000;
/** An outage of everything has a few thousand; what lies beyond this is left out. */
const maxPages = 20;

const walk = async <T>(
  read: (before: Position | undefined) => Promise<{ readonly items: readonly T[]; readonly next: Position | null }>,
): Promise<readonly T[]> => {
  const all: T[] = [];
  let before: Position | undefined;
  for (let page = 0; page < maxPages; page++) {
    const { items, next } = await read(before);
    all.push(...items);
    if (next === null) return all;
    before = next;
  }
  return all;
};

export const readOpenAlerts = (store: Pick<EventStore, 'listAlerts'>): Promise<readonly Alert[]> =>
  walk(async (before) => {
    const { alerts, next } = await store.listAlerts({ state: 'open', limit: pageSize, before });
    return { items: alerts, next };
  });

/** The open events, those without an alert too, or those of one alert. */
export const readOpenEvents = async (
  store: Pick<EventStore, 'listEvents'>,
  alertId?: string,
): Promise<readonly EventRecord[]> => {
  const of = alertId === undefined ? {} : { alert_id: alertId };
  const events = await walk(async (before) => {
    const page = await store.listEvents({ ...of, state: 'open', limit: pageSize, before });
    return { items: page.events, next: page.next };
  });
  return events.map(({ record }) => record);
};
