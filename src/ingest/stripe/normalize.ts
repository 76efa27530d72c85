import { eventSchema } from '../../domain/event.ts';
import { oneLine } from '../../lib/text.ts';
import type { Normalizer } from '../../pipeline/topics.ts';
import { field, type StripeEvent, stripeEventSchema } from './schema.ts';
import { severityOf } from './severities.ts';

/** Where Stripe says in words why something failed, in order of preference. */
const failureTexts = [
  ['failure_message'],
  ['last_payment_error', 'message'],
  ['last_setup_error', 'message'],
  ['last_finalization_error', 'message'],
] as const;

const failureText = (object: StripeEvent['object']): string | null => {
  const texts = failureTexts.map((path) => field(object, ...path));
  return texts.find((text): text is string => typeof text === 'string' && text !== '') ?? null;
};

const summaryOf = ({ type, object }: StripeEvent): string => {
  const id = field(object, 'id');
  return oneLine(typeof id === 'string' && id !== '' ? `${type}: ${id}` : type);
};

/** A Stripe event as an observation. An event never changes: what is sent again under its id is a redelivery. */
export const normalizeStripe: Normalizer = ({ source, payload }) => {
  const stripeEvent = stripeEventSchema.parse(payload);
  const event = eventSchema.parse({
    event_id: stripeEvent.id,
    source,
    kind: 'payment',
    severity: severityOf(stripeEvent),
    service: 'stripe',
    summary: summaryOf(stripeEvent),
    description: failureText(stripeEvent.object),
    started_at: stripeEvent.startedAt,
    resolved_at: null,
    raw: payload,
  });
  return {
    type: 'seen',
    event,
    subject: event.event_id,
    vendorUpdatedAt: null,
    revisable: false,
    resolvedAtGiven: false,
    testMode: stripeEvent.livemode === false,
  };
};
