import { element, reconcile, vendorText } from './dom.js';
import { signs } from './health.js';

/** @import { Health } from './health.js' */

/** @param {Health & { open: number }} health */
const card = ({ source, state, label, detail, open }) =>
  element(
    'li',
    { class: `source ${state}` },
    element('a', { class: 'name', href: `./?source=${encodeURIComponent(source)}` }, source),
    element('span', { class: open > 0 ? 'count some' : 'count' }, `${open} open`),
    element(
      'p',
      {},
      element('span', { class: 'condition' }, element('span', { 'aria-hidden': 'true' }, `${signs[state]} `), label),
      element('span', { class: 'last' }, ' · ', vendorText(detail)),
    ),
  );

/**
 * @param {Element} list
 * @param {readonly (Health & { open: number })[]} sources
 */
export const showSources = (list, sources) => {
  reconcile(list, sources, ({ source }) => source, card);
};
