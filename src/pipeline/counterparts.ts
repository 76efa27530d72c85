// The other side of an alert of payments, or of a vendor of payments: what began there at the same time.
import { type Alert, beganAt } from '../domain/alert.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Rules } from '../domain/rules/rules.ts';
import {
  isOfRate,
  payingSources,
  paymentsReport,
  paymentsSource,
  startTogether,
  togetherMs,
  type VendorState,
  vendorReport,
  wellReport,
  withoutRates,
} from '../domain/them-or-us.ts';
import { toIso } from '../lib/time.ts';
import type { EventStore } from '../stores/event-store.ts';

/** So many alerts of a source are looked at, the newest first. */
const maxLookedAt = 50;

export interface CounterpartsDeps {
  readonly store: Pick<EventStore, 'listAlerts'>;
  readonly rules: () => Pick<Rules, 'statusPages'>;
  /** How the status pages of these sources were read last. */
  readonly vendorStates: (sources: readonly string[]) => Promise<readonly VendorState[]>;
  readonly now: () => number;
}

export interface Counterparts {
  /** Open alerts of vendors of payments, the newest of each vendor first. */
  ofVendors(): Promise<readonly Alert[]>;
  /** Alerts of the other side that started within an hour of this one, even if they have ended since. */
  of(alert: Alert): Promise<readonly Alert[]>;
  /** What a message of the alert says of the other side; undefined where there is nothing to say. */
  report(alert: Alert, about: Pick<Delivery, 'action' | 'event_id'>): Promise<string | undefined>;
}

export const createCounterparts = ({ store, rules, vendorStates, now }: CounterpartsDeps): Counterparts => {
  const listOf = async (
    sources: readonly string[],
    filter: { readonly state?: 'open'; readonly since?: string },
  ): Promise<readonly Alert[]> => {
    const lists = await Promise.all(
      sources.map((source) => store.listAlerts({ ...filter, source, limit: maxLookedAt })),
    );
    return lists.flatMap(({ alerts }) => alerts);
  };

  const ofVendors = () => listOf(payingSources(rules()), { state: 'open' });

  const otherSideOf = ({ source }: Alert): readonly string[] => {
    const vendors = payingSources(rules());
    if (source === paymentsSource) return vendors;
    return vendors.includes(source) ? [paymentsSource] : [];
  };

  const openWith = async (alert: Alert): Promise<readonly Alert[]> =>
    (await listOf(otherSideOf(alert), { state: 'open' })).filter((other) => startTogether(alert, other));

  const of = async (alert: Alert): Promise<readonly Alert[]> => {
    // None of them was opened before it began.
    const since = toIso(Date.parse(beganAt(alert)) - togetherMs);
    return (await listOf(otherSideOf(alert), { since })).filter((other) => startTogether(alert, other));
  };

  const reportOf = async (alert: Alert): Promise<string> => {
    const [state] = await vendorStates([alert.source]);
    return vendorReport(alert, state?.vendor ?? null, now());
  };

  /** Of a rate in a vendor's alert: who is told of the alert by it has not heard of the vendor. */
  const reportForGuest = async (alert: Alert): Promise<string | undefined> => {
    const [state] = await vendorStates([alert.source]);
    const own = withoutRates(alert);
    if (own) return vendorReport(own, state?.vendor ?? null, now());
    return state && wellReport([state]);
  };

  /** A share of failures that rises says of every vendor how it does, however long that has been so. */
  const reportForRate = async (): Promise<string | undefined> => {
    const [vendor] = await ofVendors();
    if (vendor) return reportOf(vendor);
    return wellReport(await vendorStates(payingSources(rules())));
  };

  return {
    ofVendors,
    of,
    async report(alert, { action, event_id: eventId }) {
      if (payingSources(rules()).length === 0) return undefined;
      if (alert.source === paymentsSource && isOfRate(alert)) return reportForRate();
      if (action === 'trigger' && isOfRate({ members: alert.members.filter((each) => each.event_id === eventId) }))
        return reportForGuest(alert);
      const others = await openWith(alert);
      if (alert.source === paymentsSource) return others[0] && reportOf(others[0]);
      const other = others.find(isOfRate) ?? others[0];
      return other && paymentsReport(other, now());
    },
  };
};
