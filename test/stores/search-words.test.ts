import { expect, it } from 'vitest';
import { splitWords, standIn, wordsOf } from '../../src/stores/search-words.ts';
import { aRecord } from '../support/builders.ts';

it.each<[string, readonly string[]]>([
  ['', []],
  ['payment_intent.payment_failed: pi_1', ['payment_intent', 'payment_failed', 'pi_1']],
  ['API api ApI', ['api']],
  ['Störung', ['störung']],
  ['Sto\u0308rung', ['störung']],
  ['ﬁle Ⅷ', ['file', 'viii']],
  ['a\u0000b\ud800c', ['a', 'b', 'c']],
  ['सेवा', ['सेवा']],
  ['x'.repeat(150), ['x'.repeat(100), 'x'.repeat(50)]],
])('the words of %j', (text, words) => {
  expect(splitWords(text)).toEqual(words);
});

it('the words of an event are those of its summary, facts and the first kilobyte of its description', () => {
  const record = aRecord(
    { summary: 'API down', description: `${'a '.repeat(512)}beyond`, service: 'unseen' },
    { facts: { amount: 1200, livemode: true, components: ['EU West', 'US'] } },
  );
  expect(wordsOf(record)).toEqual(['api', 'down', 'a', '1200', 'true', 'eu', 'west', 'us']);
});

it.each<[string, boolean]>([
  ['', true],
  ['--', true],
  ['DOWN payments', true],
  ['pay', false],
  ['payments missing', false],
])('whether all words of %j stand in an event', (query, isFound) => {
  expect(standIn(aRecord(), splitWords(query))).toBe(isFound);
});

it('however much text there is, its words are bounded', () => {
  const text = Array.from({ length: 100_000 }, (_, index) => `w${index}`).join(' ');
  const startedMs = performance.now();
  expect(splitWords(text).length).toBe(400);
  const facts = { components: Array.from({ length: 5000 }, (_, index) => `component ${index}`) };
  expect(wordsOf(aRecord({ summary: text, description: text }, { facts })).length).toBe(400);
  expect(performance.now() - startedMs).toBeLessThan(1000);
});
