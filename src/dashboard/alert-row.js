// One open alert in one row: since when, what, where, and who knows.
import { addressOf } from './address.js';
import { headlineOf } from './headline.js';
import { html } from './html.js';
import { Badge, Time, Vendor } from './parts.js';
import { relatedWords } from './related.js';
import { destinationList, open } from './state.js';
import { toldOf } from './told-words.js';
import { vendorName } from './vendor-name.js';

/** @import { AlertView, EventView } from './types.ts' */

/** So many components are named in a row. */
const mostNamed = 3;

/** @param {readonly string[]} names */
export const affectsWords = (names) => {
  const named = names.slice(0, mostNamed).join(', ');
  return names.length > mostNamed ? `${named} and ${names.length - mostNamed} more` : named;
};

const signs = { good: '✓', waiting: '…', bad: '✗', none: '–' };

/** @param {{ alert: Pick<AlertView, 'deliveries' | 'wake_at' | 'state'> }} props */
export const ToldList = ({ alert }) => html`<ul class="told-list" aria-label="Notified">
  ${toldOf(alert, destinationList.value).map(
    ({ text, tone, wake }) => html`<li class=${`told-${tone}`}>
      <span aria-hidden="true">${signs[tone]}</span> ${text}${wake && html`. At <${Time} iso=${wake.at} form="clock" /> ${wake.because}`}
    </li>`,
  )}
</ul>`;

/** Of the alerts that it names, those that are open. @param {{ alert: AlertView }} props */
const Related = ({ alert }) => {
  const others = open.value.filter(({ alert_id: id }) => alert.related.includes(id));
  const [other] = others;
  if (!other) return null;
  return html`<p class="alert-related">
    ${relatedWords(alert.source, other)}: <a href=${addressOf('alert', { id: other.alert_id })}><${Vendor}>${headlineOf(other).title}</${Vendor}></a>${others.length > 1 && ` and ${others.length - 1} more`}
  </p>`;
};

/** @param {{ alert: AlertView, payment?: EventView | undefined }} props */
export const AlertRow = ({ alert, payment }) => {
  const headline = headlineOf(alert, payment);
  const { alert_id: id, severity, source, opened_at: openedAt, phase, affects, event_count: events } = alert;
  return html`<li class=${`alert-row ${severity}`}>
    <p class="alert-since"><${Time} iso=${openedAt} form="since" /> <span class="calm">since <${Time} iso=${openedAt} form="clock" /></span></p>
    <div class="alert-what">
      <p class="alert-title">
        <${Badge} severity=${severity} />
        <a href=${addressOf('alert', { id })} data-row><${Vendor}>${headline.title}</${Vendor}></a>
      </p>
      <p class="alert-about">
        <strong>${vendorName(source)}</strong>
        ${headline.more.map((words) => html`<span><${Vendor}>${words}</${Vendor}></span>`)}
        ${affects.length > 0 && html`<span>affects <${Vendor}>${affectsWords(affects)}</${Vendor}></span>`}
        ${phase !== null && html`<span class="phase"><${Vendor}>${phase.replaceAll('_', ' ')}</${Vendor}></span>`}
        ${events > 1 && html`<span>${events} events</span>`}
      </p>
      <${Related} alert=${alert} />
    </div>
    <${ToldList} alert=${alert} />
  </li>`;
};
