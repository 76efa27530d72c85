// What an operator can put right: send a failed delivery again, and resolve an event manually.
import { resolveEvent, retryDelivery } from './api.js';
import { byId, element } from './dom.js';

/** @import { DeliveryView, EventDetailView } from './types.ts' */

/**
 * A button's work. A failure is told beside it, and it may be tried again; a success changes what is shown, so that is
 * told at the foot of the page.
 * @param {HTMLButtonElement} button
 * @param {Element} outcome
 * @param {() => void} onDone
 * @param {() => Promise<string>} work gives what to say
 */
const run = async (button, outcome, onDone, work) => {
  button.disabled = true;
  outcome.textContent = 'Asking…';
  try {
    byId('told', HTMLElement).textContent = await work();
    onDone();
  } catch (problem) {
    button.disabled = false;
    outcome.textContent = problem instanceof Error ? problem.message : String(problem);
  }
};

const outcomeLine = () => element('p', { class: 'outcome', role: 'status' });

/**
 * @param {DeliveryView} delivery
 * @param {() => void} onDone
 * @returns {Element | null} nothing when there is nothing to send again
 */
export const retryAction = ({ id, status, action, destination }, onDone) => {
  if (status !== 'failed') return null;
  const outcome = outcomeLine();
  const button = element('button', { type: 'button' }, `Send the ${action} to ${destination} again`);
  button.addEventListener('click', () =>
    run(button, outcome, onDone, async () => {
      const { retried } = await retryDelivery(id);
      return retried ? 'Queued again.' : 'Already queued or accepted.';
    }),
  );
  return element('div', { class: 'action' }, button, outcome);
};

/**
 * @param {EventDetailView} event
 * @param {() => void} onDone
 * @returns {Element | null} nothing when it is over
 */
export const resolveAction = ({ event_id: eventId, resolved_at: resolvedAt, kind }, onDone) => {
  if (resolvedAt !== null) return null;
  const outcome = outcomeLine();
  const note = element('input', { name: 'note', maxlength: '500', autocomplete: 'off' });
  const button = element('button', { type: 'submit' }, 'Resolve');
  const warning =
    kind === 'payment'
      ? 'Resolves its alert at every destination that was notified.'
      : 'Resolves its alert at every destination that was notified. It stays resolved while the vendor still lists it, unless its severity rises.';
  const form = element(
    'form',
    { class: 'action' },
    element('label', {}, element('span', {}, 'Note, kept in the history'), note),
    button,
    element('p', { class: 'calm' }, warning),
    outcome,
  );
  form.addEventListener('submit', (submitted) => {
    submitted.preventDefault();
    void run(button, outcome, onDone, async () => {
      const { resolved } = await resolveEvent(eventId, note.value.trim());
      return resolved ? 'Resolved.' : 'It was already resolved.';
    });
  });
  return form;
};
