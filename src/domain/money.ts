// Amounts for people. Facts hold minor units as Stripe counts them (https://docs.stripe.com/currencies).
const withoutDecimals = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const withThreeDecimals = new Set('BHD JOD KWD OMR TND'.split(' '));

/** How many decimals Stripe's minor units of this currency have. ISK, HUF, TWD and UGX have two there. */
const decimalsOf = (currency: string): number => {
  if (withoutDecimals.has(currency)) return 0;
  return withThreeDecimals.has(currency) ? 3 : 2;
};

/**
 * An amount in major units with its currency: 12000.00 EUR.
 * @param minor a whole number of minor units
 * @param currency its ISO code, in any case
 */
export const formatMoney = (minor: number, currency: string): string => {
  const code = currency.toUpperCase();
  const decimals = decimalsOf(code);
  const digits = Math.abs(Math.trunc(minor))
    .toFixed(0)
    .padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${minor < 0 ? '-' : ''}${whole}${fraction} ${code}`;
};
