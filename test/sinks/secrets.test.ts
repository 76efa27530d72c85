import { expect, it } from 'vitest';
import { safeText, secretsOfUrl, shownUrl, withoutPath } from '../../src/sinks/secrets.ts';

const key = '0a1b2c3d4e5f';

it('what is no address is a secret as a whole, and is not shown', () => {
  expect(secretsOfUrl(`no address ${key}`)).toEqual([`no address ${key}`]);
  expect([shownUrl(`no address ${key}`), withoutPath(`no address ${key}`)]).toEqual(['(set)', '(set)']);
});

it('an address is shown without what looks like a key in its path', () => {
  expect(shownUrl(`https://jo:pass@hooks.test/v2/${key}?sig=x`)).toBe('https://hooks.test/v2/(set)');
  expect(withoutPath(`https://jo:pass@hooks.test/v2/${key}?sig=x`)).toBe('https://hooks.test/(set)');
});

it('a key that is no valid percent-encoding is kept out as it stands', () => {
  const secrets = secretsOfUrl('https://hooks.test/v2/SECRET%zzKEY');
  expect(safeText('refused: SECRET%zzKEY', secrets)).toBe('refused: [redacted]');
});

it.each([
  ['a part of its path', `https://hooks.test/v2/${key}`, `no ${key}`],
  ['a long part without a digit', `https://hooks.test/v2/${'x'.repeat(20)}`, `no ${'x'.repeat(20)}`],
  ['its whole path', `https://hooks.test/v2/${key}/ok`, `no /v2/${key}/ok`],
  ['its path and query', `https://hooks.test/v2/send?token=${key}`, `no /v2/send?token=${key}`],
  ['its query', `https://hooks.test/v2/send?token=${key}`, `no ${key}`],
  ['its user', 'https://jane-doe:x@hooks.test/', 'no jane-doe'],
  ['its password', 'https://jo:pass-word@hooks.test/', 'no pass-word'],
  ['a part that is encoded, as it stands', 'https://hooks.test/Key%20to%20all', 'no Key%20to%20all'],
  ['a part that is encoded, as it is meant', 'https://hooks.test/Key%20to%20all', 'no Key to all'],
])('of an address an answer does not show %s', (_which, address, text) => {
  expect(safeText(text, secretsOfUrl(address))).toBe('no [redacted]');
});

it('what is no key stays readable', () => {
  const secrets = secretsOfUrl('https://jo:pw@hooks.test/v2/enqueue?a=1');
  expect(safeText('no hook at /v2/enqueue for jo, or a=1', secrets)).toBe('no hook at /v2/enqueue for jo, or a=1');
  expect(secretsOfUrl('https://hooks.test/v2/enqueue')).toEqual([]);
  expect(secretsOfUrl('https://hooks.test/')).toEqual([]);
});

it.each([
  ['plain', 'a"b/c d', 'no a"b/c d'],
  ['in JSON', 'a"b/c d', String.raw`no a\"b/c d`],
  ['in JSON with slashes escaped', 'a"b/c d', String.raw`no a\"b\/c d`],
  ['in an address', 'a"b/c d', 'no a%22b%2Fc%20d'],
])('a secret that is echoed %s is taken out', (_how, secret, text) => {
  expect(safeText(text, [secret])).toBe('no [redacted]');
});

it('of secrets that are parts of each other all is taken out, and an empty one takes nothing', () => {
  expect(safeText('no abc123 or abc123def456', ['abc123', 'abc123def456', ''])).toBe('no [redacted] or [redacted]');
});
