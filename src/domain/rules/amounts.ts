// Amounts as the rules write them, with their currency: > 10000 EUR, 100..500 EUR. Facts hold minor units, as Stripe
// counts them, so an amount is read with the decimals that Stripe gives its currency.
import { nearest } from './nearest.ts';
import { type Parsed, parsed, unreadable } from './parsed.ts';

// https://docs.stripe.com/currencies. UGX and ISK have no decimals in life, but two in Stripe's amounts ("special
// cases" on that page; its list of zero-decimal currencies names UGX all the same), and HUF and TWD have two.
const withoutDecimals = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
const withThreeDecimals = 'BHD JOD KWD OMR TND'.split(' ');
/** The currencies, in upper case, whose amounts do not have two decimals in Stripe's minor units. */
export const unusualDecimals: Readonly<Record<string, number>> = Object.fromEntries([
  ...withoutDecimals.map((code) => [code, 0]),
  ...withThreeDecimals.map((code) => [code, 3]),
]);
const currencies = new Set(Intl.supportedValuesOf('currency'));

/** How many decimals an amount in this currency has in Stripe's minor units. */
export const decimalsOf = (currency: string): number => unusualDecimals[currency.toUpperCase()] ?? 2;

export interface Amount {
  readonly minor: number;
  /** Upper case. */
  readonly currency: string;
}

const number = String.raw`-?\d+(?:\.\d+)?`;
const comparison = new RegExp(String.raw`^(>=|<=|>|<)?\s*(${number})\s*([A-Za-z]{3})$`);
const range = new RegExp(String.raw`^(${number})\s*\.\.\s*(${number})\s*([A-Za-z]{3})$`);
const expected = 'expected an amount with its currency, such as "> 10000 EUR", "<= 5 USD" or "100..500 EUR"';

const readAmount = (digits: string, code: string): Parsed<Amount> => {
  const currency = code.toUpperCase();
  if (!currencies.has(currency)) {
    const meant = nearest(currency, ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'CAD', 'AUD']);
    return unreadable(`${currency} is not a currency${meant ? ` (did you mean ${meant}?)` : ''}`);
  }
  const decimals = decimalsOf(currency);
  const [whole = '', fraction = ''] = digits.split('.');
  if (fraction.length > decimals)
    return unreadable(`${currency} has ${decimals === 0 ? 'no decimals' : `${decimals} decimals at most`}`);
  const minor = Number(`${whole}${fraction.padEnd(decimals, '0')}`);
  return Number.isSafeInteger(minor) ? parsed({ minor, currency }) : unreadable('the amount is too large');
};

/** Digits in groups are the usual slip: 10,000 EUR. */
const problemWith = (text: string): string =>
  /\d[,_' ]\d{3}/.test(text) ? `${expected}; a number has no separators but a decimal point` : expected;

/** One amount: 12000 EUR. */
export const parseAmount = (text: string): Parsed<Amount> => {
  const [, sign, digits, code] = comparison.exec(text.trim()) ?? [];
  if (sign !== undefined || digits === undefined || code === undefined)
    return unreadable(problemWith(text).replace(/such as.*"(?=;|$)/, 'such as "12000 EUR"'));
  return readAmount(digits, code);
};

const compare: Readonly<Record<string, (amount: number, limit: number) => boolean>> = {
  '>': (amount, limit) => amount > limit,
  '>=': (amount, limit) => amount >= limit,
  '<': (amount, limit) => amount < limit,
  '<=': (amount, limit) => amount <= limit,
};

export type AmountTest = (minor: number, currency: string) => boolean;

const parseRange = (from: string, to: string, code: string): Parsed<AmountTest> => {
  const least = readAmount(from, code);
  const most = readAmount(to, code);
  if (!least.ok) return least;
  if (!most.ok) return most;
  if (least.value.minor > most.value.minor) return unreadable(`the range ends before it begins: ${from}..${to}`);
  return parsed(
    (minor, currency) =>
      currency.toUpperCase() === least.value.currency && minor >= least.value.minor && minor <= most.value.minor,
  );
};

/** A comparison, a range with both ends in it, or one exact amount. It matches its own currency only. */
export const parseAmountTest = (text: string): Parsed<AmountTest> => {
  const [, from, to, rangeCode] = range.exec(text.trim()) ?? [];
  if (from !== undefined && to !== undefined && rangeCode !== undefined) return parseRange(from, to, rangeCode);
  const [, sign, digits, code] = comparison.exec(text.trim()) ?? [];
  if (digits === undefined || code === undefined) return unreadable(problemWith(text));
  const amount = readAmount(digits, code);
  if (!amount.ok) return amount;
  const holds = compare[sign ?? ''] ?? ((minor: number, limit: number) => minor === limit);
  return parsed(
    (minor, currency) => currency.toUpperCase() === amount.value.currency && holds(minor, amount.value.minor),
  );
};

/** An amount in major units, for messages: 12000.00 EUR. */
export const formatAmount = ({ minor, currency }: Amount): string =>
  `${(minor / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency))} ${currency}`;
