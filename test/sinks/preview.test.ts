import { expect, it } from 'vitest';
import { createHttpClient, noProxySettings } from '../../src/lib/http-client.ts';
import { createDestinations } from '../../src/sinks/destinations.ts';
import { createPagerDuty } from '../../src/sinks/pagerduty/destination.ts';
import { createPreview } from '../../src/sinks/preview.ts';
import { pagerDutyUrl, routingKey } from '../support/pagerduty.ts';
import { aDelivery, aRequest } from '../support/telling.ts';

const destination = createPagerDuty(
  { name: 'oncall', reachesPeople: true, fallback: null, routingKey, eventsUrl: pagerDutyUrl, timeoutMs: 1000 },
  createHttpClient(noProxySettings),
);
const preview = createPreview(createDestinations([destination]));

it('shows the request that would be made, without its secret', () => {
  const delivery = aDelivery({ destination: 'oncall', target: destination.target });
  const shown = preview(delivery, aRequest({ delivery }));
  expect(shown).toMatchObject({
    destination: 'oncall',
    action: 'trigger',
    method: 'POST',
    url: pagerDutyUrl,
    body: { routing_key: '(set)', dedup_key: 'evt_1' },
  });
  expect(JSON.stringify(shown)).not.toContain(routingKey);
});

it('says why nothing would be sent', () => {
  const delivery = aDelivery({ destination: 'gone', target: 'x' });
  expect(preview(delivery, aRequest({ delivery }))).toEqual({
    destination: 'gone',
    action: 'trigger',
    refused: 'the destination "gone" is no longer configured',
  });
});
