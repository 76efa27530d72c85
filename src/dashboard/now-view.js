// Now: is something wrong, since when, who was told. Readable from three metres.
import { signal } from '@preact/signals';
import { addressOf } from './address.js';
import { AlertRow } from './alert-row.js';
import { listAlerts, listEvents } from './api.js';
import { nowMs } from './clock.js';
import { headlineOf } from './headline.js';
import { html } from './html.js';
import { verdictOf } from './open-alerts.js';
import { Failed, Loading, Time, Vendor, ViewHead } from './parts.js';
import { plural } from './plural.js';
import { useResource } from './resource.js';
import { destinationList, freshness, isUnknown, open, openAlerts, pages, setup, troubles } from './state.js';
import { toldInAll } from './told-words.js';
import { vendorName } from './vendor-name.js';

/** @import { AlertView, EventView } from './types.ts' */

/** So many rows are drawn until somebody asks for all. */
const first = 50;
const showsAll = signal(false);

/** What was read before the service was lost, if anything was. @param {string} words of what is open */
const beforeWords = (words) => {
  if (openAlerts.data.value === undefined) return '';
  return open.value.length === 0 ? 'Nothing was open then.' : `Then: ${words} open.`;
};

/** @param {{ alerts: readonly AlertView[] }} props */
const Verdict = ({ alerts }) => {
  const { level, words, detail, storm } = verdictOf(alerts, nowMs.value);
  if (isUnknown.value) {
    return html`<section class="verdict unknown" aria-labelledby="verdict">
      <h1 id="verdict"><span aria-hidden="true">?</span> Not known</h1>
      <p>${freshness.value.level === 'lost' ? `${freshness.value.words}.` : 'The alerts could not be read.'} ${beforeWords(words)}</p>
    </section>`;
  }
  if (level === 'well' && troubles.value.some((trouble) => trouble.level === 'bad' || trouble.key === 'mock'))
    return html`<section class="verdict warning" aria-labelledby="verdict">
      <h1 id="verdict"><span aria-hidden="true">!</span> No alert is open</h1>
      <p>But not everything would be seen, or told to somebody.</p>
    </section>`;
  const sign = level === 'well' ? '✓' : level === 'critical' ? '▲' : '◆';
  return html`<section class=${`verdict ${level}`} aria-labelledby="verdict">
    <h1 id="verdict"><span aria-hidden="true">${sign}</span> ${words}</h1>
    <p>
      ${detail} ${storm && html`<a href=${addressOf('alert', { id: storm.alert_id })}>${storm.event_count} of them are one alert</a>.`} ${level === 'well' && html`<${Watched} />`} ${alerts.length > 0 && html`<span class="verdict-told">${toldInAll(alerts, destinationList.value)}</span>`}
    </p>
  </section>`;
};

const Troubles = () =>
  troubles.value.length === 0
    ? null
    : html`<section aria-label="In the way of notifying anybody">
        <ul class="troubles">
          ${troubles.value.map(
            ({ key, level, text, view, query }) => html`<li key=${key} class=${`notice ${level}`}>
              <span aria-hidden="true">${level === 'bad' ? '✗' : '!'}</span>
              <p>${text} ${view && html`<a href=${addressOf(view, { query: query ?? {} })}>Show ${view}</a>`}</p>
            </li>`,
          )}
        </ul>
      </section>`;

/** What ended lately, where there is room for it. */
const Ended = () => {
  const { data } = useResource(
    () => listAlerts({ state: 'resolved', limit: '5' }),
    'ended',
    ({ name }) => name === 'alert',
  );
  const alerts = data.value?.alerts ?? [];
  if (alerts.length === 0) return null;
  return html`<section aria-labelledby="ended">
    <h2 id="ended">Ended lately</h2>
    <ul class="ended">
      ${alerts.map(
        ({ alert_id: id, title, source, resolved_at: at }) => html`<li key=${id}>
          <a href=${addressOf('alert', { id })}><${Vendor}>${headlineOf({ title, source }).title}</${Vendor}></a>
          <span class="calm">${vendorName(source)}${at !== null && html`, ended <${Time} iso=${at} form="ago" />`}</span>
        </li>`,
      )}
    </ul>
  </section>`;
};

/** How a first event gets here. */
const Empty = () => {
  const { data } = useResource(
    () => listEvents({ limit: '1' }),
    'any',
    ({ name }) => name === 'changed',
  );
  if (data.value === undefined || data.value.events.length > 0) return null;
  return html`<section class="empty" aria-labelledby="empty">
    <h2 id="empty">Nothing has been received yet</h2>
    <p>Send a signed Stripe event of the examples:</p>
    <pre><code>npm run send -- fixtures/stripe/payout_failed.json --url ${new URL('ingest/stripe', location.href).href}</code></pre>
    <p>Or read the status pages now:</p>
    <pre><code>curl -X POST ${new URL('ingest/pull-status', location.href).href}</code></pre>
  </section>`;
};

/** The events of open payments by their alert, which say how much and why. @returns {ReadonlyMap<string, EventView>} */
const usePayments = () => {
  const query = { kind: 'payment', state: 'open', limit: '200' };
  const { data } = useResource(
    () => listEvents(query),
    'payments',
    ({ name }) => name === 'changed',
  );
  const events = data.value?.events ?? [];
  return new Map(events.toReversed().flatMap((event) => (event.alert_id === null ? [] : [[event.alert_id, event]])));
};

/** What makes a promise of "All is well". */
const Watched = () => {
  const read = (pages.data.value?.pages ?? []).flatMap(({ last_good_at: at }) => (at === null ? [] : [at])).sort();
  const oldest = read[0];
  const ways = destinationList.value.filter(({ reaches_people: reaches }) => reaches).length;
  if (oldest === undefined) return null;
  return html`${plural(read.length, 'status page')} read, the oldest reading <${Time} iso=${oldest} form="ago" />. ${ways > 0 && `${plural(ways, 'way')} to notify people.`}`;
};

export const NowView = () => {
  const payments = usePayments();
  const alerts = open.value;
  const isRead = openAlerts.data.value !== undefined;
  const shown = showsAll.value ? alerts : alerts.slice(0, first);
  if (!isRead && openAlerts.error.value === null) return html`<${ViewHead} title="Now" /><${Loading} />`;
  return html`<${Verdict} alerts=${alerts} />
    <${Troubles} />
    <${Failed} error=${openAlerts.error.value} what="The list of alerts" />
    ${
      alerts.length > 0 &&
      html`<h2 class="visually-hidden">Open alerts</h2>
        <ol class="alerts" id="open-alerts">
          ${shown.map((alert) => html`<${AlertRow} key=${alert.alert_id} alert=${alert} payment=${payments.get(alert.alert_id)} />`)}
        </ol>`
    }
    ${
      shown.length < alerts.length &&
      html`<button type="button" onClick=${() => (showsAll.value = true)}>Show all ${alerts.length}</button>`
    }
    ${openAlerts.data.value?.hasMore && html`<p class="calm">More than ${alerts.length} alerts are open. These are the newest.</p>`}
    ${alerts.length < 10 && html`<${Ended} />`} ${alerts.length === 0 && html`<${Empty} />`}
    <p class="calm" hidden=${setup.version === ''}>vendor-signals ${setup.version}</p>`;
};
