// Events as rows: what it is, how serious, since when, and whether somebody was paged.
import { deliveryWords } from './delivery-words.js';
import { element, reconcile, vendorText } from './dom.js';
import { severities } from './severity.js';
import { time } from './times-view.js';

/** @import { EventView } from './types.ts' */

/** @param {EventView['severity']} severity */
export const badge = (severity) => {
  const { label, sign } = severities[severity];
  return element('span', { class: `badge ${severity}` }, element('span', { 'aria-hidden': 'true' }, sign), ` ${label}`);
};

/** @param {EventView} event */
export const stateOf = ({ kind, started_at: startedAt, resolved_at: resolvedAt }) => {
  if (resolvedAt !== null) return element('span', { class: 'state' }, 'resolved ', time(resolvedAt, 'ago'));
  if (kind === 'payment') return element('span', { class: 'state' }, time(startedAt, 'ago'));
  return element('span', { class: 'state open' }, 'open for ', time(startedAt, 'since'));
};

/** @param {EventView} event @param {string} address */
const row = (event, address) => {
  const { text, tone } = deliveryWords(event);
  return element(
    'li',
    { class: `event ${event.severity}`, 'data-event': event.event_id },
    badge(event.severity),
    element('a', { class: 'summary', href: address }, vendorText(event.summary)),
    stateOf(event),
    element(
      'p',
      { class: 'facts' },
      element('span', {}, event.source),
      event.service === event.source ? null : element('span', {}, vendorText(event.service)),
      element('span', {}, event.kind === 'payment' ? 'at ' : 'since ', time(event.started_at, 'clock')),
      element('span', { class: `paged ${tone}` }, text),
    ),
  );
};

/**
 * @param {Element} list
 * @param {readonly EventView[]} events
 * @param {(event: EventView) => string} addressOf
 */
export const showEvents = (list, events, addressOf) => {
  reconcile(
    list,
    events,
    ({ event_id: id }) => id,
    (event) => row(event, addressOf(event)),
  );
};
