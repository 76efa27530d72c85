import type { Sighting } from '../domain/observation.ts';
import type { Rules } from '../domain/rules/rules.ts';
import { type Asked, askOfSighting } from '../domain/ruling.ts';

/** Undefined for a rule that throws, which gives no severity; the stage `route` meets it again, and says so. */
export const askSighting = (sighting: Sighting, rules: Rules, nowMs: number): Asked | undefined => {
  try {
    return askOfSighting(sighting, rules, nowMs);
  } catch {
    return undefined;
  }
};
