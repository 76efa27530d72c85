// How far back the timeline goes: a pair of buttons, of which one is pressed.
import { byId, element } from './dom.js';

/** @import { View } from './types.ts' */

/** @type {readonly (readonly [View['range'], string])[]} */
const choices = [
  ['24h', '24 hours'],
  ['7d', '7 days'],
];

/** @param {(range: View['range']) => void} onChoice */
export const createRanges = (onChoice) => {
  const buttons = choices.map(([range, text]) => {
    const button = element('button', { type: 'button' }, text);
    button.addEventListener('click', () => onChoice(range));
    return { range, button };
  });
  byId('ranges', HTMLElement).append(...buttons.map(({ button }) => button));
  return {
    /** @param {View['range']} chosen */
    show(chosen) {
      for (const { range, button } of buttons) button.setAttribute('aria-pressed', String(range === chosen));
    },
  };
};
