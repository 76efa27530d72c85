// The frame around every view: where one can go, whether what is shown is fresh, and the view itself.
import { useEffect, useLayoutEffect } from 'preact/hooks';
import { told } from './action-view.js';
import { addressOf } from './address.js';
import { AlertView } from './alert-view.js';
import { noteSignOut, readSession } from './api.js';
import { timeZone, toggleUtc } from './clock.js';
import { DeliveriesView } from './deliveries-view.js';
import { EventView } from './event-view.js';
import { EventsView } from './events-view.js';
import { headlineOf } from './headline.js';
import { html } from './html.js';
import { viewKeys } from './keys.js';
import { helpIsOpen, KeysView } from './keys-view.js';
import { holdsStream } from './live.js';
import { NowView } from './now-view.js';
import { titleOf } from './open-alerts.js';
import { useResource } from './resource.js';
import { RulesView } from './rules-view.js';
import { SilencesView } from './silences-view.js';
import { freshness, isUnknown, open, route, troubles } from './state.js';
import { Update } from './update.js';
import { vendorName } from './vendor-name.js';
import { VendorsView, VendorView } from './vendors-view.js';

/** @import { Route, ViewName } from './types.ts' */

/** The view under whose name one of a single thing is found. @type {Partial<Record<ViewName, ViewName>>} */
const parents = { alert: 'now', event: 'events', vendor: 'vendors' };

const Connection = () => {
  const { level, words } = freshness.value;
  const signs = { live: '●', polling: '◌', waiting: '…', lost: '✗' };
  return html`<p id="connection" class=${`connection ${level}`} role="status" data-stream=${holdsStream.value ? 'own' : 'shared'}>
    <span aria-hidden="true">${signs[level]}</span> ${words}
  </p>`;
};

const SignOut = () => {
  const { data } = useResource(readSession, 'session');
  if (!data.value?.required || !data.value.signed_in) return null;
  return html`<form method="post" action="logout" id="sign-out" onSubmit=${noteSignOut}><button class="quiet">Sign out</button></form>`;
};

/** What goes on anywhere else must be seen everywhere. @param {{ view: ViewName }} props */
const Elsewhere = ({ view }) => {
  if (view === 'now') return null;
  const bad = troubles.value.filter(({ level }) => level === 'bad');
  if (bad.length === 0) return null;
  return html`<p class="notice bad"><span aria-hidden="true">✗</span> <span>${bad[0]?.text} ${bad.length > 1 && html`<a href=${addressOf('now')}>and ${bad.length - 1} more</a>`}</span></p>`;
};

const Lost = () =>
  freshness.value.level !== 'lost'
    ? null
    : html`<p id="lost" class="notice bad lost" role="alert">
        <span aria-hidden="true">✗</span> <span>The service cannot be reached. ${freshness.value.words}: everything below is as old as that.</span>
      </p>`;

/** @param {Route} route */
const viewOf = ({ view, id, query, pairs }) => {
  if (view === 'alert' && id !== null) return html`<${AlertView} key=${id} id=${id} />`;
  if (view === 'event' && id !== null) return html`<${EventView} key=${id} id=${id} />`;
  if (view === 'vendor' && id !== null) return html`<${VendorView} key=${id} source=${id} />`;
  if (view === 'vendors') return html`<${VendorsView} />`;
  if (view === 'events') return html`<${EventsView} query=${query} />`;
  if (view === 'deliveries') return html`<${DeliveriesView} query=${query} />`;
  if (view === 'silences') return html`<${SilencesView} pairs=${pairs} />`;
  if (view === 'rules') return html`<${RulesView} />`;
  return html`<${NowView} />`;
};

/** What is looked at, in a few words. An alert's title is known where it is open. @param {Route} route */
const nameOf = ({ view, id }) => {
  if (view === 'vendor' && id !== null) return vendorName(id);
  if (view === 'event') return 'Event';
  if (view !== 'alert') return viewKeys.find(([, name]) => name === view)?.[2] ?? '';
  const alert = open.value.find(({ alert_id: alertId }) => alertId === id);
  return alert ? headlineOf(alert).title : 'Alert';
};

export const AppView = () => {
  const { view } = route.value;
  const isLost = freshness.value.level === 'lost';
  useEffect(() => {
    document.title = titleOf(open.value, nameOf(route.value), isUnknown.value);
  }, [open.value, route.value, isUnknown.value]);
  // What was done is said until somebody goes on to something else.
  useLayoutEffect(() => {
    told.value = '';
  }, [route.value]);
  const current = parents[view] ?? view;
  return html`<a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <a class="brand" href=${addressOf('now')}>vendor-signals</a>
      <nav aria-label="Views">
        <ul>
          ${viewKeys.map(
            ([, name, words]) =>
              html`<li><a href=${addressOf(name)} aria-current=${name === current ? 'page' : undefined}>${words}${name === 'now' && open.value.length > 0 && html` <span class=${`count ${open.value[0]?.severity}`}>${open.value.length}<span class="visually-hidden"> open</span></span>`}</a></li>`,
          )}
          <li><a href="docs">API</a></li>
        </ul>
      </nav>
      <div class="tools">
        <${Connection} />
        <button type="button" class="quiet" aria-pressed=${timeZone.value === 'UTC'} onClick=${toggleUtc} title="Times in UTC or in your own zone">UTC</button>
        <button type="button" class="quiet" aria-label="Keys" onClick=${() => (helpIsOpen.value = true)}>?</button>
        <${SignOut} />
      </div>
    </header>
    <main id="main" tabindex="-1" class=${`view-${view} ${isLost ? 'old' : ''}`}>
      <${Lost} /> <${Update} /> <${Elsewhere} view=${view} />
      ${viewOf(route.value)}
    </main>
    <p id="told" class="told" role="status">${told.value}</p>
    <${KeysView} />`;
};
