// Tries one delivery until it is accepted, or until its next attempt is so far off that the store keeps it.
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry, { type Options } from 'p-retry';
import { errorText, StoreUnavailable } from '../lib/errors.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import { backoffMs } from './backoff.ts';
import type { Job, UnrecordedAttempt } from './delivery-job.ts';
import { longestWaitInMemoryMs } from './delivery-limits.ts';
import type { SendResult } from './destination.ts';
import { type Lane, TurnedAway } from './lane.ts';
import type { MakeAttempt } from './make-attempt.ts';
import type { RecordAttempt } from './record-attempt.ts';

export interface RunJobDeps {
  readonly makeAttempt: MakeAttempt;
  readonly recordAttempt: RecordAttempt;
  /** Told of each result as it comes, recorded or not. */
  readonly noteResult: (job: Job, result: SendResult) => void;
  /** Hands over work that goes on outside of the lane, so that stopping can wait for it. */
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  readonly stopping: AbortSignal;
}

/** Never rejects. When it resolves, the job is no longer in memory. */
export type RunJob = (job: Job, lane: Lane) => Promise<void>;

/** To be tried again at `atMs`. `isKept`: the store does not know of it, so it waits in memory however long that is. */
class TryAgain extends Error {
  readonly atMs: number;
  readonly isKept: boolean;
  constructor(atMs: number, isKept: boolean) {
    super('the attempt was not accepted');
    this.atMs = atMs;
    this.isKept = isKept;
  }
}

/** How long an attempt that cannot be written down waits until that is tried again. */
const writeBackoff = { retryMinMs: 1000, retryMaxMs: 30_000 };

const isOver = ({ outcome }: SendResult): boolean => outcome === 'delivered' || outcome === 'permanent';

export const createRunJob = (deps: RunJobDeps): RunJob => {
  const { makeAttempt, recordAttempt, noteResult, track, log, now, random, stopping } = deps;
  const fault = createFaultLog(log, { failed: 'delivery.postponed', over: 'delivery.begins_again', level: 'warn' });

  /** Records the attempt. Throws `TryAgain` when the delivery is to be tried, or the attempt written down, once more. */
  const record = async (job: Job, made: UnrecordedAttempt): Promise<void> => {
    const ended = await recordAttempt(job, made);
    if (ended === 'unwritable') {
      job.writes += 1;
      const askedMs = made.result.outcome === 'delivered' ? 0 : (made.result.retryAfterMs ?? 0);
      throw new TryAgain(now() + Math.max(backoffMs(job.writes, writeBackoff, random()), askedMs), true);
    }
    job.unrecorded = undefined;
    job.writes = 0;
    const { status, next_attempt_at: nextAttemptAt } = ended?.delivery ?? {};
    if (status === 'pending' && nextAttemptAt) throw new TryAgain(Date.parse(nextAttemptAt), false);
  };

  /** Makes one attempt when its turn has come, and records it. */
  const attempt = async (job: Job, { gate }: Lane): Promise<void> => {
    stopping.throwIfAborted();
    const made = await makeAttempt(job, gate);
    if (!made) return;
    job.unrecorded = made;
    if (made.result.outcome !== 'delivered') {
      job.failures += 1;
      job.setbacks += 1;
    }
    if (made.wasSent) noteResult(job, made.result);
    await record(job, made);
  };

  /** Writes down the attempt that could not be written before, and tells whether it has to be made once more meanwhile. */
  const recordAgain = async (job: Job, made: UnrecordedAttempt): Promise<'recorded' | 'to be sent again'> => {
    try {
      await track(record(job, made));
      return 'recorded';
    } catch (error) {
      const isUnwritable = error instanceof TryAgain && error.isKept;
      if (!isUnwritable || isOver(made.result) || job.action === 'update') throw error;
      return 'to be sent again';
    }
  };

  const inTurn = (job: Job, lane: Lane): Promise<void> => lane.run(job, () => attempt(job, lane));

  const again = async (job: Job, lane: Lane): Promise<void> => {
    stopping.throwIfAborted();
    if (job.unrecorded && (await recordAgain(job, job.unrecorded)) === 'recorded') return;
    await inTurn(job, lane);
  };

  const waitMs = ({ atMs }: TryAgain): number => Math.max(0, atMs - now()) + 1;
  const isWaitedFor = (error: TryAgain): boolean => error.isKept || waitMs(error) <= longestWaitInMemoryMs;

  const retrying: Options = {
    retries: Number.POSITIVE_INFINITY,
    // The wait is ours, for it was recorded with the attempt: p-retry would add its own.
    minTimeout: 0,
    signal: stopping,
    onFailedAttempt: async ({ error }) => {
      if (error instanceof TryAgain && isWaitedFor(error)) await sleep(waitMs(error), undefined, { signal: stopping });
    },
    shouldRetry: ({ error }) => error instanceof TryAgain && error.atMs <= now(),
  };

  return async (job, lane) => {
    // Most deliveries are accepted at once; p-retry begins with the first attempt that was not.
    const first = inTurn(job, lane);
    try {
      await first.catch(() => pRetry((number) => (number === 1 ? first : again(job, lane)), retrying));
      fault.worked();
    } catch (error) {
      // A destination that does not answer is no fault of the store, which has recorded that.
      if (error instanceof TryAgain && !error.isKept) fault.worked();
      if (error instanceof TryAgain || error instanceof TurnedAway || stopping.aborted) return;
      const { requestId, alertId, id } = job;
      const line = { request_id: requestId, alert_id: alertId, delivery_id: id };
      // It is still due in the store, which gives it again once it can.
      if (error instanceof StoreUnavailable) fault.failed(error, line);
      else log.error({ ...line, error: errorText(error) }, 'delivery.broken');
    }
  };
};
