import { expect, it } from 'vitest';
import { readAddress, writeAddress } from '../../src/dashboard/address.js';

it.each([
  ['', { filters: {}, event: null, range: '24h' }],
  ['?severity=critical&state=open', { filters: { severity: 'critical', state: 'open' }, event: null, range: '24h' }],
  ['?event=a%2Fb%26c&range=7d', { filters: {}, event: 'a/b&c', range: '7d' }],
  ['?severity=&service=%20&event=&range=1y&unknown=1', { filters: {}, event: null, range: '24h' }],
  ['?since=2026-01-31T12:00%2B01:00', { filters: { since: '2026-01-31T12:00+01:00' }, event: null, range: '24h' }],
])('the address %s says what is shown', (search, view) => {
  expect(readAddress(search)).toEqual(view);
});

it.each([
  './',
  './?severity=critical&source=stripe',
  './?service=a%26b&since=2026-01-31T12%3A00Z&range=7d&event=evt_1',
])('the address %s is written as it was read', (address) => {
  expect(writeAddress(readAddress(address.slice(2)))).toBe(address);
});

it('any text survives in an address', () => {
  const view = { filters: { service: '<b> & "ü" \u202e 😀' }, event: 'a?b#c=d+e f', range: '7d' } as const;
  expect(readAddress(writeAddress(view).slice(2))).toEqual(view);
});
