import { createLog, type Log } from '../../src/lib/log.ts';

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface CollectedLog {
  readonly log: Log;
  readonly lines: LogLine[];
  /** The lines with this message. */
  of(msg: string): LogLine[];
  /** All that was written, as it would stand on stdout. */
  text(): string;
}

/** A real log whose lines are kept instead of written. */
export const collectLog = (level = 'debug', traceId?: () => string | undefined): CollectedLog => {
  const lines: LogLine[] = [];
  const texts: string[] = [];
  const destination = {
    write(line: string) {
      texts.push(line);
      lines.push(JSON.parse(line));
    },
  };
  const log = createLog(level, destination, traceId);
  return { log, lines, of: (msg) => lines.filter((line) => line.msg === msg), text: () => texts.join('') };
};
