// What looks at payments as a whole, and not at one of them: the share that fails, and whether it is the vendor.
import { payingSources, paymentsSource, type VendorState } from '../domain/them-or-us.ts';
import type { CounterpartsDeps } from './counterparts.ts';
import { type Counterparts, createCounterparts } from './counterparts.ts';
import { createRates, type Rates, type RatesDeps } from './rates.ts';
import { type RelateDeps, relateAlerts } from './relate.ts';

export interface PaymentsDeps
  extends Omit<RatesDeps, 'counterparts' | 'store' | 'rules'>,
    Omit<RelateDeps, 'counterparts' | 'hasOtherSide' | 'store' | 'bus' | 'log' | 'now'>,
    Pick<CounterpartsDeps, 'store' | 'now'> {
  readonly store: RatesDeps['store'] & RelateDeps['store'] & CounterpartsDeps['store'];
  readonly rules: () => ReturnType<RatesDeps['rules']> & ReturnType<CounterpartsDeps['rules']>;
  /** How each status page was read the last time. */
  readonly pageStates: () => Promise<readonly VendorState[]>;
}

export interface Payments {
  readonly rates: Rates;
  /** What a message of an alert says of the other side. */
  readonly otherSide: Counterparts['report'];
}

export const createPayments = ({ pageStates, background, ...deps }: PaymentsDeps): Payments => {
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
  relateAlerts({ ...deps, counterparts, hasOtherSide, background });
  return { rates: createRates({ ...deps, counterparts }), otherSide: counterparts.report };
};
