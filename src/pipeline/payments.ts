// What looks at payments as a whole, and not at one of them: the share that fails, and whether it is the vendor.
import type { Rules } from '../domain/rules/rules.ts';
import { payingSources, paymentsSource, type VendorState } from '../domain/them-or-us.ts';
import type { EventStore } from '../stores/event-store.ts';
import { type Counterparts, createCounterparts } from './counterparts.ts';
import { createRates, type Rates, type RatesDeps } from './rates.ts';
import { relateAlerts } from './relate.ts';

export interface PaymentsDeps extends Omit<RatesDeps, 'store' | 'rules' | 'counterparts'> {
  readonly store: Pick<EventStore, 'changeState' | 'find' | 'listAlerts' | 'readAlert' | 'sharedClock' | 'transact'>;
  readonly rules: () => Pick<Rules, 'rates' | 'statusPages'>;
  readonly background: (work: Promise<void>) => void;
  /** How each status page was read the last time. */
  readonly pageStates: () => Promise<readonly VendorState[]>;
}

export interface Payments {
  readonly rates: Rates;
  /** What a message of an alert says of the other side. */
  readonly otherSide: Counterparts['report'];
}

export const createPayments = ({ pageStates, ...deps }: PaymentsDeps): Payments => {
  const { rules } = deps;
  const vendorStates = async (sources: readonly string[]): Promise<readonly VendorState[]> => {
    const states = new Map((await pageStates()).map((state) => [state.source, state]));
    return sources.map((source) => states.get(source) ?? { source, vendor: null, isReadable: false });
  };
  const counterparts = createCounterparts({ ...deps, vendorStates });
  const hasOtherSide = (source: string): boolean => {
    const sources = payingSources(rules());
    return sources.length > 0 && (source === paymentsSource || sources.includes(source));
  };
  relateAlerts({ ...deps, counterparts, hasOtherSide });
  return { rates: createRates({ ...deps, counterparts }), otherSide: counterparts.report };
};
