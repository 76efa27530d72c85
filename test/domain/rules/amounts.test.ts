import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimalsOf, formatAmount, parseAmount, parseAmountTest } from '../../../src/domain/rules/amounts.ts';

const matches = (text: string, minor: number, currency: string): boolean | string => {
  const result = parseAmountTest(text);
  return result.ok ? result.value(minor, currency) : result.problem;
};

it.each([
  ['> 10000 EUR', 1_000_000, 'eur', false],
  ['> 10000 EUR', 1_000_001, 'eur', true],
  ['>= 99.50 EUR', 9950, 'eur', true],
  ['>= 99.50 EUR', 9949, 'eur', false],
  ['< 5 USD', 499, 'usd', true],
  ['< 5 USD', 500, 'usd', false],
  ['<= 5 USD', 500, 'USD', true],
  ['100..500 EUR', 10_000, 'eur', true],
  ['100..500 EUR', 50_000, 'eur', true],
  ['100..500 EUR', 50_001, 'eur', false],
  ['100 .. 500 eur', 20_000, 'EUR', true],
  ['12 EUR', 1200, 'eur', true],
  ['< -5 EUR', -501, 'eur', true],
  ['>99.5eur', 9951, 'eur', true],
])('%s for %i %s is %s', (text, minor, currency, expected) => {
  expect(matches(text, minor, currency)).toBe(expected);
});

it.each([
  ['> 1000 JPY', 1001, 'jpy', true],
  ['> 1000 JPY', 1000, 'jpy', false],
  ['> 1.5 KWD', 1510, 'kwd', true],
  ['> 1.5 KWD', 1500, 'kwd', false],
  // No decimals in life, two in Stripe's amounts.
  ['>= 5 UGX', 500, 'ugx', true],
  ['>= 5 ISK', 499, 'isk', false],
  ['>= 5 HUF', 500, 'huf', true],
])(
  'an amount has the decimals that Stripe gives its currency: %s for %i %s is %s',
  (text, minor, currency, expected) => {
    expect(matches(text, minor, currency)).toBe(expected);
  },
);

it.each(['> 1 EUR', '< 1 EUR', '0..100000 EUR', '1 EUR'])('%s matches no other currency', (text) => {
  for (const currency of ['usd', 'jpy', 'gbp', '']) expect(matches(text, 100, currency)).toBe(false);
});

it.each([
  ['10000', /expected an amount with its currency/],
  ['> EUR', /expected an amount with its currency/],
  ['> 10,000 EUR', /no separators/],
  ["> 10'000 EUR", /no separators/],
  ['> 10.5 JPY', /JPY has no decimals/],
  ['> 10.123 EUR', /EUR has 2 decimals at most/],
  ['> 10 EURO', /expected an amount/],
  ['> 10 ERU', /ERU is not a currency \(did you mean EUR\?\)/],
  ['> 10 QQQ', /^QQQ is not a currency$/],
  ['1..5 QQQ', /^QQQ is not a currency$/],
  ['1..99999999999999999 EUR', /too large/],
  ['500..100 EUR', /ends before it begins/],
  ['> 99999999999999999 EUR', /too large/],
])('%s is refused', (text, problem) => {
  expect(matches(text, 1, 'eur')).toMatch(problem);
});

it('one amount is given without a comparison', () => {
  expect(parseAmount('12000 EUR')).toEqual({ ok: true, value: { minor: 1_200_000, currency: 'EUR' } });
  for (const text of ['> 5 EUR', 'a lot'])
    expect(parseAmount(text)).toEqual({
      ok: false,
      problem: 'expected an amount with its currency, such as "12000 EUR"',
    });
});

it('what is written for an amount is read as this amount, in each currency', () => {
  const currency = fc.constantFrom('EUR', 'USD', 'JPY', 'KRW', 'KWD', 'BHD', 'UGX', 'ISK', 'HUF', 'TWD');
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), currency, (minor, code) => {
      expect(parseAmount(formatAmount({ minor, currency: code }))).toEqual({
        ok: true,
        value: { minor, currency: code },
      });
      expect(decimalsOf(code.toLowerCase())).toBe(decimalsOf(code));
    }),
  );
});

it('of > and <= exactly one holds, and of < and >=', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -1e6, max: 1e6 }), (limit, minor) => {
      const text = formatAmount({ minor: limit, currency: 'EUR' });
      expect(matches(`> ${text}`, minor, 'eur')).toBe(!matches(`<= ${text}`, minor, 'eur'));
      expect(matches(`< ${text}`, minor, 'eur')).toBe(!matches(`>= ${text}`, minor, 'eur'));
      expect(matches(`> ${text}`, minor, 'eur')).toBe(minor > limit);
    }),
  );
});
