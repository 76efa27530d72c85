// Events: everything that was received, with a search and the filters of the API.
import { addressOf } from './address.js';
import { listEvents } from './api.js';
import { useFilterForm } from './filter-form.js';
import { html } from './html.js';
import { useList } from './list.js';
import { Badge, Failed, Loading, Time, Vendor, ViewHead, Wide } from './parts.js';
import { destinationList, go, setup } from './state.js';
import { toldOf } from './told-words.js';
import { vendorName } from './vendor-name.js';

/** @import { EventView, FilterView } from './types.ts' */

/** A name of a field as a label: `alert_id` is "Alert id". @param {string} name */
const labelOf = (name) => {
  const words = name.replaceAll('_', ' ');
  return words[0]?.toUpperCase() + words.slice(1);
};

/** @param {{ filter: FilterView, value: string }} props */
const Filter = ({ filter: { name, description, values, type }, value }) => {
  const shared = { name, title: description };
  return html`<label>
    <span>${name === 'q' ? 'Search' : labelOf(name)}</span>
    ${
      values === null
        ? html`<input ...${shared} defaultValue=${value} type=${name === 'q' ? 'search' : 'text'} placeholder=${type === 'time' ? '2026-01-31T12:00Z' : ''} autocomplete="off" />`
        : html`<select ...${shared}>
            <option value="">any</option>
            ${values.map((each) => html`<option value=${each} defaultSelected=${each === value}>${each}</option>`)}
          </select>`
    }
  </label>`;
};

/** @param {{ query: Readonly<Record<string, string>> }} props */
const Filters = ({ query }) => {
  const form = useFilterForm(query);
  /** @param {HTMLFormElement} filled */
  const apply = (filled) => {
    const given = [...new FormData(filled)].map(([name, value]) => [name, String(value).trim()]);
    go('events', { query: Object.fromEntries(given) });
  };
  const search = setup.filters.filter(({ name }) => name === 'q');
  const chosen = setup.filters.filter(({ name, values }) => name !== 'q' && values !== null);
  const written = setup.filters.filter(({ name, values }) => name !== 'q' && values === null);
  /** @param {FilterView} filter */
  const show = (filter) => html`<${Filter} key=${filter.name} filter=${filter} value=${query[filter.name] ?? ''} />`;
  return html`<form
    class="filters"
    aria-label="Filters"
    ref=${form}
    onSubmit=${(/** @type {SubmitEvent & { currentTarget: HTMLFormElement }} */ event) => {
      event.preventDefault();
      apply(event.currentTarget);
    }}
    onChange=${(/** @type {Event & { currentTarget: HTMLFormElement }} */ event) => event.target instanceof HTMLSelectElement && apply(event.currentTarget)}
  >
    <div class="fields">${search.map(show)} ${chosen.map(show)}</div>
    <details class="fold" open=${written.some(({ name }) => query[name])}>
      <summary>More filters</summary>
      <div class="fields">${written.map(show)}</div>
    </details>
    <p><button>Apply</button> ${Object.keys(query).length > 0 && html`<a href=${addressOf('events')}>Clear</a>`}</p>
  </form>`;
};

/** @param {EventView} event */
const toldWords = (event) =>
  event.deliveries.length === 0
    ? 'not sent'
    : toldOf({ deliveries: event.deliveries, wake_at: null, state: event.state }, destinationList.value)
        .map(({ text }) => text)
        .join(', ');

/** @param {{ event: EventView }} props */
const Row = ({ event }) => html`<tr>
  <td><${Badge} severity=${event.severity} /></td>
  <td class="grow">
    <a href=${addressOf('event', { id: event.event_id })} data-row><${Vendor}>${event.summary}</${Vendor}></a>
    <span class="calm">${vendorName(event.source)}, ${event.kind}</span>
  </td>
  <td class="state-word">${event.state}</td>
  <td><${Time} iso=${event.first_seen_at} form="clock" /></td>
  <td>${event.alert_id === null ? toldWords(event) : html`<a href=${addressOf('alert', { id: event.alert_id })}>${toldWords(event)}</a>`}</td>
</tr>`;

/** @param {{ query: Readonly<Record<string, string>> }} props */
export const EventsView = ({ query }) => {
  const { data, error, More } = useList(
    async (part) => {
      const { events, next_cursor: next } = await listEvents({ ...query, ...part });
      return { items: events, next };
    },
    JSON.stringify(query),
    ({ name }) => name === 'changed' || name === 'gone',
  );
  const events = data.value?.items ?? [];
  const isNarrowed = Object.keys(query).length > 0;
  return html`<${ViewHead} title="Events" />
    <${Filters} query=${query} />
    <${Failed} error=${error.value} what="The list of events" />
    ${!data.value && error.value === null && html`<${Loading} />`}
    ${error.value === null && data.value && events.length === 0 && html`<p>${isNarrowed ? 'No event matches.' : 'Nothing has been received yet.'}</p>`}
    ${
      error.value === null &&
      events.length > 0 &&
      html`<${Wide} label="Events">
        <table class="rows stack" id="events">
          <thead>
            <tr><th scope="col">Severity</th><th scope="col">Event</th><th scope="col">State</th><th scope="col">First seen</th><th scope="col">Notified</th></tr>
          </thead>
          <tbody>${events.map((event) => html`<${Row} key=${event.event_id} event=${event} />`)}</tbody>
        </table>
      </${Wide}>`
    }
    <${More} of="events" />`;
};
