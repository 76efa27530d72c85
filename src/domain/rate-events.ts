// A share of failed payments that is too high, as observations of an event. Its kind is `status`: like an outage of a
// component, and unlike a payment, it goes on for a while and ends by itself.
import { cutName, oneLine, shortId } from '../lib/text.ts';
import type { Severity } from './event.ts';
import type { Absence, Sighting } from './observation.ts';
import type { Counted } from './rates.ts';

/** As much of a rule as its events depend on. */
export interface RateWords {
  readonly name: string;
  readonly by: 'currency' | 'account' | null;
  readonly overMs: number;
  readonly is: Severity;
}

const subjectOf = (name: string, { value, test_mode: isTest }: Counted): string =>
  shortId(`stripe:rate:${name}:${isTest ? 'test:' : ''}${value}`);

const eventIdOf = (name: string, counted: Counted, since: string): string => `${subjectOf(name, counted)}:${since}`;

const whose = ({ by }: RateWords, { value }: Counted): string => {
  if (by === null) return '';
  if (by === 'currency') return ` in ${value.toUpperCase()}`;
  return value === 'own' ? ' of our own account' : ` of ${value}`;
};

/** "declines in euro: 30% of 120 payments in EUR failed within 15 min". */
const summaryOf = (rate: RateWords, counted: Counted, { failed, total }: { failed: number; total: number }): string => {
  const minutes = Math.round(rate.overMs / 60_000);
  const share = `${Math.round((failed / total) * 100)}% of ${total} payments${whose(rate, counted)}`;
  return oneLine(cutName(`${rate.name}: ${share} failed within ${Math.max(1, minutes)} min`));
};

export const rateSighting = (rate: RateWords, counted: Counted): Sighting | undefined => {
  const { high, value, test_mode: testMode } = counted;
  if (!high) return undefined;
  const subject = subjectOf(rate.name, counted);
  const given = rate.by === 'account' && value === 'own' ? null : rate.by;
  return {
    type: 'sighting',
    event: {
      event_id: eventIdOf(rate.name, counted, high.since),
      source: 'stripe',
      kind: 'status',
      severity: rate.is,
      service: 'stripe',
      summary: summaryOf(rate, counted, high),
      description: null,
      started_at: high.since,
      resolved_at: null,
      raw: { rate: rate.name, by: rate.by, value, failed: high.failed, total: high.total, over_ms: rate.overMs },
    },
    facts: { livemode: !testMode, ...(given !== null && { [given]: value }) },
    subject,
    scope: subject,
    traits: { item: 'rate', name: rate.name, components: [], group: null, pageSize: 0 },
    vendorUpdatedAt: null,
    revisable: false,
    resolvedAtGiven: false,
    testMode,
  };
};

export const rateAbsence = (name: string, counted: Counted): Absence | undefined => {
  const { high, ended } = counted;
  if (!high || !ended) return undefined;
  return {
    type: 'absence',
    eventId: eventIdOf(name, counted, high.since),
    scope: subjectOf(name, counted),
    resolvedAt: ended.at > high.since ? ended.at : high.since,
    reason: ended.reason,
  };
};
