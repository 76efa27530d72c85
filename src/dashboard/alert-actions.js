// What can be done about an alert: silence it, resolve it, send what failed again.

import { addressOf } from './address.js';
import { resolveAlert } from './api.js';
import { html } from './html.js';
import { plural } from './plural.js';
import { ResolveForm } from './resolve-form.js';
import { RetryButton } from './retry-button.js';
import { conditionsOf } from './silence-form.js';

/** @import { AlertDetailView } from './types.ts' */
/** @typedef {{ alert: AlertDetailView, onDone: () => Promise<void> }} Props */

/** @param {Props} props */
const Resolve = ({ alert, onDone }) => {
  /** @param {string} note */
  const resolve = async (note) => {
    const { resolved } = await resolveAlert(alert.alert_id, note);
    await onDone();
    return `Resolved ${plural(resolved.length, 'event')}.`;
  };
  const isPayment = alert.events.some(({ kind }) => kind === 'payment');
  return html`<${ResolveForm} resolve=${resolve}>
    Resolves it at every destination that was notified.
    ${!isPayment && ' It stays resolved while the vendor still lists it, unless its severity rises.'}
  </${ResolveForm}>`;
};

/** @param {Props} props */
const Retry = ({ alert, onDone }) => {
  const failed = alert.deliveries.filter(({ status }) => status === 'failed');
  return html`${failed.map(
    ({ id, action, destination, last_error: error }) => html`<p key=${id}>
      <${RetryButton} id=${id} onDone=${onDone}>Send the ${action} to ${destination} again</${RetryButton}> ${error !== null && html`<span class="told-bad">${error}</span>`}
    </p>`,
  )}`;
};

/** @param {Props} props */
export const AlertActions = ({ alert, onDone }) => {
  const isOpen = alert.state === 'open';
  const hasFailed = alert.deliveries.some(({ status }) => status === 'failed');
  if (!isOpen && !hasFailed) return null;
  return html`<section class="actions" aria-label="Actions">
    <${Retry} alert=${alert} onDone=${onDone} />
    ${
      isOpen &&
      html`<p><a class="button" href=${addressOf('silences', { query: { ...conditionsOf(alert.events), until: 'resolved', for: alert.alert_id } })}>Silence…</a></p>
        <details class="fold">
          <summary>Resolve…</summary>
          <${Resolve} alert=${alert} onDone=${onDone} />
        </details>`
    }
  </section>`;
};
