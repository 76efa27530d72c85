// Walks over what is open, page by page, however much there is.
import type { Alert } from '../domain/alert.ts';
import type { EventRecord } from '../domain/event-record.ts';
import type { EventQuery, EventStore, Position } from './event-store.ts';

/** What lies beyond these is left out. */
export interface WalkBounds {
  readonly pageSize: number;
  readonly maxPages: number;
}

/** An outage of everything has a few thousand. */
const usualBounds: WalkBounds = { pageSize: 1000, maxPages: 20 };
/** For walks that are repeated all the time: they read less, and less at once. */
export const smallBounds: WalkBounds = { pageSize: 100, maxPages: 50 };

interface Page<T> {
  readonly items: readonly T[];
  readonly next: Position | null;
}

async function* walk<T>(
  read: (from: { readonly limit: number; readonly before: Position | undefined }) => Promise<Page<T>>,
  { pageSize, maxPages }: WalkBounds,
): AsyncGenerator<T, void> {
  let before: Position | undefined;
  for (let page = 0; page < maxPages; page++) {
    const { items, next } = await read({ limit: pageSize, before });
    yield* items;
    if (next === null) return;
    before = next;
  }
}

const gather = async <T>(items: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

/** The open alerts, newest first; a page of them is read when the one before it is used up. */
export const walkOpenAlerts = (store: Pick<EventStore, 'listAlerts'>, bounds = usualBounds): AsyncIterable<Alert> =>
  walk(async (from) => {
    const { alerts, next } = await store.listAlerts({ state: 'open', ...from });
    return { items: alerts, next };
  }, bounds);

export const readOpenAlerts = (
  store: Pick<EventStore, 'listAlerts'>,
  bounds = usualBounds,
): Promise<readonly Alert[]> => gather(walkOpenAlerts(store, bounds));

/** The open events, those without an alert too, or those of one alert or kind. */
export const readOpenEvents = (
  store: Pick<EventStore, 'listEvents'>,
  of: Pick<EventQuery, 'alert_id' | 'kind'> = {},
  bounds = usualBounds,
): Promise<readonly EventRecord[]> =>
  gather(
    walk(async (from) => {
      const { events, next } = await store.listEvents({ ...of, state: 'open', ...from });
      return { items: events.map(({ record }) => record), next };
    }, bounds),
  );
