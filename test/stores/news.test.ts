import { expect, it } from 'vitest';
import type { EventFilters } from '../../src/stores/event-store.ts';
import { matches } from '../../src/stores/news.ts';
import { aRecord } from '../support/builders.ts';

it.each<[EventFilters, boolean]>([
  [{}, true],
  [{ since: '2026-03-01T11:30:00.000Z' }, true],
  [{ since: '2026-03-01T11:30:00.001Z' }, false],
  [{ until: '2026-03-01T11:30:00.000Z' }, false],
  [{ until: '2026-03-01T11:30:00.001Z' }, true],
  [
    { source: 'acme_status', kind: 'incident', severity: 'critical', service: 'acme', state: 'open', routed: false },
    true,
  ],
  [{ source: 'acme_status', severity: 'warning' }, false],
])('whether an event is one of those with %j', (filters, isOne) => {
  // Listings and the live stream must agree; what each filter means is in the contract suite of the stores.
  expect(matches(aRecord(), filters)).toBe(isOne);
});
