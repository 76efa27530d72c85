import { createLog } from '../../lib/log.ts';

const unusedLine = /^page\.(fetch_failed|stale)$/;

/** Counts why polls and webhooks were not used; of polls log lines say so. */
export const createUnused = () => {
  const counts = new Map<string, number>();
  let last: string | null = null;
  const count = (reason: string): void => {
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  };
  const log = createLog('info', {
    write(line) {
      if (!line.includes('"page.')) return;
      const { msg, error } = JSON.parse(line);
      if (!unusedLine.test(msg)) return;
      last = msg === 'page.stale' ? 'an old copy' : String(error);
      count(last);
    },
  });
  return {
    log,
    counts,
    count,
    /** Why the poll since the last question was not used, or null. */
    takeLast: () => {
      const reason = last;
      last = null;
      return reason;
    },
  };
};
