import type { EventStore } from './event-store.ts';

/** When the newest event of a source happened that was first seen before `until`; undefined when there is none. */
export const newestOfSource = async (
  store: Pick<EventStore, 'listEvents'>,
  source: string,
  until: string,
): Promise<string | undefined> => {
  const { events } = await store.listEvents({ source, until, limit: 1 });
  const [newest] = events;
  if (!newest) return undefined;
  const { event, first_seen_at: seenAt } = newest.record;
  return event.started_at < seenAt ? event.started_at : seenAt;
};
