// One JSON object a line on stdout. What must never be in a log (secrets, the signature header, `raw`) is kept out by
// never being passed in; redaction is the second line of defence, for an object that somebody logs whole.
import pino, { type DestinationStream, type Logger } from 'pino';

export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'>;

const secretKeys = ['authorization', 'Authorization', 'stripe-signature', 'routing_key', 'raw', 'password', 'cookie'];

/** @param traceId the trace under way, if any, to stand in the lines that belong to it */
export const createLog = (level: string, destination?: DestinationStream, traceId?: () => string | undefined): Log =>
  pino(
    {
      level,
      base: { service: 'vendor-signals' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      ...(traceId && {
        mixin: () => {
          const trace_id = traceId();
          return trace_id === undefined ? {} : { trace_id };
        },
      }),
      redact: {
        paths: secretKeys.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
        censor: '[redacted]',
      },
    },
    destination,
  );
