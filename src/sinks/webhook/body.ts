// What a webhook's receiver gets. docs/webhook.schema.json is made from this schema; keys may be added within version 1,
// none is taken away or changes its meaning.
import * as z from 'zod';
import { actions } from '../../domain/delivery.ts';
import { eventSchema, isoSchema, kinds, severities } from '../../domain/event.ts';
import type { SendRequest } from '../destination.ts';
import { asideOf } from '../notice.ts';
import { linksOf } from '../wording.ts';

export const webhookVersion = 1;

const moment = z.string();

const alertSchema = z.object({
  alert_id: z.string().describe('Its dedup key: the same from the trigger to the resolve.'),
  source: z.string(),
  title: z.string(),
  severity: z.enum(severities),
  state: z.enum(['open', 'resolved']),
  opened_at: moment,
  resolved_at: moment.nullable(),
  reopened_at: z.array(moment),
  events: z
    .array(
      z.object({
        event_id: z.string(),
        title: z.string(),
        kind: z.enum(kinds),
        severity: z.enum(severities),
        started_at: moment,
        resolved_at: moment.nullable(),
        test_mode: z.boolean(),
      }),
    )
    .describe('Up to 500 events of the alert.'),
  uncounted_events: z.number().describe('How many more there are.'),
});

export const webhookBodySchema = z
  .object({
    action: z.enum(actions),
    sent_at: isoSchema.describe('When this attempt was made. `webhook-id` is the same in all attempts.'),
    destination: z.string().describe('The name of the destination.'),
    alert: alertSchema,
    event: z
      .object({ ...eventSchema.shape, facts: z.record(z.string(), z.unknown()), alert_id: z.string() })
      .nullable()
      .describe('The event that this is about; null where the action is about the alert alone, as a resolve is.'),
    why: z
      .string()
      .nullable()
      .describe('Why it comes here although another destination should have told it, and what the other side reports.'),
    links: z.array(z.object({ href: z.string(), text: z.string() })),
  })
  .describe('An alert of vendor-signals, as a webhook gets it.');

export type WebhookBody = z.infer<typeof webhookBodySchema>;

export const toBody = (request: SendRequest, sentAt: string): WebhookBody => {
  const { delivery, alert, about } = request;
  return {
    action: delivery.action,
    sent_at: sentAt,
    destination: delivery.destination,
    alert: {
      alert_id: alert.alert_id,
      source: alert.source,
      title: alert.title,
      severity: alert.severity,
      state: alert.state,
      opened_at: alert.opened_at,
      resolved_at: alert.resolved_at,
      reopened_at: [...alert.reopened_at],
      events: alert.members.map((member) => ({
        event_id: member.event_id,
        title: member.title,
        kind: member.kind,
        severity: member.severity,
        started_at: member.started_at,
        resolved_at: member.ended_at,
        test_mode: member.test_mode,
      })),
      uncounted_events: alert.uncounted,
    },
    event: delivery.action === 'resolve' ? null : { ...about.event, facts: about.facts, alert_id: alert.alert_id },
    why: asideOf(request) ?? null,
    links: linksOf(request).map(({ href, text }) => ({ href, text })),
  };
};
