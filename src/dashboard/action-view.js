// A button with an outcome: what came of it is said beside it.
import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { ApiError } from './api.js';
import { html } from './html.js';

/** @import { ComponentChildren } from 'preact' */

/** What came of the last action, for the foot of the window: the button itself may be gone by then. */
export const told = signal('');

/** Why it did not work, with the fields that were refused. @param {unknown} problem */
export const problemWords = (problem) => {
  if (!(problem instanceof Error)) return String(problem);
  const fields = problem instanceof ApiError ? problem.fields.map(({ path, message }) => `${path}: ${message}`) : [];
  return [problem.message, ...fields].join('; ');
};

/**
 * The state of one action: its words, and a way to run it, once at a time. A button that is disabled meanwhile would lose the
 * focus: it is `aria-disabled`.
 * @returns {{ words: import('@preact/signals').Signal<string>, isBusy: import('@preact/signals').Signal<boolean>, run: (work: () => Promise<string>) => Promise<void> }}
 */
export const useAction = () =>
  useMemo(() => {
    const words = signal('');
    const isBusy = signal(false);
    /** @param {() => Promise<string>} work gives what to say */
    const run = async (work) => {
      if (isBusy.value) return;
      isBusy.value = true;
      words.value = 'Asking…';
      try {
        told.value = await work();
        words.value = '';
      } catch (problem) {
        words.value = problemWords(problem);
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
    <button type="button" class=${quiet ? 'quiet' : ''} aria-disabled=${isBusy.value} onClick=${() => run(work)}>${children}</button>
    <span class="outcome" role="status">${words.value}</span>
  </span>`;
};
