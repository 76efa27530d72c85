import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut, cutName, cutText, oneLine, publicUrl, shortId } from '../../src/lib/text.ts';

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

const kib64 = 64 * 1024;

it.each([
  ['a name of 500 characters', 'x'.repeat(500), 'x'.repeat(500)],
  ['a longer one', 'x'.repeat(501), `${'x'.repeat(499)}…`],
  ['one with a pair where it is cut', `${'x'.repeat(498)}😀😀`, `${'x'.repeat(498)}…`],
])('%s is kept up to 500 characters', (_, name, kept) => {
  expect(cutName(name)).toBe(kept);
});

it.each([
  ['64 KiB', 'x'.repeat(kib64), 'x'.repeat(kib64)],
  ['a byte more', 'x'.repeat(kib64 + 1), `${'x'.repeat(kib64 - 3)}…`],
  ['64 KiB in fewer characters', '€'.repeat(kib64 / 3), '€'.repeat(kib64 / 3)],
  ['more than that in fewer characters', '€'.repeat(kib64 / 2), `${'€'.repeat(kib64 / 3 - 1)}…`],
  ['pairs', '😀'.repeat(kib64 / 2), `${'😀'.repeat(kib64 / 4 - 1)}…`],
  ['halves of pairs', '\ud83d'.repeat(kib64), `${'\ud83d'.repeat(kib64 / 3 - 1)}…`],
])('of a text of %s at most 64 KiB are kept', (_, text, kept) => {
  expect(cutText(text)).toBe(kept);
});

it('an id of at most 200 characters is kept, and a longer one as its beginning and a hash', () => {
  expect(shortId('kctbh9vrtdwd')).toBe('kctbh9vrtdwd');
  expect(shortId('x'.repeat(200))).toBe('x'.repeat(200));
  expect(shortId('x'.repeat(201))).toMatch(/^x{167}~[0-9a-f]{32}$/);
  expect(shortId(`${'x'.repeat(166)}${'😀'.repeat(50)}`)).toMatch(/^x{166}~[0-9a-f]{32}$/);
});

it('long ids that differ anywhere stay different, and equal ones equal', () => {
  const base = 'x'.repeat(2_000_000);
  const ids = [base, `${base}y`, `y${base}`, `${base}\ud800`, `${base}\ud801`];
  expect(new Set(ids.map(shortId)).size).toBe(ids.length);
  expect(shortId(base)).toBe(shortId('x'.repeat(2_000_000)));
});
