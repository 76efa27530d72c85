import { Hono } from 'hono';
import * as z from 'zod';
import { eventSchema, isoSchema, type UnifiedEvent } from '../../domain/event.ts';
import type { Log } from '../../lib/log.ts';
import { toIso } from '../../lib/time.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { readJson } from '../read.ts';

const receiptSchema = z.strictObject({ received_at: isoSchema, request_id: z.string(), event: eventSchema });
const receivedSchema = z.strictObject({ received: z.array(receiptSchema) });
const acceptedSchema = z.strictObject({ status: z.literal('success'), message: z.string() });

const exampleEvent: UnifiedEvent = {
  event_id: 'evt_1abc',
  source: 'stripe',
  kind: 'payment',
  severity: 'critical',
  service: 'stripe',
  summary: 'payout.failed: po_123',
  description: 'Insufficient funds',
  started_at: '2024-01-15T10:40:00.000Z',
  resolved_at: null,
  raw: {},
};

export const mockPagerDutyPaths: Paths = {
  '/destinations/pagerduty': {
    post: {
      tags: ['mock PagerDuty'],
      summary: 'Accept a normalized event as PagerDuty would, and keep it in memory.',
      requestBody: jsonBody(eventSchema, exampleEvent),
      responses: { 202: json('The event is accepted.', acceptedSchema), ...problems(400) },
    },
    get: {
      tags: ['mock PagerDuty'],
      summary: 'List what the mock has received, newest first.',
      responses: { 200: json('The events that were received.', receivedSchema) },
    },
  },
};

const maxReceipts = 10_000;

/** The mock PagerDuty: takes normalized events, logs the receipt, and shows the newest ones. */
export const mockPagerDutyRoutes = (log: Log, now: () => number) => {
  const received: z.infer<typeof receiptSchema>[] = [];
  return new Hono<HttpEnv>()
    .post('/destinations/pagerduty', async (c) => {
      const event = await readJson(c, eventSchema, 'a normalized event');
      const requestId = c.get('requestId');
      received.push({ received_at: toIso(now()), request_id: requestId, event });
      if (received.length > maxReceipts) received.splice(0, received.length - maxReceipts);
      log.info(
        { request_id: requestId, event_id: event.event_id, severity: event.severity },
        'mock_pagerduty.received',
      );
      return c.json<z.infer<typeof acceptedSchema>>({ status: 'success', message: 'Event processed' }, 202);
    })
    .get('/destinations/pagerduty', (c) => c.json<z.infer<typeof receivedSchema>>({ received: received.toReversed() }));
};
