import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { createPagerDuty } from '../../../src/sinks/pagerduty/destination.ts';
import { toEnqueueRequest } from '../../../src/sinks/pagerduty/message.ts';
import { destinationContract, requestOf } from '../../contract/destination.ts';
import { network } from '../../support/network.ts';
import { accepted, fakePagerDuty, pagerDutyUrl, routingKey } from '../../support/pagerduty.ts';
import { aRequest } from '../../support/telling.ts';

const pagerDuty = (eventsUrl = pagerDutyUrl, key = routingKey, timeoutMs = 10_000) =>
  createPagerDuty(
    { name: 'oncall', reachesPeople: true, fallback: null, routingKey: key, eventsUrl, timeoutMs },
    createHttpClient(noProxySettings),
  );

destinationContract('PagerDuty', {
  url: pagerDutyUrl,
  accept: accepted,
  odd: [200, 201, 204],
  create: ({ url, secret, timeoutMs }) => pagerDuty(url, secret, timeoutMs),
});

it('reaches people, gathers updates for five minutes, and stays below the documented 120 a minute', () => {
  expect(pagerDuty()).toMatchObject({
    name: 'oncall',
    type: 'pagerduty',
    reachesPeople: true,
    showsWords: false,
    hasKeys: true,
    updateEveryMs: 300_000,
    perMinute: 100,
  });
});

it('is known by its key, not by its name or its address', () => {
  expect(pagerDuty('https://proxy.test/').target).toBe(pagerDuty().target);
  expect(pagerDuty(pagerDutyUrl, 'another').target).not.toBe(pagerDuty().target);
  expect(pagerDuty().target).toMatch(/^pagerduty:[0-9a-f]{16}$/);
});

it.each(['trigger', 'update', 'resolve'] as const)(
  'a %s is posted as the request of the Events API',
  async (action) => {
    const fake = fakePagerDuty();
    await pagerDuty().send(requestOf(action));
    expect(fake.requests).toEqual([toEnqueueRequest(requestOf(action), routingKey)]);
    expect(fake.headers[0]?.get('authorization')).toBeNull();
  },
);

it('credentials in the address of the Events API do not reach the error', async () => {
  const address = 'https://jane:hunter2secret@events.pagerduty.test/v2/enqueue?token=q1w2e3';
  network.use(http.post('https://events.pagerduty.test/v2/enqueue', () => HttpResponse.error()));
  const result = await pagerDuty(address).send(aRequest());
  expect(result.statusCode).toBeNull();
  expect(JSON.stringify(result)).not.toContain('hunter2secret');
  expect(JSON.stringify(result)).not.toContain('q1w2e3');
});
