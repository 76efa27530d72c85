import { expect, it } from 'vitest';
import { addressOf, readAddress } from '../../src/dashboard/address.js';

it.each([
  ['', { view: 'now', id: null, query: {} }],
  ['?view=vendors', { view: 'vendors', id: null, query: {} }],
  ['?vendor=braze_status', { view: 'vendor', id: 'braze_status', query: {} }],
  ['?alert=evt_1%232', { view: 'alert', id: 'evt_1#2', query: {} }],
  ['?view=events&q=push&state=open', { view: 'events', id: null, query: { q: 'push', state: 'open' } }],
  ['?severity=critical&event=evt_1', { view: 'event', id: 'evt_1', query: {} }],
])('%j says where we are', (search, route) => {
  expect(readAddress(search)).toMatchObject(route);
});

it('a link of the first dashboard, with filters and no view, leads to the events', () => {
  expect(readAddress('?since=yesterday')).toMatchObject({ view: 'events', id: null, query: { since: 'yesterday' } });
});

it.each([['?view=nowhere'], ['?alert='], ['?view=events&q=%20']])('%j says nothing that could be shown', (search) => {
  expect(readAddress(search).query).toEqual({});
});

it.each([
  [addressOf('now'), './'],
  [addressOf('alert', { id: 'a:b/c#2&d' }), './?alert=a%3Ab%2Fc%232%26d'],
  [addressOf('events', { query: { q: 'x y', state: '', kind: undefined } }), './?view=events&q=x+y'],
])('%j is relative, so that it works under any path', (address, expected) => {
  expect(address).toBe(expected);
});

it('what is written is read again, each value of a name', () => {
  const address = addressOf('silences', { query: { page: 'braze', component: ['API', 'Push'], until: 'resolved' } });
  expect(readAddress(address.slice(2))).toEqual({
    view: 'silences',
    id: null,
    query: { page: 'braze', component: 'Push', until: 'resolved' },
    pairs: [
      ['page', 'braze'],
      ['component', 'API'],
      ['component', 'Push'],
      ['until', 'resolved'],
    ],
  });
});
