// The words that users must not meet: those of the first version's private language, and "page" alone. The table says what
// to write instead.
import { parseSync, Visitor } from 'oxc-parser';

interface OldWord {
  readonly pattern: RegExp;
  readonly say: string;
}

/** All in any case. */
const oldWords: readonly OldWord[] = [
  { pattern: /\b(?:owe[sd]?|owing)\b/i, say: 'waiting to be sent, queued; a delivery is created' },
  { pattern: /\badmit(?:s|ted|ting)?\b/i, say: 'check, accept' },
  { pattern: /\b(?:un)?settle(?:s|d)?\b/i, say: 'cancel, finish' },
  { pattern: /\bnarrat(?:e|es|ed|ing)\b/i, say: 'log' },
  { pattern: /\bjudg(?:e|es|ed|ing)\b/i, say: 'apply, check' },
  { pattern: /\bnews\b/i, say: 'change, update' },
  { pattern: /\bturns\b(?! (?:\w+ )?(?:on|off|into|down|up)\b)/i, say: 'locks' },
  { pattern: /\bpatiently\b/i, say: 'with its own connection' },
  { pattern: /\bforg(?:et|ets|ot|otten)\b/i, say: 'expire' },
  // An option and a condition of the rules are called so: `--page acme`, `page=acme`.
  { pattern: /(?<!status[ -]|\/|--)\b(?:pages?|paging)\b(?!=)/i, say: 'status page, dashboard, alert, notification' },
  { pattern: /\bpaged\b/i, say: 'notified' },
  { pattern: /\bwoken?\b|\bwakes\b/i, say: 'notified' },
  { pattern: /\bby now\b/i, say: 'now' },
  { pattern: /\bas it is\b/i, say: 'unchanged, current' },
  { pattern: /\bnot any more\b/i, say: 'no longer' },
  { pattern: /\b(?:none|much|some|all|copy|rest) of it\b/i, say: 'name it' },
  { pattern: /\bonce more\b/i, say: 'again' },
  { pattern: /\bby hand\b/i, say: 'manually' },
  { pattern: /\bin hand\b/i, say: 'in memory, under way' },
  { pattern: /\bmakes? of\b/i, say: 'the verb itself' },
  { pattern: /\bone who\b|\bwhoever\b/i, say: 'anybody who, the person who' },
  // Three words are a heading: "Who was told".
  { pattern: /(?:^|[.!:;]\s+)(?:what|whatever|who)(?:\s+[^\s.?!;]+){3,}(?:[.!;]|$)/i, say: 'a subject that is a noun' },
];

export interface Found {
  readonly words: string;
  readonly text: string;
  readonly say: string;
}

export const findOldWords = (text: string): readonly Found[] =>
  oldWords.flatMap(({ pattern, say }) => {
    const words = pattern.exec(text)?.[0].trim();
    return words === undefined ? [] : [{ words, text, say }];
  });

/** The string literals of a module that look like a text: several words, not a selector, a path or a list of classes. */
export const textsOfModule = (file: string, source: string): readonly string[] => {
  const texts: string[] = [];
  const add = (text: unknown): void => {
    if (typeof text !== 'string') return;
    // A template of the dashboard: its tags and the names of attributes are no words for users.
    const parts = /<(?:[a-z]|…)/.test(text) ? textsOfHtml(text) : [text];
    texts.push(...parts.filter((part) => /[A-Za-z]{2,}[,.:]? [a-z]/i.test(part)));
  };
  new Visitor({
    Literal: ({ value }) => add(value),
    // What stands between two expressions still is a part of a sentence.
    TemplateLiteral: ({ quasis }) => add(quasis.map(({ value }) => value.cooked).join('…')),
  }).visit(parseSync(file, source, { sourceType: 'module' }).program);
  return texts;
};

/** What a reader of an HTML file sees or hears. */
export const textsOfHtml = (html: string): readonly string[] => {
  const attributes = [...html.matchAll(/\b(?:title|placeholder|alt|aria-label|content)="([^"]*)"/g)].map(
    ([, text]) => text ?? '',
  );
  const visible = html
    .replace(/<!--.*?-->|<(script|style)\b.*?<\/\1>/gs, '')
    .split(/<[^>]*>/)
    .map((text) => text.replace(/\s+/g, ' ').trim());
  return [...visible, ...attributes].filter((text) => /[A-Za-z]/.test(text));
};
