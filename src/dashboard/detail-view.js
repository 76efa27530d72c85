// One event, with its whole story.
import { resolveAction, retryAction } from './actions-view.js';
import { element, vendorText } from './dom.js';
import { badge, stateOf } from './events-view.js';
import { changedFields, historyWords } from './history-words.js';
import { rawView } from './raw-view.js';
import { time } from './times-view.js';

/** @import { AttemptView, DeliveryView, EventDetailView } from './types.ts' */

/** @param {readonly (readonly [term: string, value: import('./dom.js').Child])[]} facts */
const factList = (facts) =>
  element('dl', {}, ...facts.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]));

/** @param {AttemptView} attempt */
const attemptItem = ({ started_at: startedAt, duration_ms: ms, outcome, status_code: code, error }) =>
  element(
    'li',
    {},
    time(startedAt),
    `: ${outcome}${code === null ? '' : `, answered ${code}`}, ${ms} ms`,
    error === null ? null : element('span', { class: 'error' }, vendorText(error)),
  );

/** @param {DeliveryView} delivery @param {() => void} onDone */
const deliveryItem = (delivery, onDone) => {
  const { destination, action, status, attempts, next_attempt_at: nextAt, attempt_log: log = [] } = delivery;
  return element(
    'li',
    { class: 'delivery' },
    element(
      'p',
      {},
      element('strong', {}, `${action} to ${destination}: `),
      element('span', { class: `status ${status}` }, status),
      `, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
      nextAt === null ? null : element('span', {}, ', next ', time(nextAt)),
    ),
    log.length === 0 ? null : element('ol', { class: 'attempts' }, ...log.map(attemptItem)),
    retryAction(delivery, onDone),
  );
};

/** @param {EventDetailView['history'][number]} entry */
const historyItem = (entry) =>
  element(
    'li',
    {},
    time(entry.at),
    ' ',
    vendorText(historyWords(entry)),
    ...changedFields(entry).map(({ name, before, after }) =>
      element(
        'span',
        { class: 'change' },
        `${name}: `,
        element('del', {}, vendorText(before)),
        ' → ',
        element('ins', {}, vendorText(after)),
      ),
    ),
  );

/** @param {string} title @param {...import('./dom.js').Child} content */
const part = (title, ...content) => element('section', {}, element('h3', {}, title), ...content);

/** @param {string} href */
const heading = (href) => element('p', {}, element('a', { href, 'data-close': true }, '← All events'));

/**
 * @param {Element} section
 * @param {EventDetailView} event
 * @param {string} closeAddress
 * @param {() => void} onDone called when something was put right
 */
export const showDetail = (section, event, closeAddress, onDone) => {
  const { deliveries, history, description, seen_count: seen } = event;
  section.replaceChildren(
    heading(closeAddress),
    element('p', { class: 'headline' }, badge(event.severity), ' ', stateOf(event)),
    element('h2', { id: 'detail-title', tabindex: '-1' }, vendorText(event.summary)),
    description === null ? '' : element('p', { class: 'description' }, vendorText(description)),
    factList([
      ['Source', event.source],
      ['Service', vendorText(event.service)],
      ['Kind', event.kind],
      ['Started', time(event.started_at)],
      ['Resolved', event.resolved_at === null ? 'no' : time(event.resolved_at)],
      ['First seen', time(event.first_seen_at)],
      ['Last seen', element('span', {}, time(event.last_seen_at), `, ${seen} ${seen === 1 ? 'time' : 'times'} in all`)],
      ['Id', element('code', {}, vendorText(event.event_id))],
    ]),
    part('Why it was or was not sent', element('p', {}, event.routing_reason ?? 'Not decided yet.')),
    part(
      'Deliveries',
      deliveries.length === 0
        ? element('p', { class: 'calm' }, 'No notification was sent.')
        : element('ul', { class: 'deliveries' }, ...deliveries.map((delivery) => deliveryItem(delivery, onDone))),
    ),
    event.resolved_at === null ? part('Resolve manually', resolveAction(event, onDone)) : '',
    part('History', element('ol', { class: 'history' }, ...history.map(historyItem))),
    rawView(event),
  );
};

/**
 * @param {Element} section
 * @param {string} words
 * @param {string} closeAddress
 */
export const showNoDetail = (section, words, closeAddress) => {
  section.replaceChildren(
    heading(closeAddress),
    element('h2', { id: 'detail-title', tabindex: '-1' }, 'This event cannot be shown'),
    element('p', { role: 'alert' }, words),
  );
};
