import { expect, it } from 'vitest';
import { eventFilterQuery } from '../../src/http/event-filters.ts';
import { eventFilters, filterNames } from '../../src/stores/event-filter.ts';

it('every filter of the table is a parameter, in the words of the table', () => {
  expect(Object.keys(eventFilterQuery.shape)).toEqual([...filterNames]);
  for (const name of filterNames)
    expect(eventFilterQuery.shape[name].meta()?.description).toBe(eventFilters[name].description);
});

it('a query is read as the table wants it: flags are words, times have any offset', () => {
  expect(
    eventFilterQuery.parse({ routed: 'false', since: '2026-03-01T13:00:00 01:00', kind: 'payment', q: 'a b' }),
  ).toEqual({ routed: false, since: '2026-03-01T12:00:00.000Z', kind: 'payment', q: 'a b' });
  expect(eventFilterQuery.parse({})).toEqual({});
});

it.each([{ routed: 'yes' }, { since: 'today' }, { source: '' }, { kind: 'x' }, { page: 'acme' }])(
  '%j is refused',
  (query) => {
    expect(eventFilterQuery.safeParse(query).success).toBe(false);
  },
);
