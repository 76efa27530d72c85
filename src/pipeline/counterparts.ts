// The other side of an alert of payments, or of a vendor of payments: what is open there now.
import type { Alert } from '../domain/alert.ts';
import type { Rules } from '../domain/rules/rules.ts';
import {
  isOfRate,
  payingSources,
  paymentsReport,
  paymentsSource,
  startTogether,
  type VendorState,
  vendorReport,
  wellReport,
} from '../domain/them-or-us.ts';
import type { EventStore } from '../stores/event-store.ts';

/** So many open alerts of a source are looked at, the newest first. */
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
  /** Open alerts of the other side that started within an hour of this one. */
  of(alert: Alert): Promise<readonly Alert[]>;
  /** What a message of the alert says of the other side; undefined where there is nothing to say. */
  report(alert: Alert): Promise<string | undefined>;
}

export const createCounterparts = ({ store, rules, vendorStates, now }: CounterpartsDeps): Counterparts => {
  const openOf = async (source: string): Promise<readonly Alert[]> =>
    (await store.listAlerts({ state: 'open', source, limit: maxLookedAt })).alerts;

  const ofVendors = async (): Promise<readonly Alert[]> =>
    (await Promise.all(payingSources(rules()).map(openOf))).flat();

  const of = async (alert: Alert): Promise<readonly Alert[]> => {
    const sources = payingSources(rules());
    if (sources.length === 0) return [];
    if (alert.source === paymentsSource) return (await ofVendors()).filter((other) => startTogether(alert, other));
    if (!sources.includes(alert.source)) return [];
    return (await openOf(paymentsSource)).filter((other) => startTogether(alert, other));
  };

  const reportOf = async (alert: Alert): Promise<string> => {
    const [state] = await vendorStates([alert.source]);
    return vendorReport(alert, state?.vendor ?? null, now());
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
    async report(alert) {
      if (payingSources(rules()).length === 0) return undefined;
      if (alert.source === paymentsSource && isOfRate(alert)) return reportForRate();
      const others = await of(alert);
      if (alert.source === paymentsSource) return others[0] && reportOf(others[0]);
      const other = others.find(isOfRate) ?? others[0];
      return other && paymentsReport(other, now());
    },
  };
};
