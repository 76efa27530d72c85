// Rules that throw must cost nobody a notification: the environment's table decides in their place, and says so.
import type { Policy } from '../domain/ruling.ts';
import { withoutRules } from '../domain/without-rules.ts';
import { errorText } from '../lib/errors.ts';

export interface BrokenAt {
  readonly requestId: string;
  readonly eventId?: string;
  readonly alertId?: string;
}

/** Told when the rules or the folding throw. */
export type OnBroken = (at: BrokenAt, error: unknown) => void;

/** What `decide` gives by the policy's rules or, where it throws, `decideSafely` by the environment's table. */
export const unlessBroken = <T>(
  policy: Policy,
  decide: (policy: Policy) => T,
  onBroken: (error: unknown) => void,
  decideSafely: (table: Policy) => T = decide,
): T => {
  try {
    return decide(policy);
  } catch (error) {
    onBroken(error);
    return decideSafely(withoutRules(policy, `the rules could not be applied (${errorText(error)})`));
  }
};
