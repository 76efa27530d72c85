// The filters: what is chosen goes into the address.
import { byId, element } from './dom.js';

/** @param {string} label @param {Element} control */
const labelled = (label, control) => element('label', {}, element('span', {}, label), control);

/**
 * @param {string} label
 * @param {string} name
 * @param {readonly string[]} values
 */
const choice = (label, name, values) =>
  labelled(
    label,
    element(
      'select',
      { name },
      element('option', { value: '' }, 'any'),
      ...values.map((value) => element('option', { value }, value)),
    ),
  );

/**
 * @param {string} label
 * @param {string} name
 * @param {string} placeholder
 * @param {Readonly<Record<string, string>>} [more]
 */
const text = (label, name, placeholder, more = {}) =>
  labelled(label, element('input', { name, placeholder, autocomplete: 'off', ...more }));

/** @param {(filters: Readonly<Record<string, string>>) => void} onChange */
export const createFilters = (onChange) => {
  const form = byId('filters', HTMLFormElement);
  const clear = element('button', { type: 'button', class: 'quiet' }, 'Clear filters');
  const rest = element(
    'details',
    {},
    element('summary', {}, 'More filters'),
    element(
      'div',
      { class: 'rest' },
      choice('Kind', 'kind', ['incident', 'status', 'payment']),
      choice('Routed', 'routed', ['true', 'false']),
      text('Service', 'service', 'any'),
      text('First seen since', 'since', '2026-01-31T12:00Z'),
      text('First seen before', 'until', '2026-01-31T18:00Z'),
    ),
  );
  const sourceNames = element('datalist', { id: 'source-names' });
  form.append(
    choice('Severity', 'severity', ['critical', 'warning', 'info']),
    choice('State', 'state', ['open', 'resolved']),
    text('Source', 'source', 'any', { list: 'source-names' }),
    sourceNames,
    element('button', { type: 'submit' }, 'Apply'),
    clear,
    rest,
  );
  const given = () => {
    const fields = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
    return Object.fromEntries(fields.filter(([, value]) => value !== ''));
  };
  form.addEventListener('change', () => onChange(given()));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onChange(given());
  });
  clear.addEventListener('click', () => onChange({}));

  return {
    /** @param {Readonly<Record<string, string>>} filters */
    show(filters) {
      for (const field of form.elements) {
        if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement)
          field.value = filters[field.name] ?? '';
      }
      clear.hidden = Object.keys(filters).length === 0;
      if (['kind', 'routed', 'service', 'since', 'until'].some((name) => filters[name])) rest.open = true;
    },
    /** @param {readonly string[]} sources */
    offerSources(sources) {
      sourceNames.replaceChildren(...sources.map((value) => element('option', { value })));
    },
  };
};
