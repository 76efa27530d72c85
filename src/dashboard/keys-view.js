// The list of keys, and the listener behind it.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { toggleUtc } from './clock.js';
import { html } from './html.js';
import { actionOf, otherKeys, viewKeys } from './keys.js';
import { readSetting, writeSetting } from './settings.js';
import { go } from './state.js';

export const helpIsOpen = signal(false);
const areOn = signal(readSetting('keys') !== 'off');

/** @param {EventTarget | null} target */
const isField = (target) =>
  target instanceof Element && target.closest('input:not([type=checkbox]), select, textarea') !== null;

/** @param {1 | -1} by */
const move = (by) => {
  const rows = [...document.querySelectorAll('[data-row]')].filter((row) => row instanceof HTMLElement);
  const at = rows.findIndex((row) => row.matches(':focus'));
  rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
};

const search = () => {
  go('events');
  // Once the view is drawn.
  requestAnimationFrame(() => {
    const field = document.querySelector('input[type=search]');
    if (field instanceof HTMLInputElement) field.focus();
  });
};

/** @param {KeyboardEvent} event */
const onKey = (event) => {
  if (!areOn.value && event.key !== '?') return;
  const action = actionOf(event, isField(event.target));
  // The dialog itself knows at once; its event of being closed comes later.
  if (action.do === 'nothing' || document.querySelector('dialog[open]') !== null) return;
  event.preventDefault();
  if (action.do === 'go') go(action.view);
  else if (action.do === 'move') move(action.by);
  else if (action.do === 'search') search();
  else if (action.do === 'utc') toggleUtc();
  else helpIsOpen.value = true;
};

export const startKeys = () => document.addEventListener('keydown', onKey);

/** @param {boolean} on */
const setOn = (on) => {
  areOn.value = on;
  writeSetting('keys', on ? 'on' : 'off');
};

export const KeysView = () => {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    if (helpIsOpen.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [helpIsOpen.value]);
  const rows = [...viewKeys.map(([key, , words]) => [key, words]), ...otherKeys];
  return html`<dialog ref=${dialog} aria-labelledby="keys" onClose=${() => (helpIsOpen.value = false)}>
    <h2 id="keys">Keys</h2>
    <dl class="keys">${rows.map(([key, words]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`)}</dl>
    <label class="check"><input type="checkbox" checked=${areOn.value} onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => setOn(currentTarget.checked)} /> <span>Keys are on</span></label>
    <p><button type="button" onClick=${() => (helpIsOpen.value = false)}>Close</button></p>
  </dialog>`;
};
