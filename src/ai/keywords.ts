// A stand-in for a model: deterministic, of the input's own words. It picks the sentence with the most telling words,
// and the severity of the most serious of them.
import { type Severity, severities } from '../domain/event.ts';
import { cut, oneLine } from '../lib/text.ts';
import type { Summarizer } from './summarizer.ts';

const maxSummaryChars = 200;

/** What stands behind this many UTF-16 units tells nothing more. */
const maxTextChars = 64 * 1024;

const keywords: readonly { readonly severity: Severity; readonly weight: number; readonly pattern: RegExp }[] = [
  {
    severity: 'critical',
    weight: 3,
    pattern:
      /\b(outages?|down|unavailable|unreachable|data loss|breach(?:ed)?|critical|cannot (?:pay|log in|process)|all (?:payments|requests|customers)|5\d\d errors?)\b/gi,
  },
  {
    severity: 'warning',
    weight: 2,
    pattern:
      /\b(degraded|delay(?:s|ed)?|slow(?:er)?|latency|timeouts?|timed out|errors?|fail(?:s|ed|ing|ures?)?|declin(?:e|es|ed)|disputes?|retr(?:y|ies|ying)|investigating|partial(?:ly)?)\b/gi,
  },
  {
    severity: 'info',
    weight: 1,
    pattern: /\b(resolved|recovered|restored|maintenance|scheduled|completed|monitoring)\b/gi,
  },
];

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

const weigh = (text: string): number =>
  keywords.reduce((sum, { weight, pattern }) => sum + weight * count(text, pattern), 0);

const sentencesOf = (text: string): readonly string[] =>
  text
    .split(/(?<=[.!?])\s+|[\r\n]+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');

/** The first of those with the greatest weight; each is weighed once. */
const mostTelling = (sentences: readonly string[]): string => {
  let best = { sentence: '', weight: -1 };
  for (const sentence of sentences) {
    const weight = weigh(sentence);
    if (weight > best.weight) best = { sentence, weight };
  }
  return best.sentence;
};

const severityOf = (text: string): Severity => {
  const found = keywords.filter(({ pattern }) => count(text, pattern) > 0).map(({ severity }) => severity);
  const worst = severities.toReversed().find((severity) => found.includes(severity)) ?? 'info';
  const isOver = /\b(resolved|recovered|restored|completed)\b/i.test(text) && !/\b(not|un)[ -]?resolved\b/i.test(text);
  return isOver ? 'info' : worst;
};

export const keywordSummarizer: Summarizer = {
  name: 'keyword-stub',
  async summarize(text) {
    const beginning = text.slice(0, maxTextChars);
    return {
      summary: cut(oneLine(mostTelling(sentencesOf(beginning))), maxSummaryChars),
      severity: severityOf(beginning),
    };
  },
};
