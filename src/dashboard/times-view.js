// Times that go on: what they say is brought up to date now and then, in place.
import { element } from './dom.js';
import { ago, clock, duration } from './time.js';

/** @param {HTMLTimeElement} node */
const write = (node) => {
  const at = node.dateTime;
  const nowMs = Date.now();
  if (node.dataset.form === 'since') node.textContent = duration(nowMs - Date.parse(at));
  else if (node.dataset.form === 'ago') node.textContent = ago(at, nowMs);
  else if (node.dataset.form === 'clock') node.textContent = clock(at, nowMs);
  else node.textContent = `${clock(at, nowMs)} (${ago(at, nowMs)})`;
};

/**
 * @param {string} iso
 * @param {'both' | 'clock' | 'ago' | 'since'} [form] `since` is how long it lasts by now
 */
export const time = (iso, form = 'both') => {
  const node = element('time', {
    datetime: iso,
    title: `${iso.replace('T', ' ').slice(0, 19)} UTC`,
    'data-form': form,
  });
  write(node);
  return node;
};

export const refreshTimes = () => {
  for (const node of document.querySelectorAll('time')) write(node);
};
