// Pulls the pages: on request, and by itself on a timer with jitter. Two pulls never run at once.
import { randomUUID } from 'node:crypto';
import { errorText } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Page, PageReport } from './page.ts';
import type { PageState } from './page-state.ts';

export interface PullReport {
  readonly pages: readonly PageReport[];
}

export interface Poller {
  /** Pulls every page now, or shares the pull of every page that is under way. */
  pull(requestId: string): Promise<PullReport>;
  states(): Promise<readonly { readonly page: Page; readonly state: PageState }[]>;
  start(): void;
  /** Stops the timer, and waits for a pull that is under way. */
  stop(): Promise<void>;
}

export interface PollerDeps {
  readonly intervalSeconds: number;
  readonly staleAfterSeconds: number;
  /** Whether this process is the one that polls, for so many milliseconds from now. */
  readonly lead: (forMs: number) => Promise<boolean>;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
}

/** How far a pull may be from its time: pollers that started together drift apart. */
const jitter = 0.1;
const longestBackoffMs = 300_000;
/** For how many intervals a replica that died keeps the others from polling. */
const leadForIntervals = 2;

/** How long a page that failed is left alone: twice as long each time, but never past the time of becoming blind. */
export const backoffMs = (failures: number, intervalMs: number, staleAfterMs: number): number =>
  failures === 0
    ? 0
    : Math.min(intervalMs * 2 ** failures, Math.max(intervalMs, Math.min(longestBackoffMs, staleAfterMs)));

const isDue = (state: PageState, nowMs: number, intervalMs: number, staleAfterMs: number): boolean => {
  if (state.last_attempt_at === null) return true;
  if (
    state.condition !== 'blind' &&
    state.failing_since !== null &&
    nowMs - Date.parse(state.failing_since) >= staleAfterMs
  )
    return true;
  const waitMs = backoffMs(state.consecutive_failures, intervalMs, staleAfterMs);
  // A tick that comes a jitter too early must not cost a page a whole interval.
  return nowMs - Date.parse(state.last_attempt_at) >= waitMs - intervalMs * jitter * 2;
};

export const createPoller = (pages: readonly Page[], deps: PollerDeps): Poller => {
  const { lead, log, now, random } = deps;
  const intervalMs = deps.intervalSeconds * 1000;
  const staleAfterMs = deps.staleAfterSeconds * 1000;
  let running: { readonly pages: number; readonly report: Promise<PullReport> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const pullAll = async (chosen: readonly Page[], requestId: string): Promise<PullReport> => {
    // Every page is awaited even if one rejects, for the next pull must not begin before all of this one has ended.
    const ends = await Promise.allSettled(chosen.map((page) => page.pull(requestId)));
    const reports = ends.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    });
    return { pages: reports };
  };

  const begin = (chosen: readonly Page[], requestId: string): Promise<PullReport> => {
    const report = pullAll(chosen, requestId).finally(() => {
      running = undefined;
    });
    running = { pages: chosen.length, report };
    return report;
  };

  const states = () => Promise.all(pages.map(async (page) => ({ page, state: await page.state() })));

  const pullDue = async (): Promise<void> => {
    if (!(await lead(intervalMs * leadForIntervals)) || stopped) return;
    const due = (await states()).filter(({ state }) => isDue(state, now(), intervalMs, staleAfterMs));
    if (due.length === 0 || running || stopped) return;
    await begin(
      due.map(({ page }) => page),
      `poll-${randomUUID()}`,
    );
  };

  const tick = async (): Promise<void> => {
    try {
      await pullDue();
    } catch (error) {
      log.error({ error: errorText(error) }, 'poll.failed');
    }
    schedule(intervalMs * (1 - jitter + 2 * jitter * random()));
  };

  const schedule = (delayMs: number): void => {
    if (!stopped) timer = setTimeout(() => void tick(), delayMs);
  };

  return {
    states,
    async pull(requestId) {
      // A pull on the timer leaves out the pages that back off, so it is no answer to a pull of all.
      while (running && running.pages < pages.length) await running.report.catch(() => undefined);
      return running ? running.report : begin(pages, requestId);
    },
    start() {
      if (intervalMs > 0 && pages.length > 0) schedule(0);
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running?.report.catch(() => undefined);
    },
  };
};
