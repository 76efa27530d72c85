// One attempt of one delivery: begun in the store, sent, and handed back to be recorded. When the store takes no writes,
// a trigger or a resolve is sent all the same: a repeated one does no harm, a lost one does.
import { findDelivery, isDue, type WaitLimits } from '../domain/delivery.ts';
import { errorText, StoreUnavailable } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { toIso } from '../lib/time.ts';
import type { EventStore } from '../stores/event-store.ts';
import { nextAttemptMs } from './backoff.ts';
import type { Job, UnrecordedAttempt } from './delivery-job.ts';
import { clockSkewMs, type DeliveryLimits, waitLimits } from './delivery-limits.ts';
import type { SendResult } from './destination.ts';
import type { Destinations } from './destinations.ts';
import type { Gate } from './gate.ts';
import { createLeaseWatch } from './lease-watch.ts';
import { createRequestReader, type OtherSide } from './read-request.ts';
import { type Begun, recordBegin } from './record.ts';
import { transactAlert } from './transact-alert.ts';

export interface AttemptDeps {
  readonly store: Pick<EventStore, 'transact' | 'find' | 'readRaw' | 'readAlert' | 'sharedClock'>;
  readonly destinations: Destinations;
  readonly limits: DeliveryLimits;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  readonly publicUrl: string | null;
  readonly otherSide?: OtherSide;
  /** A clock that never steps, in milliseconds; by default the process's own. */
  readonly monotonicMs?: () => number;
}

/** Gives the attempt, to be recorded; undefined when there was none to make. Rejects with `StoreUnavailable`. */
export type MakeAttempt = (job: Job, gate: Gate) => Promise<UnrecordedAttempt | undefined>;

interface Sent {
  readonly result: SendResult;
  readonly wasSent: boolean;
}

const notSent = (outcome: 'permanent' | 'transient' | 'unknown', error: string): Sent => ({
  result: { outcome, statusCode: null, error, retryAfterMs: null },
  wasSent: false,
});

export const createMakeAttempt = ({
  store,
  destinations,
  limits,
  log,
  now,
  random,
  publicUrl,
  otherSide,
  monotonicMs = () => performance.now(),
}: AttemptDeps): MakeAttempt => {
  const waits: WaitLimits = waitLimits(limits);
  const mayBeHeld = createLeaseWatch(waits.leaseMs, monotonicMs);
  const readRequest = createRequestReader(store, publicUrl, otherSide);
  const ids = ({ requestId, alertId, id }: Job) => ({ request_id: requestId, alert_id: alertId, delivery_id: id });

  const begin = (job: Job, leaseNow: () => number): Promise<Begun | undefined> =>
    transactAlert(store, job, (alert) => {
      const leaseNowMs = leaseNow();
      const delivery = alert && findDelivery(alert.deliveries, job.id);
      if (delivery && mayBeHeld(delivery, leaseNowMs)) return { result: undefined };
      return recordBegin(alert, job.id, now(), leaseNowMs + waits.leaseMs, { ...waits, leaseNowMs });
    });

  /** The same as `begin`, for a store that can only be read. */
  const beginUnrecorded = async ({ alertId, id, unrecorded }: Job): Promise<Begun | undefined> => {
    const leaseNow = (await store.sharedClock()) ?? now;
    const alert = (await store.readAlert(alertId))?.alert;
    const delivery = alert && findDelivery(alert.deliveries, id);
    if (!alert || !delivery) return undefined;
    const isOurs = unrecorded?.isBegun === true && delivery.attempt_started_at === unrecorded.startedAt;
    const leaseNowMs = leaseNow();
    const isFree =
      !mayBeHeld(delivery, leaseNowMs) && isDue(delivery, alert.deliveries, now(), { ...waits, leaseNowMs });
    return isOurs || isFree ? { alert, delivery } : undefined;
  };

  const send = async (begun: Begun, gate: Gate, job: Job): Promise<Sent> => {
    const checked = destinations.check(begun.delivery);
    if ('refused' in checked) return notSent('permanent', checked.refused);
    const { to } = checked;
    try {
      const request = await readRequest(begun, to);
      if (to.reachesPeople && !begun.delivery.reaches_people && request.about.testMode)
        return notSent('permanent', 'it is in test mode, and the destination reaches people now');
      const result = await to.send(request);
      await gate.ended(result);
      return { result, wasSent: true };
    } catch (error) {
      if (error instanceof StoreUnavailable) return notSent('transient', `not sent: ${errorText(error)}`);
      log.error({ ...ids(job), error: errorText(error) }, 'delivery.broken');
      return notSent('unknown', 'the message could not be made');
    }
  };

  const attempt = async (job: Job, gate: Gate, begun: Begun, isBegun: boolean): Promise<UnrecordedAttempt> => {
    const { delivery } = begun;
    const startedMs = performance.now();
    const startedAt = (isBegun ? delivery.attempt_started_at : null) ?? toIso(now());
    const { result, wasSent } = await send(begun, gate, job);
    if (!wasSent) await gate.unused();
    const endedMs = now();
    const tried = { ...delivery, attempts: delivery.attempts + (isBegun ? 0 : job.failures) };
    return {
      delivery,
      startedAt,
      result,
      wasSent,
      endedMs,
      nextAttemptMs: nextAttemptMs(tried, result, limits, endedMs, random()),
      hasFallback: (destinations.known(delivery)?.fallback ?? null) !== null,
      isBegun,
      durationMs: Math.round(performance.now() - startedMs),
    };
  };

  const attemptUnrecorded = async (job: Job, gate: Gate): Promise<UnrecordedAttempt | undefined> => {
    const begun = await beginUnrecorded(job);
    if (!begun) return undefined;
    const made = await attempt(job, gate, begun, job.unrecorded?.isBegun === true);
    log.warn({ ...ids(job), outcome: made.result.outcome, status_code: made.result.statusCode }, 'delivery.unrecorded');
    return made;
  };

  const isTooLate = ({ delivery }: Begun, leaseNowMs: number): boolean =>
    Date.parse(delivery.leased_until ?? '') - leaseNowMs < limits.timeoutMs + clockSkewMs;

  const attemptRecorded = async (job: Job, gate: Gate): Promise<UnrecordedAttempt | undefined> => {
    // The clock by which leases end: that of all processes which share the store, or ours.
    const leaseNow = (await store.sharedClock()) ?? now;
    const [leaseStartMs, startMs] = [leaseNow(), now()];
    const begun = await begin(job, leaseNow);
    if (!begun) return undefined;
    // The shared clock may stand still while the machine sleeps, and ours may step: the longer of both is on the safe side.
    const tookMs = Math.max(leaseNow() - leaseStartMs, now() - startMs);
    if (!isTooLate(begun, leaseStartMs + tookMs)) return attempt(job, gate, begun, true);
    log.warn(ids(job), 'delivery.lease_too_short');
    return undefined;
  };

  return async (job, gate) => {
    let made: UnrecordedAttempt | undefined;
    try {
      made = await (job.unrecorded ? attemptUnrecorded(job, gate) : attemptRecorded(job, gate));
    } catch (error) {
      if (job.unrecorded || job.action === 'update' || !(error instanceof StoreUnavailable)) throw error;
      made = await attemptUnrecorded(job, gate);
    } finally {
      if (!made) await gate.unused();
    }
    return made;
  };
};
