// What the live stream says, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

import type { EventChanges, EventFilters, EventRecord } from '../../stores/event-store.ts';
import { matches } from '../../stores/news.ts';
import { viewEvent } from '../event-view.ts';
import { showRaw } from '../raw.ts';

/** How long a browser waits before it connects again by itself. */
const retryMs = 2000;

const message = (name: string, data: unknown, cursor?: string): string =>
  `${cursor === undefined ? '' : `id: ${cursor}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** The first: from this cursor on nothing will be missed. */
export const ready = (cursor: string): string => `retry: ${retryMs}\n${message('ready', {}, cursor)}`;
/** What happened before this cursor cannot be told one by one: read `GET /events` again. */
export const reset = (cursor: string): string => message('reset', {}, cursor);
/** Keeps proxies from closing the connection, lets the page notice that it is dead, and moves the cursor on. */
export const alive = (cursor: string): string => message('alive', {}, cursor);

/**
 * An event as it is now, in the shape of `GET /events?raw=none`; or only its id, when it is not, or not any more, one of
 * those that the filters let through.
 */
const changed = (record: EventRecord, cursor: string | undefined) => {
  let [inside, outside]: (string | undefined)[] = [];
  return (filters: EventFilters): string => {
    if (matches(record, filters)) {
      inside ??= message('changed', showRaw(viewEvent(record), 'none'), cursor);
      return inside;
    }
    outside ??= message('gone', { event_id: record.event.event_id }, cursor);
    return outside;
  };
};

/**
 * The messages of some changes, each made once for all clients. Only the last has the cursor: a client that is cut off in
 * between hears all of them again.
 */
export const changedMessages = ({ records, cursor }: EventChanges): readonly ((filters: EventFilters) => string)[] =>
  records.map((record, at) => changed(record, at === records.length - 1 ? cursor : undefined));
