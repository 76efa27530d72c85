// Users read the field's words in plain English. The table of words that they must not meet is in support/plain-words.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeApi } from '../src/http/openapi.ts';
import { type Found, findOldWords, textsOfHtml, textsOfModule } from './support/plain-words.ts';

const textsOf = (path: string): readonly string[] => {
  const source = readFileSync(new URL(`../src/${path}`, import.meta.url), 'utf8');
  return path.endsWith('.html') ? textsOfHtml(source) : textsOfModule(path, source);
};

const folders = ['cli', 'config', 'dashboard', 'domain', 'explain', 'http', 'ingest', 'pipeline', 'sinks', 'telemetry'];
const files = folders.flatMap((folder) =>
  readdirSync(new URL(`../src/${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js|html)$/.test(name))
    .map((name) => `${folder}/${name}`),
);

const foundIn = (path: string): readonly Found[] => textsOf(path).flatMap(findOldWords);

it('there is something to read', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap(textsOf).length).toBeGreaterThan(200);
});

it.each(files)('%s has none of the old words', (path) => {
  expect(foundIn(path)).toEqual([]);
});

/** Everything that a reader of the document reads as a sentence. */
const sentencesOf = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    ['summary', 'description', 'title'].includes(key) && typeof child === 'string' ? [child] : sentencesOf(child),
  );
};

it('the description of the API has none', () => {
  const sentences = sentencesOf(describeApi([], '/'));
  expect(sentences.length).toBeGreaterThan(50);
  expect(sentences.flatMap(findOldWords)).toEqual([]);
});

it.each([
  ['Owes all deliveries that failed once more.', ['Owes', 'once more']],
  ['it was owed to a real PagerDuty, which is not the one that is configured by now', ['owed', 'by now']],
  ['Says by hand that an event is over, and closes its page.', ['page', 'by hand']],
  ['Nothing is owed to anybody.', ['owed']],
  ['paged, page closed', ['page', 'paged']],
  ['Retries a settled delivery, or not any more.', ['settled', 'not any more']],
  ['It is left as it is.', ['as it is']],
  ['Done. Whatever comes is kept.', ['. Whatever comes is kept.']],
  ['What the rules call it.', ['What the rules call it.']],
  ['Whoever asks is told the news.', ['news', 'Whoever']],
  [
    'The judge admitted it, in turns and patiently; it is forgotten.',
    ['admitted', 'judge', 'turns', 'patiently', 'forgotten'],
  ],
])('%j is refused', (text, words) => {
  const found = findOldWords(text);
  expect(found.map((each) => each.words)).toEqual(words);
  expect(found.every(({ say }) => say !== '')).toBe(true);
});

it.each([
  'Retry all failed deliveries.',
  'The status page could not be read. Status pages without a URL are skipped.',
  'Sent to PagerDuty. See GET /pages.',
  '0 turns it off, and a flag turns polling on.',
  'What happened?',
  'The newsletter about judgement',
  'replay acme.jsonl --page acme',
  'silence --when page=braze --until 2h',
  'Who was told',
])('%j is plain', (text) => {
  expect(findOldWords(text)).toEqual([]);
});

it('a text is found wherever it stands in a module, and what is no text is not', () => {
  const source = `import './some page.ts';
    // a page of comments
    const a = 'one sentence of two'; const b = \`a \${a} page here\`; const c = ['status', 'event.stored', 'a/b.ts'];
    export const d = { detail: "in an object, too" };`;
  expect(textsOfModule('a.ts', source)).toEqual(expect.arrayContaining(['one sentence of two', 'in an object, too']));
  expect(textsOfModule('a.ts', source)).toContain('a … page here');
  expect(textsOfModule('a.ts', source).join()).not.toMatch(/comments|event\.stored|a\/b/);
});

it('of an HTML file what is seen and what is read aloud is found', () => {
  const html =
    '<title>A</title><style>.page{}</style><!-- page --><p class="page">Seen <b>text</b></p><i title="Told">';
  expect(textsOfHtml(html)).toEqual(['A', 'Seen', 'text', 'Told']);
});
