// Writes down how an attempt ended, and tells everybody who has to know.
import { errorText, StoreUnavailable } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Job, UnrecordedAttempt } from './delivery-job.ts';
import { type DeliveryLimits, waitLimits } from './delivery-limits.ts';
import { type Ended, recordEnd, recordLate } from './record.ts';
import { transactAlert } from './transact-alert.ts';

export interface RecordDeps {
  readonly store: Pick<EventStore, 'transact'>;
  readonly bus: Bus;
  readonly limits: DeliveryLimits;
  readonly log: Log;
}

/** Gives the delivery as it is stored now, undefined when it is gone, or `unwritable` when the store takes no writes. */
export type RecordAttempt = (job: Job, made: UnrecordedAttempt) => Promise<Ended | undefined | 'unwritable'>;

export const createRecordAttempt = ({ store, bus, limits, log }: RecordDeps): RecordAttempt => {
  const waits = waitLimits(limits);

  const logAttempt = ({ delivery }: Ended, { result, durationMs }: UnrecordedAttempt): void => {
    const line = {
      request_id: delivery.request_id,
      event_id: delivery.event_id,
      alert_id: delivery.alert_id,
      delivery_id: delivery.id,
      destination: delivery.destination,
      action: delivery.action,
      number: delivery.attempts,
      outcome: result.outcome,
      status_code: result.statusCode,
      duration_ms: durationMs,
      status: delivery.status,
      ...(result.outcome !== 'delivered' && { error: result.error }),
      ...(delivery.next_attempt_at !== null && { next_attempt_at: delivery.next_attempt_at }),
    };
    if (delivery.status === 'failed') log.error(line, 'delivery.failed');
    else if (result.outcome === 'delivered' && result.refused !== undefined)
      log.warn({ ...line, error: result.refused }, 'delivery.partly_refused');
    else if (result.outcome === 'delivered') log.info(line, 'delivery.attempted');
    else log.warn(line, 'delivery.attempted');
  };

  return async (job, made) => {
    const { id, alertId, scope, requestId } = job;
    const record = made.isBegun ? recordEnd : recordLate;
    try {
      const ended = await transactAlert(store, job, (alert) => record(alert, id, made, waits));
      if (!ended) return undefined;
      logAttempt(ended, made);
      const thread = { signalId: id, requestId };
      if (ended.ready.length > 0)
        bus.publish('delivery.queued', { ...thread, alertId, scope, deliveries: ended.ready });
      return ended;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      log.warn(
        { request_id: requestId, alert_id: alertId, delivery_id: id, error: errorText(error) },
        'delivery.unwritable',
      );
      return 'unwritable';
    }
  };
};
