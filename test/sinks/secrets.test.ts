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
