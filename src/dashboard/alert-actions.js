// What can be done about an alert: silence it, resolve it, send what failed again.

import { ActionButton, useAction } from './action-view.js';
import { addressOf } from './address.js';
import { resolveAlert, retryDelivery } from './api.js';
import { html } from './html.js';
import { plural } from './plural.js';
import { conditionsOf } from './silence-form.js';

/** @import { AlertDetailView } from './types.ts' */
/** @typedef {{ alert: AlertDetailView, onDone: () => Promise<void> }} Props */

/** @param {Props} props */
const Resolve = ({ alert, onDone }) => {
  const { words, isBusy, run } = useAction();
  /** @param {SubmitEvent & { currentTarget: HTMLFormElement }} event */
  const submit = (event) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note') ?? '').trim();
    void run(async () => {
      const { resolved } = await resolveAlert(alert.alert_id, note);
      await onDone();
      return `Resolved ${plural(resolved.length, 'event')}.`;
    });
  };
  const isPayment = alert.events.some(({ kind }) => kind === 'payment');
  return html`<form class="resolve" onSubmit=${submit}>
    <label><span>Note, kept in the history</span><input name="note" maxlength="500" autocomplete="off" /></label>
    <button disabled=${isBusy.value}>Resolve</button>
    <p class="calm">
      Resolves it at every destination that was notified.
      ${!isPayment && ' It stays resolved while the vendor still lists it, unless its severity rises.'}
    </p>
    <p class="outcome" role="status">${words.value}</p>
  </form>`;
};

/** @param {Props} props */
const Retry = ({ alert, onDone }) => {
  const failed = alert.deliveries.filter(({ status }) => status === 'failed');
  return html`${failed.map(
    ({ id, action, destination, last_error: error }) => html`<p key=${id}>
      <${ActionButton}
        work=${async () => {
          const { retried } = await retryDelivery(id);
          await onDone();
          return retried ? 'Queued again.' : 'Already queued or accepted.';
        }}
      >Send the ${action} to ${destination} again</${ActionButton}>
      ${error !== null && html`<span class="told-bad">${error}</span>`}
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
      html`<p><a class="button" href=${addressOf('silences', { query: { ...conditionsOf(alert.events), until: 'resolved' } })}>Silence…</a></p>
        <details class="fold">
          <summary>Resolve…</summary>
          <${Resolve} alert=${alert} onDone=${onDone} />
        </details>`
    }
  </section>`;
};
