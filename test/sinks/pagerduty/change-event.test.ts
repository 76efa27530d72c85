import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { changeUrl } from '../../../src/sinks/pagerduty/change-event.ts';
import { createPagerDuty } from '../../../src/sinks/pagerduty/destination.ts';
import { network } from '../../support/network.ts';
import { pagerDutyUrl, routingKey } from '../../support/pagerduty.ts';
import { tellable } from '../../support/telling.ts';

const pagerDuty = (sendsChanges: boolean) =>
  createPagerDuty(
    {
      name: 'oncall',
      reachesPeople: true,
      fallback: null,
      routingKey,
      eventsUrl: pagerDutyUrl,
      sendsChanges,
      timeoutMs: 1000,
    },
    createHttpClient(noProxySettings),
  );
const about = tellable(
  {
    source: 'acme_status',
    kind: 'incident',
    summary: 'Database upgrade',
    event_id: 'acme_status:incident:m1',
    description: null,
  },
  { page_name: 'Acme', item: 'maintenance', status: 'in_progress', components: ['API'], url: 'https://stspg.io/m' },
);

it('a maintenance is told as a change event on the same host', async () => {
  const bodies: unknown[] = [];
  network.use(
    http.post('https://events.pagerduty.com/v2/change/enqueue', async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json({ status: 'success', message: 'Change event processed' }, { status: 202 });
    }),
  );
  const notice = { about, phase: 'began', at: '2026-03-01T12:00:00.000Z', requestId: 'req-1' } as const;
  expect(await pagerDuty(true).tellMaintenance?.(notice)).toMatchObject({ outcome: 'delivered', statusCode: 202 });
  expect(bodies).toEqual([
    {
      routing_key: routingKey,
      payload: {
        summary: 'Maintenance began: Database upgrade (Acme, affects API)',
        timestamp: '2026-03-01T12:00:00.000Z',
        source: 'acme_status',
        custom_details: {
          event_id: 'acme_status:incident:m1',
          status: 'in_progress',
          components: ['API'],
          description: null,
          started_at: '2026-03-01T12:00:00.000Z',
          resolved_at: null,
        },
      },
      links: [{ href: 'https://stspg.io/m', text: 'Acme status page' }],
    },
  ]);
});

it('nobody who has not asked for it is told of a maintenance', () => {
  expect(pagerDuty(false).tellMaintenance).toBeUndefined();
});

it.each([
  [pagerDutyUrl, 'https://events.pagerduty.com/v2/change/enqueue'],
  ['https://events.eu.pagerduty.com/v2/enqueue', 'https://events.eu.pagerduty.com/v2/change/enqueue'],
  ['http://127.0.0.1:9000/anything', 'http://127.0.0.1:9000/v2/change/enqueue'],
])('what goes to %s has its change events at %s', (eventsUrl, expected) => {
  expect(changeUrl(eventsUrl)).toBe(expected);
});
