// Sends one failed delivery again.
import { ActionButton } from './action-view.js';
import { retryDelivery } from './api.js';
import { html } from './html.js';

/** @import { ComponentChildren } from 'preact' */

/** @param {{ id: string, onDone: () => Promise<void>, quiet?: boolean, children?: ComponentChildren }} props */
export const RetryButton = ({ id, onDone, quiet = false, children }) => {
  const work = async () => {
    const { retried } = await retryDelivery(id);
    await onDone();
    return retried ? 'Queued again.' : 'Already queued or accepted.';
  };
  return html`<${ActionButton} quiet=${quiet} work=${work}>${children}</${ActionButton}>`;
};
