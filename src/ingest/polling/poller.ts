// Pulls the status pages: on request, and by itself on a timer with jitter. Two pulls never run at once.
import { randomUUID } from 'node:crypto';
import { createFaultLog } from '../../lib/fault-log.ts';
import type { Log } from '../../lib/log.ts';
import { withDeadline } from '../../lib/with-deadline.ts';
import { isDue, isLeftAlone, isNewlyBlind, jitter } from './due.ts';
import type { Page, PageReport } from './page.ts';
import { type PageState, shownState } from './page-state.ts';

export interface Poller {
  /** Pulls every page now, or shares the pull of every page that is under way. */
  pull(requestId: string): Promise<readonly PageReport[]>;
  /**
   * Begins to read every status page, once what is under way has ended: that may have been read before a page changed. A
   * page that asked to be left alone is left alone. Never rejects: what goes wrong is told in the log.
   */
  pullAnew(requestId: string): Promise<void>;
  /** `vendor`: as the status page calls itself; null when that is not known. */
  states(): Promise<readonly { readonly page: Page; readonly state: PageState; readonly vendor: string | null }[]>;
  start(): void;
  /** Stops the timer, and waits for a pull that is under way. */
  stop(): Promise<void>;
}

export interface PollerDeps {
  /** 0: off. Asked before each round, for new rules may bring the first status page. */
  readonly intervalSeconds: () => number;
  readonly staleAfterSeconds: number;
  /** Whether this process is the one that polls, for so many milliseconds from now. 0 gives that back. */
  readonly lead: (forMs: number) => Promise<boolean>;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
}

/** How soon it is asked again whether to poll, while that is off. */
const askAgainMs = 10_000;
/** For how many intervals a replica that died keeps the others from polling. */
const leadForIntervals = 2;
/** How often the others ask at least whether it still polls. A question that failed is asked again as soon. */
const askToLeadMs = 5000;
/** A store that is silent must not use up the time that a stop has for deliveries. */
const giveBackWithinMs = 1000;

/** @param pages those that there are now: new rules may add some, or leave some out */
export const createPoller = (pages: () => readonly Page[], deps: PollerDeps): Poller => {
  const { lead, log, now, random } = deps;
  const staleAfterMs = deps.staleAfterSeconds * 1000;
  const fault = createFaultLog(log, { failed: 'poll.failed', over: 'poll.runs_again', level: 'error' });
  let running: { readonly pages: number; readonly reports: Promise<readonly PageReport[]> } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ticking: Promise<void> | undefined;
  let leads = false;
  let stopped = false;

  const pullAll = async (chosen: readonly Page[], requestId: string): Promise<readonly PageReport[]> => {
    // Every page is awaited even if one rejects, for the next pull must not begin before all of this one has ended.
    const ends = await Promise.allSettled(chosen.map((page) => page.pull(requestId)));
    return ends.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    });
  };

  const begin = (chosen: readonly Page[], requestId: string): Promise<readonly PageReport[]> => {
    const reports = pullAll(chosen, requestId).finally(() => {
      running = undefined;
    });
    running = { pages: chosen.length, reports };
    return reports;
  };

  const remembered = () => Promise.all(pages().map(async (page) => ({ page, memory: await page.memory() })));

  const pullDue = async (intervalMs: number): Promise<void> => {
    const requestId = `poll-${randomUUID()}`;
    const all = await remembered();
    const due = all.filter(({ memory }) => isDue(memory, now(), intervalMs, staleAfterMs));
    if (due.length > 0 && !running && !stopped)
      await begin(
        due.map(({ page }) => page),
        requestId,
      );
    for (const { page, memory } of all) {
      if (stopped) return;
      if (isLeftAlone(memory, now()) && isNewlyBlind(memory, now(), staleAfterMs)) await page.reportBlind(requestId);
    }
  };

  const tick = async (): Promise<void> => {
    const intervalMs = deps.intervalSeconds() * 1000;
    if (intervalMs === 0) return schedule(askAgainMs);
    let isAnswered = false;
    try {
      leads = await lead(intervalMs * leadForIntervals);
      isAnswered = true;
      if (leads && !stopped) await pullDue(intervalMs);
      fault.worked();
    } catch (error) {
      fault.failed(error);
    }
    // A store that was away may be back soon.
    const waitMs = leads && isAnswered ? intervalMs : Math.min(intervalMs, askToLeadMs);
    schedule(waitMs * (1 - jitter + 2 * jitter * random()));
  };

  const schedule = (delayMs: number): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      ticking = tick();
    }, delayMs);
  };

  /** Where the store is away, the others wait until the lead runs out. */
  const giveBack = withDeadline(() => lead(0), giveBackWithinMs);

  return {
    states: async () =>
      (await remembered()).map(({ page, memory }) => ({ page, state: shownState(memory), vendor: memory.page_name })),
    async pull(requestId) {
      // A pull on the timer leaves out the pages that back off, so it is no answer to a pull of all.
      while (running && running.pages < pages().length) await running.reports.catch(() => undefined);
      return running ? running.reports : begin(pages(), requestId);
    },
    async pullAnew(requestId) {
      while (running) await running.reports.catch(() => undefined);
      try {
        const all = await remembered();
        const chosen = all.filter(({ memory }) => !isLeftAlone(memory, now())).map(({ page }) => page);
        // Another pull that began meanwhile began after this was asked for.
        if (!stopped && !running && chosen.length > 0) await begin(chosen, requestId);
        fault.worked();
      } catch (error) {
        fault.failed(error, { request_id: requestId });
      }
    },
    start: () => schedule(0),
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await ticking;
      await running?.reports.catch(() => undefined);
      if (leads) await giveBack();
      leads = false;
    },
  };
};
