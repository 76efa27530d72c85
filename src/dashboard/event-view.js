// One event: its facts, why it was or was not sent, what changed, and the vendor's own words.

import { addressOf } from './address.js';
import { readEvent, resolveEvent } from './api.js';
import { amountWords } from './headline.js';
import { entryWords } from './history-words.js';
import { html } from './html.js';
import { Badge, Failed, Loading, Terms, Time, Vendor, ViewHead } from './parts.js';
import { ResolveForm } from './resolve-form.js';
import { useResource } from './resource.js';
import { vendorLink } from './vendor-link.js';
import { vendorName } from './vendor-name.js';

/** @import { EventDetailView, LiveMessage } from './types.ts' */

/** @param {string} id @returns {(message: LiveMessage) => boolean} */
const isOf =
  (id) =>
  ({ name, data }) =>
    name === 'changed' && typeof data === 'object' && data !== null && 'event_id' in data && data.event_id === id;

/** @param {{ event: EventDetailView, onDone: () => Promise<void> }} props */
const Resolve = ({ event, onDone }) => {
  /** @param {string} note */
  const resolve = async (note) => {
    const { resolved } = await resolveEvent(event.event_id, note);
    await onDone();
    return resolved ? 'Resolved.' : 'It was already resolved.';
  };
  return html`<details class="fold">
    <summary>Resolve this event…</summary>
    <${ResolveForm} resolve=${resolve}>An alert ends with the last of its events.</${ResolveForm}>
  </details>`;
};

/** A share of failed payments is counted here; no vendor sent it. @param {string} eventId */
const isCounted = (eventId) => eventId.startsWith('stripe:rate:');

/** @param {{ event: EventDetailView }} props */
const Raw = ({ event: { event_id: id, raw, redactions = {} } }) => {
  const left = Object.entries(redactions).map(([kind, count]) => `${kind.replaceAll('_', ' ')} (${count})`);
  return html`<details class="fold">
    <summary>${isCounted(id) ? 'The counts' : 'Original from the vendor'}</summary>
    ${left.length > 0 && html`<p class="calm">Left out: ${left.join(', ')}.</p>`}
    <pre tabindex="0">${JSON.stringify(raw, null, 2)}</pre>
  </details>`;
};

/** @param {string} name @param {unknown} value @param {string | undefined} currency */
const factWords = (name, value, currency) => {
  if (Array.isArray(value)) return value.join(', ');
  return name === 'amount' && typeof value === 'number' && currency !== undefined
    ? amountWords(value, currency)
    : String(value);
};

/** @param {{ event: EventDetailView, refresh: () => Promise<void> }} props */
const Shown = ({ event, refresh }) => {
  const facts = Object.entries(event.facts).filter(([name]) => name !== 'url');
  const { url } = event.facts;
  return html`<div class=${`alert-head ${event.state === 'open' ? event.severity : 'over'}`}>
      <p class="headline"><${Badge} severity=${event.severity} /> <strong>${event.state === 'open' ? 'Open' : 'Not open'}</strong></p>
      <h1><${Vendor}>${event.summary}</${Vendor}></h1>
      ${event.description !== null && html`<p class="description"><${Vendor}>${event.description}</${Vendor}></p>`}
      <${Terms}
        terms=${[
          ['Vendor', html`<a href=${addressOf('vendor', { id: event.source })}>${vendorName(event.source)}</a>`],
          [
            'Alert',
            event.alert_id === null
              ? 'none'
              : html`<a href=${addressOf('alert', { id: event.alert_id })}>Show its alert</a>`,
          ],
          ['Kind', event.kind],
          ['Began', html`<${Time} iso=${event.started_at} />`],
          ['Ended', event.resolved_at === null ? 'no' : html`<${Time} iso=${event.resolved_at} />`],
          ['First seen', html`<${Time} iso=${event.first_seen_at} />`],
          [
            'Last seen',
            html`<${Time} iso=${event.last_seen_at} />, ${event.seen_count === 1 ? 'once' : `${event.seen_count} times`} in all`,
          ],
          ['Sent or not', event.routing_reason ?? 'Not decided yet.'],
          ...vendorLink(url),
          ['Id', html`<code><${Vendor}>${event.event_id}</${Vendor}></code>`],
        ]}
      />
    </div>
    ${
      facts.length > 0 &&
      html`<section aria-labelledby="facts"><h2 id="facts">Facts</h2>
      <${Terms} terms=${facts.map(([name, value]) => [name, html`<${Vendor}>${factWords(name, value, event.facts.currency)}</${Vendor}>`])} />
    </section>`
    }
    ${event.resolved_at === null && html`<${Resolve} event=${event} onDone=${refresh} />`}
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <ol class="story">
        ${event.history.map(
          (entry) => html`<li class="step"><span class="step-sign" aria-hidden="true">·</span>
          <span class="step-at"><${Time} iso=${entry.at} form="clock" /></span>
          <span class="step-text"><${Vendor}>${entryWords(entry)}</${Vendor}></span></li>`,
        )}
      </ol>
    </section>
    <${Raw} event=${event} />`;
};

/** @param {{ id: string }} props */
export const EventView = ({ id }) => {
  const { data, error, refresh } = useResource(() => readEvent(id), id, isOf(id));
  return html`<p><a href=${addressOf('events')} data-back>← Events</a></p>
    ${!data.value && html`<${ViewHead} title="Event" />`}
    <${Failed} error=${error.value} what="This event" />
    ${data.value ? html`<${Shown} event=${data.value} refresh=${refresh} />` : error.value === null && html`<${Loading} />`}`;
};
