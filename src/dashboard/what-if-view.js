// What would happen if a vendor sent this: the same code decides that decides in earnest, and nothing is stored or sent.
import { signal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { useAction } from './action-view.js';
import { explain } from './api.js';
import { serverNow } from './clock.js';
import { useDraft } from './drafts.js';
import { examplePayload, statuses } from './examples.js';
import { html } from './html.js';
import { Badge, Vendor } from './parts.js';
import { pages } from './state.js';

/** @import { ExplanationView } from './types.ts' */
/** @import { Example } from './examples.js' */

/** @param {{ event: ExplanationView['events'][number] }} props */
const Answer = ({ event }) => html`<li class="card">
  <h3>${event.event && html`<${Badge} severity=${event.event.severity} />`} <${Vendor}>${event.event?.summary ?? event.event_id}</${Vendor}></h3>
  <p><strong>${event.routed ? 'Would be sent' : 'Would not be sent'}</strong>: ${event.routing_reason ?? 'nothing was decided'}</p>
  ${event.rules && html`<p class="calm">By the rule: ${event.rules.because}${event.rules.severity_because !== null && `; severity: ${event.rules.severity_because}`}</p>`}
  ${event.alert && html`<p class="calm">Alert: ${event.alert.how} "<${Vendor}>${event.alert.title}</${Vendor}>", ${event.alert.because}</p>`}
  ${
    event.requests.length > 0 &&
    html`<details class="fold"><summary>Requests (${event.requests.length})</summary><pre tabindex="0">${JSON.stringify(event.requests, null, 2)}</pre></details>`
  }
</li>`;

/** @type {Example} */
const start = { kind: 'component', page: '', name: 'API', status: 'major_outage' };
/** @type {readonly [Example['kind'], string][]} */
const kinds = [
  ['component', 'A component of a status page'],
  ['incident', 'An incident of a status page'],
  ['stripe', 'A Stripe event'],
];

const textOf = (/** @type {Example} */ example) => JSON.stringify(examplePayload(example, serverNow()), null, 2);

export const WhatIf = () => {
  const { example, text, answer } = useMemo(
    () => ({
      example: signal(start),
      /** What somebody wrote; null: the example as it is. @type {import('@preact/signals').Signal<string | null>} */
      text: signal(null),
      /** @type {import('@preact/signals').Signal<ExplanationView | null>} */
      answer: signal(null),
    }),
    [],
  );
  const known = pages.data.value?.pages ?? [];
  const pageNames = known.length > 0 ? known.map((each) => each.name) : ['vendor'];
  const { kind, name, status } = example.value;
  const page = example.value.page || (pageNames[0] ?? '');
  const pageId = known.find((each) => each.name === page)?.page_id ?? null;
  const shown = text.value ?? textOf({ ...example.value, page, pageId });
  const { words, isBusy, run } = useAction();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useDraft('what-if', form);
  /** @param {Partial<Example>} change */
  const set = (change) => {
    example.value = { ...example.value, ...change };
    text.value = null;
  };
  /** @param {SubmitEvent & { currentTarget: HTMLFormElement }} event */
  const submit = (event) => {
    event.preventDefault();
    const at = String(new FormData(event.currentTarget).get('at') ?? '').trim();
    void run(async () => {
      /** @type {unknown} */
      let payload;
      try {
        payload = JSON.parse(shown);
      } catch {
        throw new Error('This is not JSON.');
      }
      const answered = await explain(payload, { page, ...(at === '' ? {} : { at }) });
      // The example lists nothing else, so what is open at its status page would be over: nobody asked for that.
      const isExample = text.value === null;
      const events = answered.events.filter(({ event_id: id }) => !isExample || id.includes('what_if'));
      answer.value = { ...answered, events };
      return '';
    });
  };
  return html`<section aria-labelledby="what-if">
    <h2 id="what-if">What if?</h2>
    <form class="panel" ref=${form} onSubmit=${submit}>
      <div class="fields">
        <label><span>Event</span>
          <select onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) => {
            const chosen = kinds.find(([each]) => each === currentTarget.value)?.[0] ?? 'component';
            set({ kind: chosen, status: statuses[chosen][0] });
          }}>${kinds.map(([each, label]) => html`<option value=${each} selected=${each === kind}>${label}</option>`)}</select>
        </label>
        ${
          kind !== 'stripe' &&
          html`<label><span>Status page</span>
            <select onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) => set({ page: currentTarget.value })}>${pageNames.map((each) => html`<option value=${each} selected=${each === page}>${each}</option>`)}</select>
          </label>`
        }
        <label><span>${kind === 'stripe' ? 'Message' : 'Name'}</span><input value=${name} onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => set({ name: currentTarget.value })} /></label>
        <label><span>${kind === 'incident' ? 'Impact' : kind === 'stripe' ? 'Type' : 'Status'}</span>
          <select onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) => set({ status: currentTarget.value })}>${statuses[kind].map((each) => html`<option value=${each} selected=${each === status}>${each}</option>`)}</select>
        </label>
        <label><span>At this time (now, if empty)</span><input name="at" placeholder="2026-01-31T03:00Z" autocomplete="off" /></label>
      </div>
      <details class="fold">
        <summary>As JSON, or your own</summary>
        <textarea name="payload" aria-label="The vendor's JSON" rows="12" spellcheck="false" value=${shown} onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ { currentTarget }) => (text.value = currentTarget.value)}></textarea>
      </details>
      <p><button aria-disabled=${isBusy.value}>Explain</button> <span class="outcome" role="status">${words.value}</span></p>
    </form>
    ${answer.value && html`<ul class="cards" id="answer">${answer.value.events.length === 0 ? html`<li class="card">Nothing in it makes an event${answer.value.page?.reason ? html`: <${Vendor}>${answer.value.page.reason}</${Vendor}>` : ''}.</li>` : answer.value.events.map((event) => html`<${Answer} event=${event} />`)}</ul>`}
  </section>`;
};
