// Silences: what is held back, by whom, why, until when; and a new one.
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { ActionButton, useAction } from './action-view.js';
import { addressOf } from './address.js';
import { createSilence, endSilence, listSilences } from './api.js';
import { html } from './html.js';
import { Failed, Loading, Time, Vendor, ViewHead } from './parts.js';
import { useResource } from './resource.js';
import { readSetting, writeSetting } from './settings.js';
import { ends, rowsOf, silenceBody, sortSilences, whenWords } from './silence-form.js';
import { go, setup } from './state.js';

/** @import { SilenceView } from './types.ts' */

/** The fields of an event that a condition may name beside its facts. */
const fieldNames = ['source', 'severity', 'service', 'summary', 'kind'];

/** @param {{ rows: import('@preact/signals').Signal<readonly { name: string, value: string }[]> }} props */
const Conditions = ({ rows }) => {
  const names = [...setup.factNames, ...fieldNames];
  /** @param {number} at @param {Partial<{ name: string, value: string }>} change */
  const set = (at, change) => {
    rows.value = rows.value.map((row, index) => (index === at ? { ...row, ...change } : row));
  };
  return html`<fieldset class="conditions">
    <legend>Events that match all of this</legend>
    ${rows.value.map(
      ({ name, value }, at) => html`<p class="condition">
        <select aria-label="Fact" value=${name} onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) => set(at, { name: currentTarget.value })}>
          ${names.map((each) => html`<option value=${each} selected=${each === name}>${each}</option>`)}
        </select>
        <span aria-hidden="true">=</span>
        <input aria-label=${`Value of ${name}`} value=${value} autocomplete="off" onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => set(at, { value: currentTarget.value })} />
        <button type="button" class="quiet" aria-label=${`Remove ${name}`} onClick=${() => (rows.value = rows.value.filter((_, index) => index !== at))}>✕</button>
      </p>`,
    )}
    <button type="button" class="quiet" onClick=${() => (rows.value = [...rows.value, { name: 'component', value: '' }])}>Add a condition</button>
  </fieldset>`;
};

/** @param {{ query: Readonly<Record<string, string>>, onDone: () => Promise<void> }} props */
const NewSilence = ({ query, onDone }) => {
  const key = JSON.stringify(query);
  const rows = useMemo(() => signal(rowsOf(query, [...setup.factNames, ...fieldNames])), [key]);
  const { words, isBusy, run } = useAction();
  const until = query.until ?? '2h';
  /** @param {SubmitEvent & { currentTarget: HTMLFormElement }} event */
  const submit = (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [by, because, end] = ['by', 'because', 'until'].map((name) => String(form.get(name) ?? ''));
    writeSetting('by', by ?? '');
    void run(async () => {
      const body = silenceBody(rows.value, { by: by ?? '', because: because ?? '', until: end ?? '' });
      const silence = await createSilence(body);
      go('silences');
      await onDone();
      return `Silenced: ${whenWords(silence.when)}.`;
    });
  };
  return html`<form class="panel" onSubmit=${submit} aria-label="New silence">
    <${Conditions} rows=${rows} />
    <div class="fields">
      <label><span>How long</span>
        <select name="until">${ends.map(([value, text]) => html`<option value=${value} selected=${value === until}>${text}</option>`)}</select>
      </label>
      <label><span>Why</span><input name="because" required maxlength=${setup.maxChars.because} autocomplete="off" /></label>
      <label><span>Your name</span><input name="by" maxlength=${setup.maxChars.by} defaultValue=${readSetting('by') ?? ''} autocomplete="name" /></label>
    </div>
    <p class="calm">Stops triggers and updates, never a resolve. At its end, what is still open is sent. <code>*</code> stands for any text.</p>
    <p><button aria-disabled=${isBusy.value}>Silence</button> <span class="outcome" role="status">${words.value}</span></p>
  </form>`;
};

/** @param {{ silence: SilenceView, onDone: () => Promise<void> }} props */
const Row = ({ silence, onDone }) => {
  const { id, origin, state, when, from, until, by, because, stopped } = silence;
  return html`<li class=${`silence ${state}`}>
    <p>
      <strong class=${`state ${state}`}>${state}</strong> <${Vendor}>${whenWords(when)}</${Vendor}>
    </p>
    <p class="calm">
      <${Vendor}>${because}</${Vendor}>${by !== null && html`, by <${Vendor}>${by}</${Vendor}>`}${origin === 'file' && ', in the rules file'}.
      From <${Time} iso=${from} form="clock" /> ${until === 'resolved' ? 'until its alerts are resolved' : html`until <${Time} iso=${until} />`}.
    </p>
    ${
      stopped.length > 0 &&
      html`<p class="calm">
        Alerts that it held back: ${stopped.slice(0, 5).map((alert, at) => html`${at > 0 && ', '}<a href=${addressOf('alert', { id: alert })}><${Vendor}>${alert}</${Vendor}></a>`)}${stopped.length > 5 && ` and ${stopped.length - 5} more`}
      </p>`
    }
    ${
      state !== 'expired' &&
      origin === 'api' &&
      html`<${ActionButton}
        quiet
        work=${async () => {
          await endSilence(id);
          await onDone();
          return 'The silence has ended.';
        }}
      >End it now</${ActionButton}>`
    }
  </li>`;
};

/** @param {{ query: Readonly<Record<string, string>> }} props */
export const SilencesView = ({ query }) => {
  const { data, error, refresh } = useResource(listSilences, 'silences', ({ name }) => name === 'alert');
  const silences = sortSilences(data.value?.silences ?? []);
  const active = silences.filter(({ state }) => state === 'active').length;
  return html`<${ViewHead} title="Silences" count=${data.value && `${active} active`} />
    <${Failed} error=${error.value} what="The list of silences" />
    ${!data.value && error.value === null && html`<${Loading} />`}
    <details class="fold" open=${Object.keys(query).length > 0}>
      <summary>New silence</summary>
      <${NewSilence} query=${query} onDone=${refresh} />
    </details>
    ${data.value && silences.length === 0 && html`<p>Nothing is silenced.</p>`}
    <ul class="silences">${silences.map((silence) => html`<${Row} key=${silence.id} silence=${silence} onDone=${refresh} />`)}</ul>`;
};
