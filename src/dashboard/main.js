// The page, put together: the address says what is shown, the live stream keeps it true.
import { filterNames, readAddress, writeAddress } from './address.js';
import { readSession } from './api.js';
import { byId } from './dom.js';
import { createFilters } from './filters-view.js';
import { connect } from './live.js';
import { createOverview } from './overview.js';
import { createPanel } from './panel.js';
import { createRanges } from './ranges-view.js';
import { refreshTimes } from './times-view.js';

/** @import { View } from './types.ts' */

const retryMs = 5000;
const reloadAfterMs = 2000;
const pagesEveryMs = 30_000;

const webhookSources = (document.body.dataset.sources ?? '').split(' ').filter(Boolean);
const connection = byId('connection', HTMLElement);
const trouble = byId('trouble', HTMLElement);
let view = readAddress(location.search);

const overview = createOverview(webhookSources, {
  addressOf: ({ event_id: event }) => writeAddress({ ...view, event }),
  onSources: (sources) => filters.offerSources(sources),
});
const panel = createPanel(() => writeAddress({ ...view, event: null }));

/**
 * Does what may fail because the service is away, until it does not.
 * @param {() => Promise<void>} work
 */
const insist = async (work) => {
  try {
    await work();
    trouble.hidden = true;
  } catch (problem) {
    trouble.textContent = `${problem instanceof Error ? problem.message : problem} Trying again…`;
    trouble.hidden = false;
    setTimeout(() => void insist(work), retryMs);
  }
};

/** @param {View} next */
const show = (next) => {
  const before = view;
  view = next;
  overview.showRange(view.range);
  ranges.show(view.range);
  filters.show(view.filters);
  if (filterNames.some((name) => before.filters[name] !== view.filters[name])) {
    void insist(() => overview.loadList(view.filters));
  }
  void panel.show(view.event).then(() => {
    if (view.event === null && before.event !== null) focusRow(before.event);
  });
};

/**
 * Back from an event, to where one came from.
 * @param {string} eventId
 */
const focusRow = (eventId) => {
  const row = document.querySelector(`[data-event="${CSS.escape(eventId)}"] a`);
  if (row instanceof HTMLElement) row.focus();
};

/** @param {View} next */
const go = (next) => {
  const address = writeAddress(next);
  if (new URL(address, location.href).href !== location.href) history.pushState(null, '', address);
  show(next);
};

const filters = createFilters((chosen) => go({ ...view, filters: chosen }));
const ranges = createRanges((range) => go({ ...view, range }));
window.addEventListener('popstate', () => show(readAddress(location.search)));

document.addEventListener('click', (click) => {
  const { target } = click;
  if (!(target instanceof Element) || click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey) return;
  const link = target.closest('a');
  const bar = target.closest('rect[data-event]');
  if (bar) go({ ...view, event: bar.getAttribute('data-event') });
  else if (link?.pathname === location.pathname && link.origin === location.origin && !link.hash) {
    click.preventDefault();
    const { event, filters: own } = readAddress(link.search);
    const isOfEvent = event !== null || 'close' in link.dataset;
    // The address of an event was written with its row, and the filters may have changed since.
    go({ ...view, event, filters: isOfEvent ? view.filters : own });
  }
});
document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && view.event !== null) go({ ...view, event: null });
});
byId('more', HTMLElement).addEventListener('click', () => void insist(() => overview.loadOlder()));

let isLoaded = false;
let isReloading = false;
const load = () => void insist(() => overview.load(view.filters));

const reload = () => {
  isReloading = false;
  load();
};

/** @param {boolean} isLive */
const sayConnected = (isLive) => {
  connection.textContent = isLive ? 'Live' : 'Reconnecting…';
  connection.classList.toggle('live', isLive);
};

connect({
  onReady() {
    sayConnected(true);
    // Only now, so that nothing falls between what is read and what is told.
    if (!isLoaded) load();
    isLoaded = true;
  },
  onReset() {
    sayConnected(true);
    isLoaded = true;
    // Under a flood of changes this comes again and again.
    if (!isReloading) setTimeout(reload, reloadAfterMs);
    isReloading = true;
  },
  onChanged(event) {
    overview.apply(event);
    panel.changed(event.event_id);
  },
  onCut: () => sayConnected(false),
  // Asked in another way, the service says why; who is not signed in any more is taken to the form.
  onRefused: () => void insist(() => overview.loadPages()),
});

setInterval(refreshTimes, 10_000);
setInterval(() => void insist(() => overview.loadPages()), pagesEveryMs);
show(view);

const session = await readSession();
byId('sign-out', HTMLElement).hidden = !(session.required && session.signed_in);
