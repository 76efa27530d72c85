// What every view shares: where we are, what is open, and what stands in the way of telling anybody.
import { computed, signal } from '@preact/signals';
import { addressOf, readAddress } from './address.js';
import { listAlerts, readDestinations, readPages, readReadiness, readRules } from './api.js';
import { nowMs } from './clock.js';
import { freshnessOf } from './freshness.js';
import { heardAtMs } from './heard.js';
import { onLive, streamState } from './live.js';
import { sortOpen, withMessages } from './open-alerts.js';
import { noteLeaving, readPlace, returnToPlace } from './place.js';
import { createResource, isAnything } from './resource.js';
import { troublesOf } from './troubles.js';

/** @import { AlertView, LiveMessage, Setup, ViewName } from './types.ts' */

/** @returns {Setup} */
const readSetup = () => JSON.parse(document.body.dataset.setup ?? '{}');
/** @type {Setup} */
export const setup = readSetup();

export const route = signal(readAddress(location.search));

/** @param {string} address relative @param {Element | null} [followed] the link to it */
const goTo = (address, followed = null) => {
  noteLeaving(followed);
  history.pushState({ from: route.value.view }, '', address);
  route.value = readAddress(location.search);
};

/** @param {ViewName} view @param {Parameters<typeof addressOf>[1]} [of] */
export const go = (view, of) => goTo(addressOf(view, of));

/** Follows links inside the dashboard without loading it again. @param {MouseEvent} event */
const follow = (event) => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain || event.defaultPrevented || !link.getAttribute('href')?.startsWith('./')) return;
  event.preventDefault();
  // To the list as it was, with its filters.
  const isWayBack = link.matches('[data-back]') && readPlace().from === readAddress(link.search).view;
  if (isWayBack) return history.back();
  goTo(link.href, link);
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
};

/** So many open alerts are shown at most. */
const mostOpen = '1000';

/** @type {import('@preact/signals').Signal<ReadonlyMap<string, AlertView>>} */
const openById = signal(new Map());
/** What came while the list was being read, which may be older; null when it is not. @type {LiveMessage[] | null} */
let meanwhile = null;

export const openAlerts = createResource(async () => {
  meanwhile = [];
  try {
    const { alerts, next_cursor: next } = await listAlerts({ state: 'open', limit: mostOpen });
    openById.value = withMessages(new Map(alerts.map((alert) => [alert.alert_id, alert])), meanwhile);
    return { hasMore: next !== null };
  } finally {
    meanwhile = null;
  }
});

export const open = computed(() => sortOpen(openById.value.values()));

/** Each by itself: one that cannot be read says nothing of the others. */
export const destinations = createResource(readDestinations);
export const pages = createResource(readPages);
export const rules = createResource(readRules);
/** Null where it cannot be read: that the service is away is said elsewhere, and a proxy may keep it to itself. */
const readiness = createResource(() => readReadiness().catch(() => null));

export const destinationList = computed(() => destinations.data.value?.destinations ?? []);

export const troubles = computed(() =>
  troublesOf(
    {
      readiness: readiness.data.value ?? null,
      destinations: destinationList.value,
      pages: pages.data.value?.pages ?? [],
      skipped: pages.data.value?.skipped ?? [],
      rules: rules.data.value,
    },
    nowMs.value,
  ),
);

export const freshness = computed(() => freshnessOf(streamState.value, Math.max(0, nowMs.value - heardAtMs.value)));

/** Whether what is open may be other than what was read: the service is lost, or the last read has failed. */
export const isUnknown = computed(() => freshness.value.level === 'lost' || openAlerts.error.value !== null);

const waysMs = 20_000;
const refreshWays = () => void Promise.all([destinations, pages, rules, readiness].map(({ refresh }) => refresh()));

export const startState = () => {
  document.addEventListener('click', follow);
  addEventListener('popstate', () => {
    route.value = readAddress(location.search);
    // Once the view is drawn.
    requestAnimationFrame(returnToPlace);
  });
  // On the way to another site, or to be loaded again.
  addEventListener('pagehide', () => noteLeaving(null));
  requestAnimationFrame(returnToPlace);
  onLive((messages) => {
    meanwhile?.push(...messages);
    openById.value = withMessages(openById.value, messages);
    if (!messages.some(isAnything)) return;
    void openAlerts.refresh();
    refreshWays();
  });
  void openAlerts.refresh();
  refreshWays();
  setInterval(() => {
    if (!document.hidden) refreshWays();
  }, waysMs);
};
