import { expect, it } from 'vitest';
import { examplePayload, statuses } from '../../src/dashboard/examples.js';
import { entryWords } from '../../src/dashboard/history-words.js';
import { actionOf } from '../../src/dashboard/keys.js';
import { vendorName } from '../../src/dashboard/vendor-name.js';
import { startService } from '../support/service.ts';

const key = (name: string, more: object = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

it.each([
  [key('v'), false, { do: 'go', view: 'vendors' }],
  [key('j'), false, { do: 'move', by: 1 }],
  [key('k'), false, { do: 'move', by: -1 }],
  [key('/'), false, { do: 'search' }],
  [key('u'), false, { do: 'utc' }],
  [key('?'), false, { do: 'help' }],
  [key('x'), false, { do: 'nothing' }],
  [key('v'), true, { do: 'nothing' }],
  [key('r', { ctrlKey: true }), false, { do: 'nothing' }],
])('%# a key does one thing, and nothing while somebody writes', (event, isWriting, action) => {
  expect(actionOf(event, isWriting)).toEqual(action);
});

const entry = { at: '2026-03-01T12:00:00.000Z', request_id: 'r' };

it('a change of an event is one sentence', () => {
  expect(entryWords({ ...entry, change: 'stored' })).toBe('Seen for the first time.');
  expect(entryWords({ ...entry, change: 'updated', fields: { severity: { old: 'warning', new: 'critical' } } })).toBe(
    'Changed: severity: warning → critical.',
  );
  expect(
    entryWords({ ...entry, change: 'delivery_failed', action: 'trigger', destination: 'oncall', reason: 'HTTP 400.' }),
  ).toBe('Gave up the trigger to oncall: HTTP 400.');
});

it('a vendor is called by the name of its source', () => {
  expect(['braze_status', 'stripe', '_status'].map(vendorName)).toEqual(['Braze', 'Stripe', '_status']);
});

const kinds = ['component', 'incident', 'stripe'] as const;

it.each(kinds.flatMap((kind) => statuses[kind].map((status) => [kind, status] as const)))(
  'the example of a %s, %s, is one that the service understands',
  async (kind, status) => {
    const service = await startService();
    const example = { kind, page: 'vendor', name: 'API', status };
    const { status: answered, body } = await service.post(
      '/routing/explain',
      examplePayload(example, service.clock.now()),
    );
    expect([answered, body.events]).toEqual([200, expect.any(Array)]);
  },
);
