// What a dialect reads reaches the normalizer without being parsed again, so it must be a summary already.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { readPayload } from '../../../src/ingest/polling/payload.ts';
import { dialects } from '../../../src/ingest/registry.ts';
import { summarySchema } from '../../../src/ingest/status-page.ts';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/statuspage/${name}_summary.json`, import.meta.url), 'utf8'));

const odd = {
  id: '1',
  name: 'One',
  status: 'x'.repeat(5000),
  updated_at: 'yesterday',
  created_at: 7,
  components: [{}],
};
const oddInstatus = { ...odd, started: 'noon', updatedAt: '2026-02-30T00:00:00Z', impact: 3 };
const oddResource = { id: '1', type: 'status_page_resource', attributes: { public_name: 7, status: null } };

const samples: readonly (readonly [dialect: string, ...documents: readonly unknown[]])[] = [
  ['statuspage', fixture('braze')],
  ['statuspage', fixture('spreedly')],
  ['statuspage', { page: { id: 'acme', updated_at: 5 }, components: [odd, {}], incidents: [odd, null] }],
  [
    'instatus',
    { page: { name: 'Acme', url: 'https://a.test', status: 'UP' }, activeIncidents: [oddInstatus] },
    { components: [odd] },
  ],
  [
    'betterstack',
    { data: { id: '1', type: 'status_page', attributes: { aggregate_state: 'operational' } }, included: [oddResource] },
  ],
];

it.each(samples)('a dialect reads a summary that is one by our schema: %s', (name, ...documents) => {
  const dialect = dialects.find((each) => each.name === name);
  const summary = dialect?.read(documents, Date.parse('2026-03-01T12:00:00Z'));
  expect(summarySchema.parse(summary)).toEqual(summary);
});

it('a payload that no status page of ours has made is parsed', () => {
  expect(() => readPayload({ type: 'summary', page: 'acme' })).toThrow('summary');
  expect(() => readPayload(null)).toThrow(z.ZodError);
});
