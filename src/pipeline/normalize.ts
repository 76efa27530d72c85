// Stage 1: a vendor's signal becomes an observation in terms of the unified event.
import type { Stage } from './stage.ts';
import type { Normalizer } from './topics.ts';

export const createNormalize = (
  normalizers: ReadonlyMap<string, Normalizer>,
): Stage<'signal.received', 'observation.normalized'> => ({
  name: 'normalize',
  input: 'signal.received',
  output: 'observation.normalized',
  async run(signal) {
    const normalizer = normalizers.get(signal.vendor);
    if (!normalizer) throw new Error(`no normalizer is registered for the vendor "${signal.vendor}"`);
    const { signalId, requestId } = signal;
    return { publish: { signalId, requestId, observation: normalizer(signal) } };
  },
});
