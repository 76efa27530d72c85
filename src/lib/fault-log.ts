// Tells of a fault that repeats itself: a line when it begins, a count now and then while it goes on, a line when it is
// over. An outage of the database is a fault of every request, and one line for each would hide all the others.
import { errorText } from './errors.ts';
import type { Log } from './log.ts';

export interface FaultLog {
  /** To be told each time it goes wrong. `fields` stand in the line of this time; all but the first are at `debug`. */
  failed(error: unknown, fields?: Readonly<Record<string, unknown>>): void;
  /** To be told each time it goes well. */
  worked(): void;
}

export interface FaultNames {
  /** The log event of each line while it goes wrong. */
  readonly failed: string;
  readonly over: string;
  /** Of the first line. */
  readonly level: Level | ((error: unknown) => Level);
}

type Level = 'error' | 'warn';

const countEveryMs = 60_000;
/** It is over when it has gone well and nothing has failed for so long: at its edges an outage flickers. */
const quietMs = 10_000;
/** What fails after it neither failed nor went well for so long is another fault: of the one before, nobody asked again. */
const forgottenMs = 600_000;

interface Ongoing {
  readonly sinceMs: number;
  count: number;
  lastMs: number;
  /** How many there were when a line said so last. */
  toldCount: number;
  lastError: string;
  counting?: NodeJS.Timeout | undefined;
  ending?: NodeJS.Timeout | undefined;
}

/** @param now any clock in milliseconds that does not step */
export const createFaultLog = (log: Log, names: FaultNames, now: () => number = () => performance.now()): FaultLog => {
  let ongoing: Ongoing | undefined;

  const summary = ({ count, sinceMs }: Ongoing) => ({ count, duration_ms: Math.round(now() - sinceMs) });

  const tellCount = (fault: Ongoing): void => {
    log.warn({ ...summary(fault), since_last: fault.count - fault.toldCount, error: fault.lastError }, names.failed);
    fault.toldCount = fault.count;
    fault.counting = undefined;
  };

  const end = (fault: Ongoing): void => {
    clearTimeout(fault.counting);
    ongoing = undefined;
    log.info(summary(fault), names.over);
  };

  const again = (fault: Ongoing, error: string, fields: object): void => {
    clearTimeout(fault.ending);
    fault.ending = undefined;
    fault.count += 1;
    fault.lastMs = now();
    fault.lastError = error;
    fault.counting ??= setTimeout(tellCount, countEveryMs, fault).unref();
    log.debug({ ...fields, error }, names.failed);
  };

  return {
    failed(thrown, fields = {}) {
      const error = errorText(thrown);
      const nowMs = now();
      if (ongoing && nowMs - ongoing.lastMs < forgottenMs) return again(ongoing, error, fields);
      clearTimeout(ongoing?.counting);
      clearTimeout(ongoing?.ending);
      ongoing = { sinceMs: nowMs, count: 1, lastMs: nowMs, toldCount: 1, lastError: error };
      const level = typeof names.level === 'string' ? names.level : names.level(thrown);
      log[level]({ ...fields, error }, names.failed);
    },
    worked() {
      if (ongoing) ongoing.ending ??= setTimeout(end, quietMs, ongoing).unref();
    },
  };
};
