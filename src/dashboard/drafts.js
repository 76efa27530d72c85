// What somebody has written when their session ends: kept until they have signed in again, in this tab and for this address.
import { useLayoutEffect } from 'preact/hooks';

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/** What was written into each form that is shown, by the names of its fields. @type {Map<string, Map<string, string>>} */
const written = new Map();

/** @param {string} name */
const keyOf = (name) => `vendor-signals:draft:${name}:${location.search}`;

/** Keeps what is written in each form. A browser that keeps nothing works all the same. */
export const keepDrafts = () => {
  for (const [name, fields] of written) {
    try {
      if (fields.size > 0) sessionStorage.setItem(keyOf(name), JSON.stringify([...fields]));
    } catch {
      // It is lost, as it would be without this.
    }
  }
};

/** @param {string} name @returns {readonly [field: string, value: string][]} */
const takeDraft = (name) => {
  try {
    const text = sessionStorage.getItem(keyOf(name));
    sessionStorage.removeItem(keyOf(name));
    return JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
};

/** @param {unknown} element @returns {element is Field} */
const isField = (element) =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;

/** The field hears of it as if somebody wrote it, and is shown. @param {Field} field @param {string} value */
const write = (field, value) => {
  field.value = value;
  for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
  for (let fold = field.closest('details'); fold; fold = fold.parentElement?.closest('details') ?? null)
    fold.open = true;
  field.focus();
};

/**
 * Remembers what is written into the form, and gives it back after a session that ended meanwhile.
 * @param {string} name of the form in its view
 * @param {{ readonly current: HTMLFormElement | null }} ref
 */
export const useDraft = (name, ref) => {
  useLayoutEffect(() => {
    const form = ref.current;
    if (!form) return;
    /** @type {Map<string, string>} */
    const fields = new Map();
    written.set(name, fields);
    form.addEventListener('input', ({ target }) => {
      if (isField(target) && target.name !== '') fields.set(target.name, target.value);
    });
    for (const [field, value] of takeDraft(name)) {
      const element = form.elements.namedItem(field);
      if (isField(element)) write(element, value);
    }
    return () => void written.delete(name);
  }, []);
};
