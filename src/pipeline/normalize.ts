// Stage 1: a vendor's signal becomes observations in terms of the unified event.
import type { Observation, Sighting } from '../domain/observation.ts';
import type { Stage } from './stage.ts';
import type { Normalizer, SeverityOf } from './topics.ts';

const asMissed = (observation: Observation, missed: NonNullable<Sighting['missed']>): Observation =>
  observation.type === 'sighting' ? { ...observation, missed } : observation;

export const createNormalize = (
  normalizers: ReadonlyMap<string, Normalizer>,
  severityOf?: SeverityOf,
): Stage<'signal.received', 'signal.normalized'> => ({
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
});
