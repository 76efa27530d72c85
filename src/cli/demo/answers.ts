// As much of the service's answers as the demo shows and checks.
import * as z from 'zod';

export const eventsSchema = z.object({
  events: z.array(
    z.object({
      event_id: z.string(),
      source: z.string(),
      severity: z.string(),
      summary: z.string(),
      seen_count: z.number(),
      delivered_to: z.array(z.string()),
      routing_reason: z.string(),
    }),
  ),
});

export const receivedSchema = z.object({ received: z.array(z.object({ event: z.object({ event_id: z.string() }) })) });

const counts = { stored: 2, updated: 0, resolved: 0, duplicates: 0, routed: 1, errors: {}, skipped: [] };

/** What the answers have to be. */
export const expected = {
  firstPull: { fetched: { spreedly: 2, braze: 1 }, ...counts },
  secondPull: { fetched: { spreedly: 2, braze: 1 }, ...counts, stored: 0, routed: 0, duplicates: 2 },
  events: [
    'braze_status:component:comp_dashboard:2024-01-15T11:00:00.000Z',
    'evt_1abc',
    'evt_2def',
    'spreedly_status:incident:inc_spreedly_1',
  ],
  received: ['evt_1abc', 'spreedly_status:incident:inc_spreedly_1'],
  outage: ['trigger', 'update', 'trigger', 'update', 'resolve'],
} as const;
