// One JSON object a line on stdout. What must never be in a log (secrets, the signature header, `raw`) is kept out by
// never being passed in; redaction is the second line of defence, for an object that somebody logs whole.
import pino, { type DestinationStream, type Logger } from 'pino';
import { toIso } from './time.ts';

export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

type Fields = Record<string, unknown>;

const secretKeys: ReadonlySet<string> = new Set([
  'authorization',
  'Authorization',
  'stripe-signature',
  'routing_key',
  'raw',
  'password',
  'cookie',
]);

const redactFields = (fields: object): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, secretKeys.has(key) ? '[redacted]' : redactValue(value)]),
  );

const redactValue = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(redactValue) : redactFields(value);
};

const isNested = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) || value.some(isNested);
};

/**
 * pino's own redaction clones and walks every line as soon as one of its paths has a wildcard, which cost more than all
 * else of a line. Most lines hold no secret's name and nothing nested, and are left as they are.
 */
const redactLine = (line: Fields): Fields => {
  for (const key in line) {
    if (secretKeys.has(key) || isNested(line[key])) return redactFields(line);
  }
  return line;
};

export interface Stdout extends DestinationStream {
  /** Writes what is left. To be called when the process ends, for no turn comes after that. */
  flush(): void;
}

/** The lines of one turn of the event loop go out in one write: a write for each costs more than making the line. */
export const gatherLines = (to: DestinationStream): Stdout => {
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) to.write(lines.join(''));
    lines = [];
  };
  return {
    flush,
    write(line) {
      if (lines.length === 0) setImmediate(flush);
      lines.push(line);
    },
  };
};

/** So much waits for a disk that takes no more, or a reader that reads no more; what comes then is dropped. In bytes. */
const maxWaiting = 16_000_000;
/** A full pipe is tried again after so long. */
const tryAgainMs = 10;
/** At the end of the process nothing else is to be done, so it is tried more often. */
const lastTryAgainMs = 2;
/** The end does not wait for a reader that has taken nothing for so long, */
const lastWaitMs = 1000;
/** nor longer than this for one that reads on. */
const lastWaitInAllMs = 5000;

/** Holds up the whole process. */
const sleep = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/**
 * Lines that cannot be written must neither end the process nor hold it up: they go into a file whose disk is full, or into
 * a pipe, as in a container, whose reader is slow. pino would wait for the reader, and everything else with it.
 */
export const createStdout = (): Stdout => {
  let isWaiting = false;
  let writtenMs = 0;
  const destination = pino.destination({ dest: 1, sync: true, maxLength: maxWaiting, retryEAGAIN: () => false });
  /** What waits is written before anything else that is written, be it nothing. */
  const tryAgain = (): void => {
    isWaiting = false;
    destination.write('');
  };
  destination.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EAGAIN' || isWaiting) return;
    isWaiting = true;
    setTimeout(tryAgain, tryAgainMs).unref();
  });
  destination.on('write', (bytes) => {
    if (bytes > 0) writtenMs = performance.now();
  });
  const lines = gatherLines(destination);
  return {
    write: lines.write,
    flush() {
      const endsMs = performance.now();
      lines.flush();
      tryAgain();
      const untilMs = (): number => Math.min(Math.max(endsMs, writtenMs) + lastWaitMs, endsMs + lastWaitInAllMs);
      while (isWaiting && performance.now() < untilMs()) {
        sleep(lastTryAgainMs);
        tryAgain();
      }
    },
  };
};

/** @param traceId the trace under way, if any, to stand in the lines that belong to it */
export const createLog = (level: string, destination?: DestinationStream, traceId?: () => string | undefined): Log =>
  pino(
    {
      level,
      base: { service: 'vendor-signals' },
      timestamp: () => `,"time":"${toIso(Date.now())}"`,
      formatters: { level: (label) => ({ level: label }), log: redactLine },
      ...(traceId && {
        mixin: () => {
          const trace_id = traceId();
          return trace_id === undefined ? {} : { trace_id };
        },
      }),
    },
    destination,
  );
