// A button with an outcome: what came of it is said beside it.
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { html } from './html.js';

/** @import { ComponentChildren } from 'preact' */

/** What came of the last action, for the foot of the window: the button itself may be gone by then. */
export const told = signal('');

/**
 * The state of one action: its words, and a way to run it.
 * @returns {{ words: import('@preact/signals').Signal<string>, isBusy: import('@preact/signals').Signal<boolean>, run: (work: () => Promise<string>) => Promise<void> }}
 */
export const useAction = () =>
  useMemo(() => {
    const words = signal('');
    const isBusy = signal(false);
    /** @param {() => Promise<string>} work gives what to say */
    const run = async (work) => {
      isBusy.value = true;
      words.value = 'Asking…';
      try {
        told.value = await work();
        words.value = '';
      } catch (problem) {
        words.value = problem instanceof Error ? problem.message : String(problem);
      }
      isBusy.value = false;
    };
    return { words, isBusy, run };
  }, []);

/**
 * @param {{ work: () => Promise<string>, children?: ComponentChildren, quiet?: boolean }} props
 */
export const ActionButton = ({ work, children, quiet = false }) => {
  const { words, isBusy, run } = useAction();
  return html`<span class="action">
    <button type="button" class=${quiet ? 'quiet' : ''} disabled=${isBusy.value} onClick=${() => run(work)}>${children}</button>
    <span class="outcome" role="status">${words.value}</span>
  </span>`;
};
