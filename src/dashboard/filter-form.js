// A form of filters, which the address holds: it shows them again when the address changes, and keeps the focus.

import { useLayoutEffect, useRef } from 'preact/hooks';
import { useDraft } from './drafts.js';

/**
 * @param {Readonly<Record<string, string>>} query whose values are the defaults of the form's fields
 * @returns the form's `ref`
 */
export const useFilterForm = (query) => {
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  useLayoutEffect(() => form.current?.reset(), [JSON.stringify(query)]);
  useDraft('filters', form);
  return form;
};
