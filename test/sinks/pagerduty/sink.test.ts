import { expect, it } from 'vitest';
import { toEnqueueRequest } from '../../../src/sinks/pagerduty/map.ts';
import { createPagerDutySink } from '../../../src/sinks/pagerduty/sink.ts';
import { aRequest, sinkContract } from '../../contract/sink.ts';
import { fakePagerDuty, pagerDutyUrl, routingKey } from '../../support/pagerduty.ts';

sinkContract('the PagerDuty sink', {
  url: pagerDutyUrl,
  create: ({ url, secret, timeoutMs }) => createPagerDutySink({ routingKey: secret, eventsUrl: url, timeoutMs }),
});

const sinkTo = (eventsUrl: string) => createPagerDutySink({ routingKey, eventsUrl, timeoutMs: 10_000 });

it('is the destination "pagerduty" and reaches people', () => {
  expect(sinkTo(pagerDutyUrl)).toMatchObject({ destination: 'pagerduty', reachesPeople: true });
});

it.each(['trigger', 'resolve'] as const)('a %s is posted as the request of the Events API', async (action) => {
  const pagerDuty = fakePagerDuty();
  const request = aRequest({ action });
  await sinkTo(pagerDutyUrl).send(request);
  expect(pagerDuty.requests).toEqual([toEnqueueRequest(request, routingKey)]);
  expect(pagerDuty.headers[0]?.get('authorization')).toBeNull();
});

it('credentials in the address of the Events API do not reach the error', async () => {
  const result = await sinkTo('https://jane:hunter2secret@events.pagerduty.test/v2/enqueue?token=q1w2e3').send(
    aRequest(),
  );
  expect(result.statusCode).toBeNull();
  expect(JSON.stringify(result)).not.toContain('hunter2secret');
  expect(JSON.stringify(result)).not.toContain('q1w2e3');
});
