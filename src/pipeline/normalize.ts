// Stage 1: a vendor's signal becomes observations in terms of the unified event.
import type { Stage } from './stage.ts';
import type { Normalizer } from './topics.ts';

export const createNormalize = (
  normalizers: ReadonlyMap<string, Normalizer>,
): Stage<'signal.received', 'signal.normalized'> => ({
  name: 'normalize',
  input: 'signal.received',
  output: 'signal.normalized',
  async run(signal) {
    const normalizer = normalizers.get(signal.vendor);
    if (!normalizer) throw new Error(`no normalizer is registered for the vendor "${signal.vendor}"`);
    const { signalId, requestId } = signal;
    return { signalId, requestId, observations: normalizer(signal) };
  },
});
