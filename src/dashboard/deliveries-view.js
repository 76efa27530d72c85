// Deliveries: what failed first, then what waits, then the rest; how each destination is doing; and retrying.
import { ActionButton } from './action-view.js';
import { addressOf } from './address.js';
import { listDeliveries, retryAll } from './api.js';
import { nowMs } from './clock.js';
import { useFilterForm } from './filter-form.js';
import { alertNameOf } from './headline.js';
import { html } from './html.js';
import { useList } from './list.js';
import { Badge, Failed, Loading, Time, Vendor, ViewHead, Wide } from './parts.js';
import { plural } from './plural.js';
import { RetryButton } from './retry-button.js';
import { destinationList, destinations, go } from './state.js';

/** @import { DeliveryView, DestinationView } from './types.ts' */

/** @param {DestinationView} destination */
const waitingWords = ({ waiting, oldest_waiting_at: oldest }) => {
  if (waiting === 0) return 'Nothing waits.';
  return html`${plural(waiting, 'delivery', 'deliveries')} waiting${oldest !== null && html`, the oldest for <${Time} iso=${oldest} form="since" />`}.`;
};

/** @type {Readonly<Record<DestinationView['state'], { sign: string, tone: string }>>} */
const looks = {
  ok: { sign: '✓', tone: 'told-good' },
  failing: { sign: '✗', tone: 'told-bad' },
  paused: { sign: '✗', tone: 'told-bad' },
  unused: { sign: '–', tone: 'calm' },
};

/** @param {{ destination: DestinationView }} props */
const Destination = ({ destination }) => {
  const { name, type, state, last_success_at: success, last_failure_at: failure, last_error: error } = destination;
  const { sign, tone } = looks[state];
  return html`<li class=${`card ${tone === 'told-bad' ? 'bad' : ''}`}>
    <h3>${name} <span class="calm">${type}${!destination.reaches_people && ', reaches nobody'}</span></h3>
    <p class=${tone}><span aria-hidden="true">${sign}</span> ${state}</p>
    <p class="calm">
      ${waitingWords(destination)} ${success !== null && html` Last accepted <${Time} iso=${success} form="ago" />.`}
      ${failure !== null && html` Last failure <${Time} iso=${failure} form="ago" />${error !== null && html`: <${Vendor}>${error}</${Vendor}>`}.`}
    </p>
  </li>`;
};

/** What is due waits for a destination that is paused, and nobody knows how long. @param {DeliveryView} delivery */
const triesWords = ({ attempts, status, next_attempt_at: next }) =>
  html`${attempts === 0 ? 'not tried yet' : plural(attempts, 'try', 'tries')}${
    status === 'pending' &&
    next !== null &&
    Date.parse(next) > nowMs.value &&
    html`, next in <${Time} iso=${next} form="until" />`
  }`;

/** @param {{ delivery: DeliveryView, onDone: () => Promise<void> }} props */
const Row = ({ delivery, onDone }) => {
  const { id, alert_id: alertId, action, destination, severity, status, last_error: error } = delivery;
  return html`<tr>
    <td><strong class=${`state ${status}`}>${status}</strong></td>
    <td class="grow">
      <a href=${addressOf('alert', { id: alertId })} data-row>${action} to ${destination}</a>
      <span class="calm"><${Vendor}>${alertNameOf(delivery)}</${Vendor}></span>
      ${error !== null && status !== 'delivered' && html`<span class="told-bad"><${Vendor}>${error}</${Vendor}></span>`}
    </td>
    <td><${Badge} severity=${severity} /></td>
    <td><${Time} iso=${delivery.created_at} form="clock" /></td>
    <td>${triesWords(delivery)}</td>
    <td>${status === 'failed' && html`<${RetryButton} quiet id=${id} onDone=${onDone}>Retry</${RetryButton}>`}</td>
  </tr>`;
};

/** @param {{ onDone: () => Promise<void> }} props */
const RetryAll = ({ onDone }) => {
  const work = async () => {
    const { retried, skipped } = await retryAll();
    await onDone();
    return `Queued again: ${retried}. No longer needed: ${skipped}.`;
  };
  return html`<p><${ActionButton} work=${work}>Retry all that failed</${ActionButton}></p>`;
};

/** @param {{ title: string, query: Readonly<Record<string, string>>, none?: string }} props */
const List = ({ title, query, none }) => {
  const { data, error, refresh, More } = useList(
    async (part) => {
      const { deliveries, next_cursor: next } = await listDeliveries({ ...query, ...part });
      return { items: deliveries, next };
    },
    JSON.stringify(query),
    ({ name }) => name === 'alert',
  );
  const deliveries = data.value?.items ?? [];
  if (data.value && deliveries.length === 0 && none === undefined) return null;
  return html`<section aria-label=${title}>
    <h2>${title}</h2>
    <${Failed} error=${error.value} what="This list" />
    ${!data.value && error.value === null && html`<${Loading} />`}
    ${data.value && error.value === null && deliveries.length === 0 && html`<p class="calm">${none}</p>`}
    ${query.status === 'failed' && deliveries.length > 0 && html`<${RetryAll} onDone=${refresh} />`}
    ${
      deliveries.length > 0 &&
      html`<${Wide} label=${`${title}, list`}>
        <table class="rows stack">
          <thead>
            <tr><th scope="col">Status</th><th scope="col">Delivery</th><th scope="col">Severity</th><th scope="col">Created</th><th scope="col">Attempts</th><th scope="col"><span class="visually-hidden">Retry</span></th></tr>
          </thead>
          <tbody>${deliveries.map((delivery) => html`<${Row} key=${delivery.id} delivery=${delivery} onDone=${refresh} />`)}</tbody>
        </table>
      </${Wide}>`
    }
    <${More} of="deliveries" />
  </section>`;
};

/** @param {{ query: Readonly<Record<string, string>> }} props */
const Filters = ({ query }) => {
  const form = useFilterForm(query);
  const names = destinationList.value.map(({ name }) => name);
  const lists = {
    status: ['failed', 'pending', 'delivered', 'superseded'],
    action: ['trigger', 'update', 'resolve'],
    destination: names,
  };
  return html`<form
    class="filters"
    aria-label="Filters"
    ref=${form}
    onChange=${(/** @type {Event & { currentTarget: HTMLFormElement }} */ { currentTarget }) =>
      go('deliveries', {
        query: Object.fromEntries([...new FormData(currentTarget)].map(([name, value]) => [name, String(value)])),
      })}
    onSubmit=${(/** @type {SubmitEvent} */ event) => event.preventDefault()}
  >
    <div class="fields">
      ${Object.entries(lists).map(
        ([name, values]) => html`<label>
          <span>${name[0]?.toUpperCase()}${name.slice(1)}</span>
          <select name=${name}>
            <option value="">any</option>
            ${[...new Set([...values, ...(query[name] ? [query[name]] : [])])].map((each) => html`<option value=${each} defaultSelected=${each === query[name]}>${each}</option>`)}
          </select>
        </label>`,
      )}
    </div>
  </form>`;
};

/** @param {{ query: Readonly<Record<string, string>> }} props */
export const DeliveriesView = ({ query }) => {
  const lists =
    query.status === undefined
      ? html`<${List} title="Failed" query=${{ ...query, status: 'failed' }} none="Nothing has failed." />
          <${List} title="Waiting" query=${{ ...query, status: 'pending' }} none="Nothing waits." />
          <${List} title="Accepted" query=${{ ...query, status: 'delivered' }} />
          <${List} title="Cancelled" query=${{ ...query, status: 'superseded' }} />`
      : html`<${List} title="Deliveries" query=${query} none="No delivery matches." />`;
  return html`<${ViewHead} title="Deliveries" />
    <${Failed} error=${destinations.error.value} what="The list of destinations" />
    <h2 class="visually-hidden">Destinations</h2>
    <ul class="cards" id="destinations">${destinationList.value.map((each) => html`<${Destination} key=${each.name} destination=${each} />`)}</ul>
    <${Filters} query=${query} /> ${lists}`;
};
