// Stage 1: a vendor's signal becomes observations in terms of the unified event.
import type { Observation, Sighting } from '../domain/observation.ts';
import type { Policy } from '../domain/ruling.ts';
import { askSighting } from './ask-sighting.ts';
import type { Stage } from './stage.ts';
import type { Normalizer, SeverityOf } from './topics.ts';

export interface NormalizeDeps {
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  readonly policy: () => Policy;
  readonly now: () => number;
}

const asMissed = (observation: Observation, missed: NonNullable<Sighting['missed']>): Observation =>
  observation.type === 'sighting' ? { ...observation, missed } : observation;

export const createNormalize = ({
  normalizers,
  policy,
  now,
}: NormalizeDeps): Stage<'signal.received', 'signal.normalized'> => {
  const severityOf: SeverityOf = (sighting) => {
    const ruling = askSighting(sighting, policy().rules, now())?.ruling;
    if (!ruling) return sighting.event.severity;
    return ruling.used ? ruling.severity : 'info';
  };

  return {
    name: 'normalize',
    input: 'signal.received',
    output: 'signal.normalized',
    run(signal) {
      const normalizer = normalizers.get(signal.vendor);
      if (!normalizer) throw new Error(`no normalizer is registered for the vendor "${signal.vendor}"`);
      const { signalId, requestId, missed } = signal;
      const observations = normalizer(signal, severityOf);
      const marked = missed === undefined ? observations : observations.map((each) => asMissed(each, missed));
      return { signalId, requestId, observations: marked };
    },
  };
};
