// Resolving an alert or an event manually, with a note for the history.
import { useRef } from 'preact/hooks';
import { useAction } from './action-view.js';
import { useDraft } from './drafts.js';
import { html } from './html.js';
import { setup } from './state.js';

/** @import { ComponentChildren } from 'preact' */

/**
 * @param {{ resolve: (note: string) => Promise<string>, children?: ComponentChildren }} props `resolve` gives what to say;
 *   the children say what follows from it
 */
export const ResolveForm = ({ resolve, children }) => {
  const { words, isBusy, run } = useAction();
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useDraft('resolve', form);
  /** @param {SubmitEvent & { currentTarget: HTMLFormElement }} event */
  const submit = (event) => {
    event.preventDefault();
    const note = String(new FormData(event.currentTarget).get('note') ?? '').trim();
    void run(() => resolve(note));
  };
  return html`<form class="resolve" ref=${form} onSubmit=${submit}>
    <label><span>Note, kept in the history</span><input name="note" maxlength=${setup.maxChars.note} autocomplete="off" /></label>
    <button aria-disabled=${isBusy.value}>Resolve</button>
    <p class="calm">${children}</p>
    <p class="outcome" role="status">${words.value}</p>
  </form>`;
};
