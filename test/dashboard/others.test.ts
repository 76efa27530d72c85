import { expect, it, onTestFinished } from 'vitest';
import { examplePayload, statuses } from '../../src/dashboard/examples.js';
import { entryWords } from '../../src/dashboard/history-words.js';
import { actionOf } from '../../src/dashboard/keys.js';
import { relatedWords } from '../../src/dashboard/related.js';
import { setPostingSources, vendorName } from '../../src/dashboard/vendor-name.js';
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

it.each([
  ['delivered', 'oncall accepted the trigger.', 'A destination accepted the delivery.'],
  ['delivery_failed', 'Gave up the trigger to oncall.', 'Gave up the delivery to a destination.'],
  [
    'delivery_superseded',
    'Cancelled the trigger to oncall: nobody needs it.',
    'Cancelled the delivery to a destination: nobody needs it.',
  ],
  ['delivery_retried', 'Retried the trigger to oncall.', 'Retried the delivery to a destination.'],
] as const)('%s names what was sent and where, as far as it is known', (change, named, unnamed) => {
  expect(entryWords({ ...entry, change, action: 'trigger', destination: 'oncall' })).toBe(named);
  expect(entryWords({ ...entry, change })).toBe(unnamed);
});

it('a value that is no text is shown as JSON, one that was not there as null, and the status is in the words', () => {
  const fields = {
    status: { old: 'open', new: 'resolved' },
    amount: { old: undefined, new: 500 },
    phase: { old: null, new: 'fixed' },
  };
  expect(entryWords({ ...entry, change: 'resolved', fields })).toBe('Ended: amount: null → 500; phase: null → fixed.');
});

it('a vendor is called by the name of its source', () => {
  expect(['braze_status', 'stripe', '_status'].map(vendorName)).toEqual(['Braze', 'Stripe', '_status']);
});

it('a vendor that posts to us and has a status page is told from that page', () => {
  setPostingSources(['stripe']);
  onTestFinished(() => setPostingSources([]));
  expect(['stripe', 'stripe_status', 'braze_status'].map(vendorName)).toEqual([
    'Stripe',
    'Stripe status page',
    'Braze',
  ]);
});

it.each([
  ['stripe', 'braze_status', 'open', 'Braze reports'],
  ['stripe', 'braze_status', 'resolved', 'Braze reported'],
  ['stripe_status', 'stripe', 'open', 'Our own payments fail too'],
  ['stripe_status', 'stripe', 'resolved', 'Our own payments failed too'],
  ['braze_status', 'acme_status', 'open', 'Began at the same time'],
  ['stripe', 'stripe', 'open', 'Began at the same time'],
] as const)('an alert of %s and one of %s that is %s: %s', (source, other, state, words) => {
  expect(relatedWords(source, { source: other, state })).toBe(words);
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

it('the example has the id of the status page, for one with another id is left out whole', () => {
  const example = { kind: 'component', page: 'acme', name: 'API', status: 'major_outage' } as const;
  expect(examplePayload({ ...example, pageId: 'kctbh9vrtdwd' }, 0)).toMatchObject({ page: { id: 'kctbh9vrtdwd' } });
  expect(examplePayload({ ...example, pageId: null }, 0)).toMatchObject({ page: { id: 'acme' } });
});
