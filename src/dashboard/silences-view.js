// Silences: what is held back, by whom, why, until when; and a new one.
import { signal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ActionButton, useAction } from './action-view.js';
import { addressOf } from './address.js';
import { createSilence, endSilence, listSilences, matchSilence } from './api.js';
import { useDraft } from './drafts.js';
import { headlineOf } from './headline.js';
import { html } from './html.js';
import { Badge, Failed, Loading, Time, Vendor, ViewHead } from './parts.js';
import { plural } from './plural.js';
import { useResource } from './resource.js';
import { readSetting, writeSetting } from './settings.js';
import { ends, rowsOf, silenceBody, sortSilences, whenOf, whenWords } from './silence-form.js';
import { go, setup } from './state.js';
import { vendorName } from './vendor-name.js';

/** @import { Route, SilenceMatchesView, SilenceView } from './types.ts' */
/** @import { Row } from './silence-form.js' */

/** So many of the alerts that match are named. */
const mostMatches = 10;

/** The fields of an event that a condition may name beside its facts. */
const fieldNames = ['source', 'severity', 'service', 'summary', 'kind'];

const names = [...setup.factNames, ...fieldNames];

/** @param {{ rows: readonly Row[], onChange: (rows: readonly Row[]) => void }} props */
const Conditions = ({ rows, onChange }) => {
  /** @param {number} at @param {Partial<Row>} change */
  const set = (at, change) => onChange(rows.map((row, index) => (index === at ? { ...row, ...change } : row)));
  return html`<fieldset class="conditions">
    <legend>Events that match all of this. Of several values of one fact, one is enough.</legend>
    ${rows.map(
      ({ name, value }, at) => html`<p class="condition">
        <select aria-label="Fact" value=${name} onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) => set(at, { name: currentTarget.value })}>
          ${names.map((each) => html`<option value=${each} selected=${each === name}>${each}</option>`)}
        </select>
        <span aria-hidden="true">=</span>
        <input aria-label=${`Value of ${name}`} value=${value} autocomplete="off" onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => set(at, { value: currentTarget.value })} />
        <button type="button" class="quiet" aria-label=${`Remove ${name}`} onClick=${() => onChange(rows.filter((_, index) => index !== at))}>✕</button>
      </p>`,
    )}
    <button type="button" class="quiet" onClick=${() => onChange([...rows, { name: 'component', value: '' }])}>Add a condition</button>
  </fieldset>`;
};

/** @param {{ alert: SilenceMatchesView['alerts'][number] }} props */
const MatchedRow = ({
  alert: { alert_id: id, severity, source, title, open_event_count: open, matched_event_count: matched },
}) => html`<li>
  <${Badge} severity=${severity} />
  <a href=${addressOf('alert', { id })}><${Vendor}>${headlineOf({ title, source }).title}</${Vendor}></a>
  <span class="calm">${vendorName(source)}${matched < open && `, ${matched} of its ${open} events: the others are still told`}</span>
</li>`;

/** What a silence of these conditions would stop now. @param {{ when: string, from: string | undefined, isBound: boolean }} props the conditions as JSON, and the alert that the form was opened from */
const Matches = ({ when, from, isBound }) => {
  const { data, error } = useResource(
    () => matchSilence(JSON.parse(when)),
    when,
    ({ name }) => name === 'alert',
  );
  if (error.value)
    return html`<p class="calm">${error.value.fields.map(({ message }) => message).join('; ') || error.value.message}</p>`;
  if (!data.value) return html`<${Loading} />`;
  const { alerts, alert_count: count } = data.value;
  const own = alerts.filter(({ alert_id: id }) => id === from);
  const others = alerts.filter(({ alert_id: id }) => id !== from);
  return html`${from !== undefined && own.length === 0 && html`<p class="told-bad">Nothing of the alert that you came from matches.</p>`}
    ${own.length > 0 && html`<p>Silences the alert that you came from:</p><ul class="event-rows">${own.map((alert) => html`<${MatchedRow} alert=${alert} />`)}</ul>`}
    ${
      others.length > 0
        ? html`<p class=${own.length > 0 ? 'told-bad' : ''}>Silences ${plural(count - own.length, `${own.length > 0 ? 'other ' : ''}open alert`)}${own.length > 0 && ', too'}:</p>
            <ul class="event-rows">${others.slice(0, mostMatches).map((alert) => html`<${MatchedRow} alert=${alert} />`)}</ul>
            ${others.length > mostMatches && html`<p class="calm">and ${count - own.length - mostMatches} more.</p>`}`
        : html`<p>${own.length > 0 ? 'No other open alert matches.' : 'No open alert matches now.'}</p>`
    }
    <p class="calm">${isBound ? 'Alerts that begin later are told.' : 'Until its end it also silences new events that match.'}</p>`;
};

/** What somebody has written, once they pause. @param {string} text */
const useSettled = (text) => {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 400);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
};

/** @param {{ pairs: Route['pairs'], onDone: () => Promise<void> }} props */
const NewSilence = ({ pairs, onDone }) => {
  const given = Object.fromEntries(pairs);
  const { rows, until } = useMemo(
    () => ({ rows: signal(rowsOf(pairs, names)), until: signal(given.until ?? '2h') }),
    [],
  );
  const when = useSettled(JSON.stringify(whenOf(rows.value)));
  const { words, isBusy, run } = useAction();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useDraft('silence', form);
  /** The address holds them, also when a session ends here. */
  const keep = () =>
    history.replaceState(
      history.state,
      '',
      addressOf('silences', { query: { ...whenOf(rows.value), until: until.value, for: given.for } }),
    );
  /** @param {SubmitEvent & { currentTarget: HTMLFormElement }} event */
  const submit = (event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const [by = '', because = ''] = ['by', 'because'].map((name) => String(fields.get(name) ?? ''));
    writeSetting('by', by);
    void run(async () => {
      const silence = await createSilence(silenceBody(rows.value, { by, because, until: until.value }));
      go('silences');
      await onDone();
      return `Silenced: ${whenWords(silence.when)}.`;
    });
  };
  return html`<form class="panel" ref=${form} onSubmit=${submit} aria-label="New silence">
    <${Conditions}
      rows=${rows.value}
      onChange=${(/** @type {readonly Row[]} */ changed) => {
        rows.value = changed;
        keep();
      }}
    />
    <div class="fields">
      <label><span>How long</span>
        <select
          name="until"
          onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ { currentTarget }) => {
            until.value = currentTarget.value;
            keep();
          }}
        >${ends.map(([value, text]) => html`<option value=${value} selected=${value === until.value}>${text}</option>`)}</select>
      </label>
      <label><span>Why</span><input name="because" required maxlength=${setup.maxChars.because} autocomplete="off" /></label>
      <label><span>Your name</span><input name="by" maxlength=${setup.maxChars.by} defaultValue=${readSetting('by') ?? ''} autocomplete="name" /></label>
    </div>
    <div class="matches" aria-live="polite">
      ${when !== '{}' && html`<${Matches} when=${when} from=${given.for} isBound=${until.value === 'resolved'} />`}
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

/** @param {{ pairs: Route['pairs'] }} props */
export const SilencesView = ({ pairs }) => {
  const { data, error, refresh } = useResource(listSilences, 'silences', ({ name }) => name === 'alert');
  const silences = sortSilences(data.value?.silences ?? []);
  const active = silences.filter(({ state }) => state === 'active').length;
  return html`<${ViewHead} title="Silences" count=${data.value && `${active} active`} />
    <${Failed} error=${error.value} what="The list of silences" />
    ${!data.value && error.value === null && html`<${Loading} />`}
    <details class="fold" open=${pairs.length > 0}>
      <summary>New silence</summary>
      <${NewSilence} key=${JSON.stringify(pairs)} pairs=${pairs} onDone=${refresh} />
    </details>
    ${data.value && silences.length === 0 && html`<p>Nothing is silenced.</p>`}
    <ul class="silences">${silences.map((silence) => html`<${Row} key=${silence.id} silence=${silence} onDone=${refresh} />`)}</ul>`;
};
