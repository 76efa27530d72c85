// The vendor's object, folded. What must not be seen has been left out by the service, which says what.
import { element } from './dom.js';

/** @import { EventDetailView } from './types.ts' */

/** @type {Readonly<Record<string, string>>} */
const kinds = {
  email: 'e-mail addresses',
  card_number: 'card numbers',
  api_key: 'keys',
  bearer_token: 'bearer tokens',
  secret: 'secrets',
};

/** @param {Readonly<Record<string, number>>} redactions */
const redactionWords = (redactions) => {
  const found = Object.entries(redactions).map(([kind, count]) => `${kinds[kind] ?? kind} (${count})`);
  return found.length === 0
    ? 'Card numbers, e-mail addresses and keys would be left out; none were found.'
    : `Left out: ${found.join(', ')}.`;
};

/** @param {EventDetailView} event */
export const rawView = ({ raw, redactions }) => {
  const text = element('pre', { tabindex: '0', 'aria-label': 'Original from the vendor' });
  const folded = element(
    'details',
    {},
    element('summary', {}, 'Original from the vendor'),
    element('p', { class: 'calm' }, redactionWords(redactions)),
    text,
  );
  // It may be a megabyte, and is seldom looked at.
  folded.addEventListener('toggle', () => {
    if (text.textContent === '') text.textContent = JSON.stringify(raw, null, 2);
  });
  return folded;
};
