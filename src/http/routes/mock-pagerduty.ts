import { Hono } from 'hono';
import { eventSchema, type UnifiedEvent } from '../../event.ts';
import type { Log } from '../../log.ts';
import type { HttpEnv } from '../env.ts';
import { readJson } from '../read.ts';

interface Receipt {
  readonly received_at: string;
  readonly request_id: string;
  readonly event: UnifiedEvent;
}

const maxReceipts = 10_000;

/** The mock PagerDuty: takes normalized events, logs the receipt, and shows the newest ones. */
export const mockPagerDutyRoutes = (log: Log, now: () => number) => {
  const received: Receipt[] = [];
  return new Hono<HttpEnv>()
    .post('/destinations/pagerduty', async (c) => {
      const event = await readJson(c, eventSchema, 'a normalized event');
      const requestId = c.get('requestId');
      received.push({ received_at: new Date(now()).toISOString(), request_id: requestId, event });
      if (received.length > maxReceipts) received.splice(0, received.length - maxReceipts);
      log.info(
        { request_id: requestId, event_id: event.event_id, severity: event.severity },
        'mock_pagerduty.received',
      );
      return c.json({ status: 'success', message: 'Event processed' }, 202);
    })
    .get('/destinations/pagerduty', (c) => c.json({ received: received.toReversed() }));
};
