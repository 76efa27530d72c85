import { expect, it } from 'vitest';
import { createHttpClient } from '../../src/sinks/http-client.ts';
import { destinationsOfEnvironment, type PagerDutyEnvironment } from '../../src/sinks/registry.ts';
import { fakePagerDuty, routingKey } from '../support/pagerduty.ts';
import { aRequest } from '../support/telling.ts';

const environment: PagerDutyEnvironment = {
  routingKey: null,
  eventsUrl: 'https://pagerduty.test/enqueue',
  perMinute: 100,
};
const deps = { client: createHttpClient(), baseUrl: () => 'http://self.test', apiToken: 'tok_1', timeoutMs: 1000 };

it('without a routing key the one destination is the mock, under the name of PagerDuty', async () => {
  const mock = fakePagerDuty('http://self.test/destinations/pagerduty');
  const [destination, ...others] = destinationsOfEnvironment(environment, deps);
  expect(others).toEqual([]);
  expect(destination).toMatchObject({ name: 'pagerduty', type: 'mock', reachesPeople: false });
  expect(await destination?.send(aRequest())).toMatchObject({ outcome: 'delivered', statusCode: 202 });
  expect(mock.headers[0]?.get('authorization')).toBe('Bearer tok_1');
});

it('with a routing key the one destination is PagerDuty, at the address and the pace that are configured', async () => {
  const pagerDuty = fakePagerDuty('https://pagerduty.test/enqueue');
  const [destination, ...others] = destinationsOfEnvironment({ ...environment, routingKey, perMinute: 7 }, deps);
  expect(others).toEqual([]);
  expect(destination).toMatchObject({ name: 'pagerduty', type: 'pagerduty', reachesPeople: true, perMinute: 7 });
  await destination?.send(aRequest());
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
  expect(pagerDuty.headers[0]?.get('authorization')).toBeNull();
});

it('a pace of 0 is no limit', () => {
  const [destination] = destinationsOfEnvironment({ ...environment, routingKey, perMinute: 0 }, deps);
  expect(destination?.perMinute).toBeNull();
});
