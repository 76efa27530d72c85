import { expect, it } from 'vitest';
import type { Facts } from '../../src/domain/facts.ts';
import { builtInSeverity } from '../../src/ingest/built-in-severity.ts';

it.each<[Facts, string | undefined]>([
  [{ item: 'incident' }, 'warning'],
  [{ item: 'incident', impact: 'critical' }, 'critical'],
  [{ item: 'incident', impact: 'none' }, 'info'],
  [{ item: 'incident', impact: 'a new word' }, 'warning'],
  [{ item: 'maintenance', impact: 'critical' }, 'info'],
  [{ item: 'component', status: 'major_outage' }, 'critical'],
  [{ item: 'component', status: 'under_maintenance' }, 'info'],
  [{ item: 'component', status: 'a new word' }, 'warning'],
  [{ item: 'component' }, 'critical'],
  [{ item: 'page' }, 'warning'],
  [{ type: 'payout.failed' }, 'critical'],
  [{ type: 'some.new_type' }, 'info'],
  [{}, undefined],
])('%j is %s', (facts, severity) => {
  expect(builtInSeverity(facts)).toBe(severity);
});
