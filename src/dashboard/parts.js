// Small pieces that every view is made of.

import { nowMs, timeZone } from './clock.js';
import { html } from './html.js';
import { severities } from './severity.js';
import { ago, clock as clockWords, duration, exact } from './time.js';

/** @import { ComponentChildren } from 'preact' */
/** @import { ApiError } from './api.js' */
/** @import { Severity } from './types.ts' */

/**
 * A moment. `since` is how long it lasts, from then until now, and `until` from now until then.
 * @param {{ iso: string, form?: 'clock' | 'ago' | 'since' | 'until' | 'both' }} props
 */
export const Time = ({ iso, form = 'both' }) => {
  const zone = timeZone.value;
  const now = nowMs.value;
  const at = clockWords(iso, now, zone);
  const words = {
    clock: () => at,
    ago: () => ago(iso, now),
    since: () => duration(now - Date.parse(iso)),
    until: () => duration(Date.parse(iso) - now),
    both: () => `${at} (${ago(iso, now)})`,
  };
  return html`<time datetime=${iso} title=${exact(iso, zone)}>${words[form]()}</time>`;
};

/** @param {{ severity: Severity }} props */
export const Badge = ({ severity }) => {
  const { label, sign } = severities[severity];
  return html`<span class=${`badge ${severity}`}><span aria-hidden="true">${sign}</span> ${label}</span>`;
};

/** A vendor's text, in a direction of its own: what turns writing around ends with it. @param {{ children?: ComponentChildren }} props */
export const Vendor = ({ children }) => html`<bdi>${children}</bdi>`;

/**
 * Why a part of the dashboard cannot be shown; the rest of it goes on.
 * @param {{ error: ApiError | null, what: string }} props
 */
export const Failed = ({ error, what }) => {
  if (error === null) return null;
  return html`<div class="notice bad" role="alert">
    <p>${what} cannot be shown: ${error.message}</p>
    ${
      error.fields.length > 0 &&
      html`<ul>
        ${error.fields.map(({ path, message }) => html`<li><code>${path}</code>: ${message}</li>`)}
      </ul>`
    }
  </div>`;
};

export const Loading = () => html`<p class="calm" role="status">Loading…</p>`;

/** @param {{ title: string, count?: ComponentChildren }} props */
export const ViewHead = ({ title, count }) => html`<div class="view-head">
  <h1>${title}</h1>
  ${count !== undefined && html`<p class="calm" role="status">${count}</p>`}
</div>`;

/** @param {{ terms: readonly (readonly [string, ComponentChildren])[] }} props */
export const Terms = ({ terms }) => html`<dl class="terms">
  ${terms.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}
</dl>`;

/** A list that is too wide for a narrow screen scrolls by itself, with the keyboard too. @param {{ label: string, children?: ComponentChildren }} props */
export const Wide = ({ label, children }) =>
  html`<div class="wide" tabindex="0" role="region" aria-label=${label}>${children}</div>`;
