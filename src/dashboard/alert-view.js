// One alert: what it is, what can be done about it, and its story.
import { signal } from '@preact/signals';
import { addressOf } from './address.js';
import { AlertActions } from './alert-actions.js';
import { affectsWords, ToldList } from './alert-row.js';
import { readAlert } from './api.js';
import { headlineOf } from './headline.js';
import { html } from './html.js';
import { Badge, Failed, Loading, Terms, Time, Vendor, ViewHead } from './parts.js';
import { relatedWords } from './related.js';
import { useResource } from './resource.js';
import { storyOf } from './story.js';
import { vendorLink } from './vendor-link.js';
import { vendorName } from './vendor-name.js';

/** @import { AlertDetailView, AlertEventView, LiveMessage } from './types.ts' */

/** @param {string} id @returns {(message: LiveMessage) => boolean} */
const isOf =
  (id) =>
  ({ name, data }) =>
    name === 'alert' && typeof data === 'object' && data !== null && 'alert_id' in data && data.alert_id === id;

const signs = { vendor: '◇', open: '●', decision: '·', attempt: '→', end: '✓' };
/** A story of a storm is long; its beginning and its end say most. */
const mostSteps = 60;
const showsAll = signal('');

/** @param {{ alert: AlertDetailView }} props */
const Story = ({ alert }) => {
  const steps = storyOf(alert);
  const isCut = steps.length > mostSteps && showsAll.value !== alert.alert_id;
  const shown = isCut ? [...steps.slice(0, mostSteps / 2), ...steps.slice(-mostSteps / 2)] : steps;
  return html`<section aria-labelledby="story">
    <h2 id="story">Story</h2>
    ${
      isCut &&
      html`<p class="calm">
        The first and the last ${mostSteps / 2} of ${steps.length} steps.
        <button type="button" class="quiet" onClick=${() => (showsAll.value = alert.alert_id)}>Show all</button>
      </p>`
    }
    <ol class="story">
      ${shown.map(
        ({ at, what, text, detail, tone }) => html`<li class=${`step ${what} told-${tone}`}>
          <span class="step-sign" aria-hidden="true">${signs[what]}</span>
          <span class="step-at"><${Time} iso=${at} form="clock" /></span>
          <span class="step-text"><${Vendor}>${text}</${Vendor}> ${detail !== null && html`<span class="step-detail"><${Vendor}>${detail}</${Vendor}></span>`}</span>
        </li>`,
      )}
    </ol>
  </section>`;
};

/** @param {{ event: AlertEventView }} props */
const EventRow = ({ event }) => html`<li>
  <${Badge} severity=${event.severity} />
  <a href=${addressOf('event', { id: event.event_id })}><${Vendor}>${event.title}</${Vendor}></a>
  <span class="calm">
    ${event.ended_at === null ? html`open since <${Time} iso=${event.started_at} form="clock" />` : html`ended <${Time} iso=${event.ended_at} form="clock" />`}
    ${event.test_mode && ', test mode'}
  </span>
  ${event.routing_reason !== null && html`<span class="reason">${event.routing_reason}</span>`}
</li>`;

/** @param {{ id: string, source: string }} props the id of the other alert, and the source of this one */
const RelatedRow = ({ id, source }) => {
  const { data } = useResource(() => readAlert(id), id, isOf(id));
  const other = data.value;
  if (!other) return html`<li><a href=${addressOf('alert', { id })}><${Vendor}>${id}</${Vendor}></a></li>`;
  return html`<li>
    <${Badge} severity=${other.severity} />
    <span>${relatedWords(source, other)}: <a href=${addressOf('alert', { id })}><${Vendor}>${headlineOf(other).title}</${Vendor}></a></span>
    <span class="calm">
      ${other.resolved_at === null ? html`open since <${Time} iso=${other.opened_at} form="clock" />` : html`ended <${Time} iso=${other.resolved_at} form="clock" />`}
    </span>
  </li>`;
};

/** @param {{ alert: AlertDetailView }} props */
const Related = ({ alert }) =>
  alert.related.length === 0
    ? null
    : html`<section aria-labelledby="related">
        <h2 id="related">Related alerts</h2>
        <ul class="event-rows">${alert.related.map((id) => html`<${RelatedRow} key=${id} id=${id} source=${alert.source} />`)}</ul>
      </section>`;

/** The newest that the vendor says of it, where its title does not stand for it already. @param {{ alert: AlertDetailView }} props */
const VendorWords = ({ alert }) => {
  const told = alert.events.filter(({ kind, description }) => kind !== 'payment' && description !== null);
  const latest = told.findLast(({ state }) => state === 'open') ?? told.at(-1);
  return latest ? html`<p class="description"><${Vendor}>${latest.description}</${Vendor}></p>` : null;
};

/** @param {{ alert: AlertDetailView, refresh: () => Promise<void> }} props */
const Shown = ({ alert, refresh }) => {
  const { severity, state, title, source, affects, phase, opened_at: openedAt, resolved_at: resolvedAt } = alert;
  const [event] = alert.events;
  // Of several payments each has its own, below.
  const payment =
    event?.facts && alert.events.length === 1 ? { facts: event.facts, description: event.description } : undefined;
  const headline = headlineOf({ title, source }, payment);
  const url = alert.events.find(({ facts }) => facts?.url !== undefined)?.facts?.url;
  return html`<div class=${`alert-head ${state === 'open' ? severity : 'over'}`}>
      <p class="headline"><${Badge} severity=${severity} /> <strong>${state === 'open' ? 'Open' : 'Resolved'}</strong></p>
      <h1 id="alert-title"><${Vendor}>${headline.title}</${Vendor}></h1>
      <${Terms}
        terms=${[
          ['Vendor', html`<a href=${addressOf('vendor', { id: source })}>${vendorName(source)}</a>`],
          ...(headline.more.length === 0 ? [] : [['About', html`<${Vendor}>${headline.more.join(', ')}</${Vendor}>`]]),
          ['Open since', html`<${Time} iso=${openedAt} />`],
          ...(resolvedAt === null ? [] : [['Resolved', html`<${Time} iso=${resolvedAt} />`]]),
          ...(affects.length === 0 ? [] : [['Affects', html`<${Vendor}>${affectsWords(affects)}</${Vendor}>`]]),
          ...(phase === null ? [] : [['Phase', html`<${Vendor}>${phase.replaceAll('_', ' ')}</${Vendor}>`]]),
          ['Notified', html`<${ToldList} alert=${alert} />`],
          ...(alert.wake_at === null
            ? []
            : [['Looked at again', html`<${Time} iso=${alert.wake_at.at} />: ${alert.wake_at.because}`]]),
          ...vendorLink(url),
          ['Id', html`<code><${Vendor}>${alert.alert_id}</${Vendor}></code>`],
        ]}
      />
      <${VendorWords} alert=${alert} />
    </div>
    <${AlertActions} alert=${alert} onDone=${refresh} />
    <${Related} alert=${alert} />
    <${Story} alert=${alert} />
    <section aria-labelledby="alert-events">
      <h2 id="alert-events">Events (${alert.event_count})</h2>
      <ul class="event-rows">${alert.events.map((event) => html`<${EventRow} key=${event.event_id} event=${event} />`)}</ul>
    </section>`;
};

/** @param {{ id: string }} props */
export const AlertView = ({ id }) => {
  const { data, error, refresh } = useResource(() => readAlert(id), id, isOf(id));
  return html`<p><a href=${addressOf('now')} data-back>← Now</a></p>
    ${!data.value && html`<${ViewHead} title="Alert" />`}
    <${Failed} error=${error.value} what="This alert" />
    ${data.value ? html`<${Shown} alert=${data.value} refresh=${refresh} />` : error.value === null && html`<${Loading} />`}`;
};
