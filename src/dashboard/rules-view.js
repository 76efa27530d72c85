// The rules in effect, how the newest load went, and what they would say of something that has not happened.
import { html } from './html.js';
import { Failed, Loading, Terms, Time, ViewHead, Wide } from './parts.js';
import { rules } from './state.js';
import { WhatIf } from './what-if-view.js';

/** @import { RulesView as Report } from './types.ts' */

/** @param {unknown} value @returns {value is Readonly<Record<string, unknown>>} */
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value of the rules in one line. @param {unknown} value @returns {string} */
const valueWords = (value) => {
  if (Array.isArray(value)) return value.length === 0 ? 'nobody' : value.map(valueWords).join(', ');
  if (isRecord(value))
    return Object.entries(value)
      .map(([name, each]) => `${name}: ${valueWords(each)}`)
      .join('; ');
  return String(value);
};

/** The columns of a list of rules, in the order in which they first appear. @param {readonly Readonly<Record<string, unknown>>[]} items */
const columnsOf = (items) => [...new Set(items.flatMap((item) => Object.keys(item)))];

/** @param {{ name: string, items: readonly Readonly<Record<string, unknown>>[] }} props */
const List = ({ name, items }) => {
  const columns = columnsOf(items);
  return html`<${Wide} label=${name}>
    <table class="rows stack">
      <thead><tr>${columns.map((column) => html`<th scope="col">${column.replaceAll('_', ' ')}</th>`)}</tr></thead>
      <tbody>
        ${items.map((item) => html`<tr>${columns.map((column) => html`<td data-label=${column.replaceAll('_', ' ')}>${item[column] === undefined || item[column] === null ? '' : valueWords(item[column])}</td>`)}</tr>`)}
      </tbody>
    </table>
  </${Wide}>`;
};

/** @param {{ name: string, value: unknown }} props */
const Section = ({ name, value }) => {
  const title = name.replaceAll('_', ' ');
  if (Array.isArray(value))
    return html`<section><h3>${title}</h3>${value.length === 0 ? html`<p class="calm">None.</p>` : html`<${List} name=${title} items=${value.filter(isRecord)} />`}</section>`;
  if (isRecord(value))
    return html`<section><h3>${title}</h3><${Terms} terms=${Object.entries(value).map(([key, each]) => [key, valueWords(each)])} /></section>`;
  return null;
};

/** @param {{ report: Report }} props */
const Load = ({ report: { file, hash, loaded_at: loadedAt, last_load: last } }) => {
  if (file === null) return html`<p>There is no rules file: the environment gives the rules.</p>`;
  return html`<${Terms}
      terms=${[
        ['File', html`<code>${file}</code>`],
        ['In effect since', loadedAt === null ? 'unknown' : html`<${Time} iso=${loadedAt} />`],
        ['SHA-256', html`<code>${hash}</code>`],
      ]}
    />
    ${
      last &&
      !last.ok &&
      html`<div class="notice bad" role="alert">
        <p>The newest version was refused at <${Time} iso=${last.at} />. The rules before it are in effect.</p>
        <ul>${last.problems.map(({ line, column, message }) => html`<li><code>${line}:${column}</code> ${message}</li>`)}</ul>
      </div>`
    }`;
};

export const RulesView = () => {
  const report = rules.data.value;
  const shown = isRecord(report?.rules) ? report.rules : {};
  const simple = Object.entries(shown).filter(([, value]) => typeof value !== 'object');
  const large = Object.entries(shown).filter(([, value]) => typeof value === 'object');
  return html`<${ViewHead} title="Rules" />
    <${Failed} error=${rules.error.value} what="The rules" />
    ${!report && rules.error.value === null && html`<${Loading} />`} ${report && html`<${Load} report=${report} />`}
    <${WhatIf} />
    ${
      report &&
      html`<section aria-labelledby="in-effect">
        <h2 id="in-effect">In effect</h2>
        ${simple.length > 0 && html`<${Terms} terms=${simple.map(([name, value]) => [name.replaceAll('_', ' '), String(value)])} />`}
        ${large.map(([name, value]) => html`<${Section} key=${name} name=${name} value=${value} />`)}
      </section>`
    }`;
};
