import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/env.ts';
import { createSinks } from '../../src/sinks/registry.ts';
import { aRequest } from '../contract/sink.ts';
import { fakePagerDuty, routingKey } from '../support/pagerduty.ts';

const sinksOf = (env: Readonly<Record<string, string>>) =>
  createSinks(readConfig({ STRIPE_WEBHOOK_SECRET: 'whsec_1', ...env }), () => 'http://self.test');

it('without a routing key the one destination is the mock', async () => {
  const mock = fakePagerDuty('http://self.test/destinations/pagerduty');
  const [sink, ...others] = sinksOf({ API_TOKEN: 'tok_1' });
  expect(others).toEqual([]);
  expect(sink).toMatchObject({ destination: 'pagerduty', reachesPeople: false });
  expect(await sink?.send(aRequest())).toEqual({ outcome: 'delivered', statusCode: 202 });
  expect(mock.headers[0]?.get('authorization')).toBe('Bearer tok_1');
});

it('with a routing key the one destination is PagerDuty, at the address that is configured', async () => {
  const pagerDuty = fakePagerDuty('https://pagerduty.test/enqueue');
  const [sink, ...others] = sinksOf({
    PAGERDUTY_ROUTING_KEY: routingKey,
    PAGERDUTY_EVENTS_URL: 'https://pagerduty.test/enqueue',
    API_TOKEN: 'tok_1',
  });
  expect(others).toEqual([]);
  expect(sink).toMatchObject({ destination: 'pagerduty', reachesPeople: true });
  await sink?.send(aRequest());
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
  expect(pagerDuty.headers[0]?.get('authorization')).toBeNull();
});
