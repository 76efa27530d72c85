// Everything but the panel of one event: what is open, the sources, the timeline, the list.
import { byId } from './dom.js';
import { showEmpty } from './empty-view.js';
import { showEvents } from './events-view.js';
import { pageHealth, skippedHealth, webhookHealth } from './health.js';
import { showSources } from './health-view.js';
import { createOverviewData } from './overview-data.js';
import { bySeverity } from './severity.js';
import { showTimeline } from './timeline-view.js';

/** @import { EventView, View } from './types.ts' */

const drawAfterMs = 50;
/** More than this would push everything else off the screen. */
const mostOpen = 8;

/**
 * Writes a text that is read out when it changes, and only then.
 * @param {Element} node
 * @param {string} words
 */
const say = (node, words) => {
  if (node.textContent !== words) node.textContent = words;
};

/**
 * @param {readonly string[]} webhookSources
 * @param {{ addressOf: (event: EventView) => string, onSources: (sources: readonly string[]) => void }} listeners
 */
export const createOverview = (webhookSources, { addressOf, onSources }) => {
  const data = createOverviewData(webhookSources);
  const openList = byId('open', HTMLElement);
  const openRest = byId('open-rest', HTMLButtonElement);
  const openSummary = byId('open-summary', HTMLElement);
  const sourceList = byId('sources', HTMLElement);
  const timeline = byId('timeline', HTMLElement);
  const timelineWords = byId('timeline-words', HTMLElement);
  const eventList = byId('events', HTMLElement);
  const eventSummary = byId('events-summary', HTMLElement);
  const empty = byId('empty', HTMLElement);
  const more = byId('more', HTMLButtonElement);
  /** @type {View['range']} */
  let range = '24h';
  /** @type {readonly string[]} */
  let offered = [];
  let showsAllOpen = false;
  let isLoaded = false;
  let isScheduled = false;

  const drawOpen = () => {
    const open = data
      .open()
      .filter(({ severity }) => severity !== 'info')
      .toSorted(bySeverity);
    const critical = open.filter(({ severity }) => severity === 'critical').length;
    say(
      openSummary,
      open.length === 0 ? '✓ Nothing is open' : `${critical} critical, ${open.length - critical} warning`,
    );
    openSummary.classList.toggle('good', open.length === 0);
    showEvents(openList, showsAllOpen ? open : open.slice(0, mostOpen), addressOf);
    openRest.hidden = open.length <= mostOpen;
    say(openRest, showsAllOpen ? `Show only the first ${mostOpen}` : `Show all ${open.length}`);
    document.title = critical > 0 ? `(${critical}) vendor-signals` : 'vendor-signals';
  };

  const drawSources = () => {
    const nowMs = Date.now();
    const { pages, skipped } = data.pages();
    const healths = [
      ...webhookSources.map((source) => webhookHealth(source, data.lastReceivedAt(source), nowMs)),
      ...pages.map((page) => pageHealth(page, nowMs)),
      ...skipped.map(skippedHealth),
    ];
    const openOf = (/** @type {string} */ name) => data.open().filter(({ source }) => source === name).length;
    showSources(
      sourceList,
      healths.map((health) => ({ ...health, open: openOf(health.source) })),
    );
    const names = healths.map(({ source }) => source);
    if (names.join() !== offered.join()) onSources(names);
    offered = names;
    const known = healths.filter(({ state }) => state !== 'skipped').map(({ source }) => source);
    showTimeline(timeline, timelineWords, data.timeline(), known, range);
  };

  const drawList = () => {
    const { events, next } = data.list();
    const count = next === null ? `${events.length}` : `the newest ${events.length}`;
    say(eventSummary, events.length === 0 ? 'No event matches' : `${count}, newest first`);
    showEvents(eventList, events, addressOf);
    more.hidden = next === null;
  };

  const draw = () => {
    isScheduled = false;
    if (!isLoaded) return;
    drawOpen();
    drawSources();
    drawList();
    const isEmpty = data.timeline().length === 0 && data.list().events.length === 0 && location.search === '';
    if (isEmpty && empty.hidden) showEmpty(empty);
    empty.hidden = !isEmpty;
  };
  const drawSoon = () => {
    if (!isScheduled) setTimeout(draw, drawAfterMs);
    isScheduled = true;
  };

  openRest.addEventListener('click', () => {
    showsAllOpen = !showsAllOpen;
    draw();
  });
  new ResizeObserver(drawSoon).observe(timeline);

  return {
    /** @param {EventView} event */
    apply(event) {
      data.apply(event);
      drawSoon();
    },
    /** @param {View['range']} chosen */
    showRange(chosen) {
      range = chosen;
      drawSoon();
    },
    /** @param {View['filters']} filters */
    async loadList(filters) {
      await data.loadList(filters);
      drawSoon();
    },
    async loadOlder() {
      await data.loadOlder();
      drawSoon();
    },
    async loadPages() {
      await data.loadPages();
      drawSoon();
    },
    /** @param {View['filters']} filters */
    async load(filters) {
      await Promise.all([data.loadList(filters), data.loadPages(), data.loadRest()]);
      isLoaded = true;
      drawSoon();
    },
  };
};
