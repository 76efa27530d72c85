// What the overview shows, read from the service and kept up to date by the live stream.
import { listEvents, readPages } from './api.js';
import { belongsTo, withEvent } from './event-list.js';
import { createFollowed } from './followed.js';

/** @import { EventView, PageView } from './types.ts' */

const pageSize = '100';
const mostInTimeline = 4000;
const timelineMs = 7 * 86_400_000;

/**
 * What somebody has to look after. A payment has no end of its own, so a failed one counts only when it is critical:
 * until it is resolved by hand.
 * @param {EventView} event
 */
const isOpenNow = ({ kind, severity, resolved_at: resolvedAt }) =>
  resolvedAt === null && (kind !== 'payment' || severity === 'critical');

/** @param {readonly Readonly<Record<string, string>>[]} queries */
const listAll = async (queries) => {
  const answers = await Promise.all(queries.map(listEvents));
  return answers.flatMap(({ events }) => events).toSorted((a, b) => b.first_seen_at.localeCompare(a.first_seen_at));
};

/** @param {readonly string[]} webhookSources */
export const createOverviewData = (webhookSources) => {
  /** @type {Readonly<Record<string, string>>} */
  let filters = {};
  /** @type {{ pages: readonly PageView[], skipped: readonly string[] }} */
  let pages = { pages: [], skipped: [] };
  /** @type {Map<string, string>} when each webhook source was last heard of */
  const received = new Map();

  /** @type {readonly EventView[]} */
  const none = [];
  const open = createFollowed(none, (events, event) => withEvent(events, event, isOpenNow, false));
  const timeline = createFollowed(none, (events, event) =>
    withEvent(events, event, () => true, false).slice(0, mostInTimeline),
  );
  /** @type {{ events: readonly EventView[], next: string | null }} */
  const emptyList = { events: [], next: null };
  const list = createFollowed(emptyList, ({ events, next }, event) => ({
    events: withEvent(events, event, belongsTo(filters), next !== null),
    next,
  }));

  /** @param {EventView} event */
  const hear = ({ source, last_seen_at: seenAt }) => {
    if (webhookSources.includes(source) && seenAt > (received.get(source) ?? '')) received.set(source, seenAt);
  };

  const readOpen = async () => {
    const events = await listAll([
      { state: 'open', kind: 'incident', limit: '200' },
      { state: 'open', kind: 'status', limit: '200' },
      { state: 'open', kind: 'payment', severity: 'critical', limit: '200' },
    ]);
    return () => events;
  };

  const readTimeline = async () => {
    const since = new Date(Date.now() - timelineMs).toISOString();
    const events = await listAll([
      { since, severity: 'critical', limit: '1000' },
      { since, severity: 'warning', limit: '1000' },
      { since, severity: 'info', limit: '500' },
    ]);
    const isListed = new Set(events.map(({ event_id: id }) => id));
    // What has lasted for longer than the span is open, and known from there.
    return () => [...events, ...open.get().filter(({ event_id: id }) => !isListed.has(id))];
  };

  const readList = async () => {
    const { events, next_cursor: next } = await listEvents({ ...filters, limit: pageSize });
    return () => ({ events, next });
  };

  const readOlder = async () => {
    const { next } = list.get();
    if (next === null) return () => list.get();
    const older = await listEvents({ ...filters, limit: pageSize, cursor: next });
    /** @param {typeof emptyList} before */
    return ({ events }) => {
      const isShown = new Set(events.map(({ event_id: id }) => id));
      const added = older.events.filter(({ event_id: id }) => !isShown.has(id));
      return { events: [...events, ...added], next: older.next_cursor };
    };
  };

  const readReceived = async () => {
    const newest = await Promise.all(webhookSources.map((source) => listEvents({ source, limit: '1' })));
    for (const { events } of newest) events.forEach(hear);
  };

  return {
    open: open.get,
    timeline: timeline.get,
    list: list.get,
    pages: () => pages,
    /** @param {string} source */
    lastReceivedAt: (source) => received.get(source) ?? null,
    /** @param {EventView} event */
    apply(event) {
      hear(event);
      for (const part of [open, timeline, list]) part.apply(event);
    },
    /** @param {Readonly<Record<string, string>>} chosen */
    loadList(chosen) {
      filters = chosen;
      return list.read(readList);
    },
    loadOlder: () => list.read(readOlder),
    async loadPages() {
      pages = await readPages();
    },
    async loadRest() {
      await Promise.all([open.read(readOpen), readReceived()]);
      await timeline.read(readTimeline);
    },
  };
};
