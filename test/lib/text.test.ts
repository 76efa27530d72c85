import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut, oneLine, publicUrl } from '../../src/lib/text.ts';

it.each([
  ['plain', 'plain'],
  ['a\nb', 'a b'],
  ['a\r\n\r\nb', 'a b'],
  ['a\u2028b\u2029c', 'a b c'],
  ['a  b\tc', 'a  b\tc'],
  ['\n', ' '],
])('%j on one line is %j', (text, line) => {
  expect(oneLine(text)).toBe(line);
});

it.each([
  ['', 5, ''],
  ['hello', 5, 'hello'],
  ['hello!', 5, 'hell…'],
  ['hello', 1, '…'],
  ['ab😀cd', 4, 'ab…'],
  ['ab😀cd', 5, 'ab😀…'],
])('%j in at most %i characters is %j', (text, maxChars, expected) => {
  expect(cut(text, maxChars)).toBe(expected);
});

it('a cut text is never too long and never ends in half of a character that was whole', () => {
  const wellFormed = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(wellFormed, fc.integer({ min: 1, max: 12 }), (text, maxChars) => {
      const short = cut(text, maxChars);
      expect(short.length).toBeLessThanOrEqual(maxChars);
      expect(short.isWellFormed()).toBe(true);
    }),
  );
});

it.each([
  ['https://user:pass@acme.test:8443/a/b?c=d#e', 'https://acme.test:8443/a/b'],
  ['http://acme.test', 'http://acme.test/'],
  ['no url', null],
])('%j may be shown as %j', (text, shown) => {
  expect(publicUrl(text)).toBe(shown);
});
