// Keys for people who keep their hands on them. Each is one letter, so they can be turned off, and never work in a field.

/** @import { ViewName } from './types.ts' */

/** @type {readonly (readonly [key: string, view: ViewName, words: string])[]} */
export const viewKeys = [
  ['n', 'now', 'Now'],
  ['v', 'vendors', 'Vendors'],
  ['e', 'events', 'Events'],
  ['d', 'deliveries', 'Deliveries'],
  ['s', 'silences', 'Silences'],
  ['r', 'rules', 'Rules'],
];

/** @type {readonly (readonly [key: string, words: string])[]} */
export const otherKeys = [
  ['j', 'the next row'],
  ['k', 'the row before'],
  ['/', 'search events'],
  ['u', 'times in UTC or in your own zone'],
  ['?', 'these keys'],
];

/**
 * @typedef {{ do: 'go', view: ViewName } | { do: 'move', by: 1 | -1 } | { do: 'search' | 'utc' | 'help' | 'nothing' }} KeyAction
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean }} event
 * @param {boolean} isWriting in a field
 * @returns {KeyAction}
 */
export const actionOf = ({ key, ctrlKey, metaKey, altKey }, isWriting) => {
  if (isWriting || ctrlKey || metaKey || altKey) return { do: 'nothing' };
  const view = viewKeys.find(([each]) => each === key)?.[1];
  if (view) return { do: 'go', view };
  if (key === 'j' || key === 'k') return { do: 'move', by: key === 'j' ? 1 : -1 };
  if (key === '/') return { do: 'search' };
  if (key === 'u') return { do: 'utc' };
  return key === '?' ? { do: 'help' } : { do: 'nothing' };
};
