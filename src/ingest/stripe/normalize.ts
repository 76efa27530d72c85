import type { UnifiedEvent } from '../../domain/event.ts';
import { cutName, cutText, oneLine, shortId } from '../../lib/text.ts';
import type { Normalizer } from '../../pipeline/topics.ts';
import { endedBy } from './endings.ts';
import { factsOf, objectIdOf } from './facts.ts';
import { field, readStripeEvent, type StripeEvent, textField } from './schema.ts';
import { severityOf } from './severities.ts';

/** Where Stripe says in words why something failed, in order of preference. */
const failureTexts = [
  ['failure_message'],
  ['last_payment_error', 'message'],
  ['last_setup_error', 'message'],
  ['last_finalization_error', 'message'],
] as const;

const summaryOf = ({ type }: StripeEvent, objectId: string | undefined): string =>
  oneLine(objectId === undefined ? cutName(type) : `${cutName(type)}: ${objectId}`);

/** Events of one object are decided one after the other. A balance has no id: an account has only one. */
const scopeOf = (event: StripeEvent, eventId: string, objectId: string | undefined): string => {
  const id = objectId ?? (field(event.object, 'object') === 'balance' ? 'balance' : undefined);
  return id === undefined ? eventId : `stripe:${shortId(event.account ?? '')}:${id}`;
};

/** A Stripe event as an observation. An event never changes: what is sent again under its id is a redelivery. */
export const normalizeStripe: Normalizer = ({ source, payload, checked, rawJson }) => {
  const stripeEvent = readStripeEvent(payload, checked);
  const eventId = shortId(stripeEvent.id);
  const objectId = objectIdOf(stripeEvent);
  const endsTypes = endedBy(stripeEvent);
  const description = textField(stripeEvent.object, ...failureTexts);
  // Made of checked parts, so it is not parsed by eventSchema again: fixtures.test.ts does it with every sample.
  const event: UnifiedEvent = {
    event_id: eventId,
    source,
    kind: 'payment',
    severity: severityOf(stripeEvent),
    service: 'stripe',
    summary: summaryOf(stripeEvent, objectId),
    description: description === undefined ? null : cutText(description),
    started_at: stripeEvent.startedAt,
    resolved_at: null,
    raw: payload,
  };
  return [
    {
      type: 'sighting',
      event,
      ...(rawJson !== undefined && { rawJson }),
      facts: factsOf(stripeEvent),
      subject: eventId,
      scope: scopeOf(stripeEvent, eventId, objectId),
      traits: { item: 'payment', name: cutName(stripeEvent.type), components: [], group: null, pageSize: 0 },
      vendorUpdatedAt: null,
      revisable: false,
      resolvedAtGiven: false,
      testMode: stripeEvent.livemode === false,
      ...(endsTypes.length > 0 && { endsTypes }),
    },
  ];
};
