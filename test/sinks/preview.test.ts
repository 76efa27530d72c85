import { expect, it } from 'vitest';
import { createMockSink } from '../../src/sinks/mock/sink.ts';
import { createPagerDutySink } from '../../src/sinks/pagerduty/sink.ts';
import { createPreview } from '../../src/sinks/preview.ts';
import { aDelivery, anEvent } from '../support/builders.ts';

const pagerDuty = createPagerDutySink({
  routingKey: 'R0123456789abcdef0123456789ABCDE',
  eventsUrl: 'https://events.pagerduty.test/v2/enqueue?token=q1w2e3',
  timeoutMs: 1000,
});
const mockOf = (apiToken: string | null) =>
  createMockSink({ baseUrl: () => 'http://self.test', apiToken, timeoutMs: 1000 });

it('what PagerDuty would be sent is shown whole, with its key as set and its address without what may be secret', () => {
  const preview = createPreview([pagerDuty])(aDelivery({ action: 'resolve', request_id: 'req-1' }), anEvent());
  expect(preview).toMatchObject({
    destination: 'pagerduty',
    action: 'resolve',
    method: 'POST',
    url: 'https://events.pagerduty.test/v2/enqueue',
    headers: { 'content-type': 'application/json', 'x-request-id': 'req-1' },
    body: { routing_key: '(set)', event_action: 'resolve', dedup_key: anEvent().event_id },
  });
  expect(JSON.stringify(preview)).not.toMatch(/R0123456789|q1w2e3/);
});

it.each([
  ['set', 'tok_1', { authorization: 'Bearer (set)' }],
  ['not set', null, {}],
])('what the mock would be sent is shown with an API token that is %s', (_which, apiToken, authorization) => {
  const delivery = aDelivery({ reaches_people: false, request_id: 'req-1' });
  expect(createPreview([mockOf(apiToken)])(delivery, anEvent())).toEqual({
    destination: 'pagerduty',
    action: 'trigger',
    method: 'POST',
    url: 'http://self.test/destinations/pagerduty',
    headers: { 'content-type': 'application/json', 'x-request-id': 'req-1', ...authorization },
    body: anEvent(),
  });
});

it('of what would not be sent it is said why', () => {
  expect(createPreview([mockOf(null)])(aDelivery({ action: 'resolve' }), anEvent())).toEqual({
    destination: 'pagerduty',
    action: 'resolve',
    refused: expect.stringContaining('it was owed to a real PagerDuty'),
  });
});
