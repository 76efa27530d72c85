import type { Outcome } from '../../pipeline/topics.ts';
import { createPublishSignal, type PublishSignalDeps } from '../publish-signal.ts';
import { rememberMade, type StatusPagePayload, statusPageVendor } from './payload.ts';

/** Publishes a status page's signal, and waits for what becomes of it. Rejects when the store could not answer. */
export const createEmit = (source: string, deps: PublishSignalDeps) => {
  const publish = createPublishSignal(deps);
  return (payload: StatusPagePayload, requestId: string): Promise<readonly Outcome[]> => {
    rememberMade(payload);
    return publish({ requestId, vendor: statusPageVendor, source, payload });
  };
};
