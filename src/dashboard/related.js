// What an alert has to do with another one that began at about the same time: is it the vendor, or us?
import { vendorName } from './vendor-name.js';

/** Our own payments. */
const ours = 'stripe';

/**
 * What stands before the title of the other alert.
 * @param {string} source of the alert that is looked at
 * @param {{ source: string, state: 'open' | 'resolved' }} other the one that it names
 */
export const relatedWords = (source, { source: other, state }) => {
  const isOpen = state === 'open';
  if (source === ours && other !== ours) return `${vendorName(other)} ${isOpen ? 'reports' : 'reported'}`;
  if (source !== ours && other === ours) return `Our own payments ${isOpen ? 'fail' : 'failed'} too`;
  return 'Began at the same time';
};
