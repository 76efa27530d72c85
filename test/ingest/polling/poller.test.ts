import { expect, it, onTestFinished, vi } from 'vitest';
import type { Page, PageReport } from '../../../src/ingest/polling/page.ts';
import { type PageMemory, readPageMemory, shownState } from '../../../src/ingest/polling/page-state.ts';
import { createPoller } from '../../../src/ingest/polling/poller.ts';
import { collectLog } from '../../support/log.ts';

interface ScriptedPage extends Page {
  readonly pulledAt: number[];
  readonly blindAt: number[];
  fails: boolean;
  /** How long it asks to be left alone when it fails. */
  retryAfterMs: number | null;
  /** Holds the next pulls until it is settled. */
  gate: Promise<void> | undefined;
}

const startMs = Date.parse('2026-03-01T12:00:00Z');

/** A page that counts its pulls, and keeps its state as a real one does. */
const scriptedPage = (name: string): ScriptedPage => {
  let state: PageMemory = readPageMemory(undefined);
  const seconds = () => (Date.now() - startMs) / 1000;
  const page: ScriptedPage = {
    name,
    source: `${name}_status`,
    pulledAt: [],
    blindAt: [],
    fails: false,
    retryAfterMs: null,
    gate: undefined,
    memory: async () => state,
    state: async () => shownState(state),
    async reportBlind() {
      page.blindAt.push(seconds());
      state = { ...state, condition: 'blind' };
    },
    async pull() {
      page.pulledAt.push(seconds());
      await page.gate;
      const failures = page.fails ? state.consecutive_failures + 1 : 0;
      const at = new Date().toISOString();
      state = {
        ...state,
        last_attempt_at: at,
        consecutive_failures: failures,
        failing_since: page.fails ? (state.failing_since ?? at) : null,
        retry_at: page.retryAfterMs === null ? null : new Date(Date.now() + page.retryAfterMs).toISOString(),
      };
      const verdict = page.fails ? 'failed' : 'good';
      const report: PageReport = {
        page: name,
        ok: !page.fails,
        verdict,
        fetched: 1,
        skipped: 0,
        errors: [],
        outcomes: [],
      };
      return report;
    },
  };
  return page;
};

const startPoller = (
  pages: readonly Page[],
  {
    intervalSeconds = 60,
    staleAfterSeconds = 900,
    random = (): number => 0.5,
    lead = async (_forMs: number) => true,
  } = {},
) => {
  vi.useFakeTimers({ now: startMs, fakeNodeBuiltins: true });
  const logged = collectLog();
  const poller = createPoller(() => pages, {
    intervalSeconds: () => intervalSeconds,
    staleAfterSeconds,
    lead,
    log: logged.log,
    now: Date.now,
    random,
  });
  onTestFinished(async () => {
    await poller.stop();
    vi.useRealTimers();
  });
  return { poller, logged };
};

it('pulls at once, and then every interval', async () => {
  const page = scriptedPage('a');
  const { poller } = startPoller([page]);
  poller.start();
  await vi.advanceTimersByTimeAsync(180_000);
  expect(page.pulledAt).toEqual([0, 60, 120, 180]);
});

it.each([
  [0, [0, 54, 108, 162]],
  [1, [0, 66, 132]],
])('moves each pull by up to a tenth of the interval: %s', async (random, expected) => {
  const page = scriptedPage('a');
  const { poller } = startPoller([page], { random: () => random });
  poller.start();
  await vi.advanceTimersByTimeAsync(180_000);
  expect(page.pulledAt).toEqual(expected);
});

it('does not pull by itself when the interval is 0', async () => {
  const page = scriptedPage('a');
  const { poller } = startPoller([page], { intervalSeconds: 0 });
  poller.start();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(page.pulledAt).toEqual([]);
});

it('pulls what the rules add, and leaves what they take away alone', async () => {
  const pages = [scriptedPage('a')];
  const added = scriptedPage('b');
  const { poller } = startPoller(pages);
  poller.start();
  await vi.advanceTimersByTimeAsync(30_000);
  pages.splice(0, 1, added);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(added.pulledAt).toEqual([60]);
  expect((await poller.pull('by hand')).map(({ page }) => page)).toEqual(['b']);
});

it('backs off from a page that fails while it keeps pulling the others, and comes back when it recovers', async () => {
  const broken = scriptedPage('broken');
  const healthy = scriptedPage('healthy');
  broken.fails = true;
  const { poller } = startPoller([broken, healthy]);
  poller.start();
  await vi.advanceTimersByTimeAsync(900_000);

  expect(broken.pulledAt).toEqual([0, 120, 360, 660, 900]);
  expect(healthy.pulledAt).toHaveLength(16);
  broken.fails = false;
  await vi.advanceTimersByTimeAsync(360_000);
  expect(broken.pulledAt.filter((second) => second > 900).slice(-2)).toEqual([1200, 1260]);
});

it('leaves a page alone that asked for it, but says in time that it is blind, and pulls it all the same by hand', async () => {
  const page = scriptedPage('busy');
  page.fails = true;
  page.retryAfterMs = 3_600_000;
  const { poller } = startPoller([page]);
  poller.start();
  await vi.advanceTimersByTimeAsync(1800_000);
  expect(page.pulledAt).toEqual([0]);
  expect(page.blindAt).toEqual([900]);

  await poller.pull('by hand');
  expect(page.pulledAt).toEqual([0, 1800]);
  page.retryAfterMs = null;
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(page.pulledAt.slice(2, 4)).toEqual([5400]);
});

it('goes on polling when the clock steps back', async () => {
  const page = scriptedPage('a');
  const { poller } = startPoller([page]);
  poller.start();
  await vi.advanceTimersByTimeAsync(60_000);
  vi.setSystemTime(startMs - 3_600_000);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(page.pulledAt).toEqual([0, 60, -3540, -3480]);
});

it('shares the pull of all pages that is under way', async () => {
  const page = scriptedPage('a');
  const { poller } = startPoller([page]);
  const gate = Promise.withResolvers<void>();
  page.gate = gate.promise;
  const pulls = [poller.pull('one'), poller.pull('two'), poller.pull('three')];
  gate.resolve();
  const [first, ...others] = await Promise.all(pulls);
  expect(page.pulledAt).toHaveLength(1);
  for (const other of others) expect(other).toBe(first);
  await poller.pull('four');
  expect(page.pulledAt).toHaveLength(2);
});

it('waits for a pull on the timer that leaves pages out, and then pulls all', async () => {
  const broken = scriptedPage('broken');
  const healthy = scriptedPage('healthy');
  broken.fails = true;
  const { poller } = startPoller([broken, healthy]);
  poller.start();
  await vi.advanceTimersByTimeAsync(1000);
  const gate = Promise.withResolvers<void>();
  healthy.gate = gate.promise;
  await vi.advanceTimersByTimeAsync(60_000);
  expect([broken.pulledAt.length, healthy.pulledAt.length]).toEqual([1, 2]);

  const pulls = [poller.pull('one'), poller.pull('two')];
  gate.resolve();
  const [one, two] = await Promise.all(pulls);
  expect(one).toBe(two);
  expect([broken.pulledAt.length, healthy.pulledAt.length]).toEqual([2, 3]);
});

it('awaits every page before it reports that the store could not answer, so that pulls never overlap', async () => {
  const slow = scriptedPage('slow');
  const gate = Promise.withResolvers<void>();
  slow.gate = gate.promise;
  const rejecting: Page = { ...scriptedPage('rejecting'), pull: () => Promise.reject(new Error('no store')) };
  const { poller } = startPoller([rejecting, slow]);
  const first = poller.pull('one');
  const second = poller.pull('two');
  gate.resolve();
  await expect(first).rejects.toThrow('no store');
  await expect(second).rejects.toThrow('no store');
  expect(slow.pulledAt).toHaveLength(1);
});

it('goes on polling, and logs it, when a pull on the timer rejects', async () => {
  let pulls = 0;
  const page: Page = {
    ...scriptedPage('a'),
    async pull() {
      pulls += 1;
      throw new Error('no store');
    },
  };
  const { poller, logged } = startPoller([page]);
  poller.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pulls).toBe(2);
  expect(logged.of('poll.failed')).toMatchObject([{ level: 'error', error: 'no store' }, { error: 'no store' }]);
});

it('says once that it cannot poll, each minute how often, and once that it can again', async () => {
  let isAway = true;
  const lead = async () => {
    if (isAway) throw new Error('away');
    return true;
  };
  const { poller, logged } = startPoller([scriptedPage('a')], { lead });
  poller.start();
  await vi.advanceTimersByTimeAsync(600_000);
  isAway = false;
  await vi.advanceTimersByTimeAsync(75_000);
  const lines = [...logged.of('poll.failed'), ...logged.of('poll.runs_again')].filter(({ level }) => level !== 'debug');
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  expect(lines.filter(({ level }) => level === 'warn').length).toBeGreaterThan(5);
  expect(lines.at(-1)).toMatchObject({ level: 'info', msg: 'poll.runs_again' });
});

it('stops its timer, and waits for the pull under way', async () => {
  const page = scriptedPage('a');
  const { poller } = startPoller([page]);
  const gate = Promise.withResolvers<void>();
  page.gate = gate.promise;
  poller.start();
  await vi.advanceTimersByTimeAsync(0);
  let stopped = false;
  const stopping = poller.stop().then(() => {
    stopped = true;
  });
  await vi.advanceTimersByTimeAsync(1);
  expect(stopped).toBe(false);
  gate.resolve();
  await stopping;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(page.pulledAt).toHaveLength(1);
});

it('polls only while it leads, asks every five seconds otherwise, and takes over when the leader is gone', async () => {
  const page = scriptedPage('a');
  const asked: number[] = [];
  const lead = async (forMs: number) => asked.push(forMs) > 3;
  const { poller } = startPoller([page], { lead });
  poller.start();
  await vi.advanceTimersByTimeAsync(180_000);
  expect(page.pulledAt).toEqual([15, 75, 135]);
  expect(asked).toEqual(Array.from({ length: 6 }, () => 120_000));
});

it('asks again after five seconds when the one that polls could not ask, and polls as soon as it can', async () => {
  const page = scriptedPage('a');
  const askedAt: number[] = [];
  const lead = async () => {
    const seconds = (Date.now() - startMs) / 1000;
    askedAt.push(seconds);
    if (seconds > 0 && seconds < 72) throw new Error('the store is away');
    return true;
  };
  const { poller } = startPoller([page], { lead });
  poller.start();
  await vi.advanceTimersByTimeAsync(140_000);
  expect(askedAt).toEqual([0, 60, 65, 70, 75, 135]);
  expect(page.pulledAt).toEqual([0, 75, 135]);
});

it('asks no less often than it polls', async () => {
  const askedAt: number[] = [];
  const lead = async () => askedAt.push((Date.now() - startMs) / 1000) > 9;
  const { poller } = startPoller([scriptedPage('a')], { lead, intervalSeconds: 2 });
  poller.start();
  await vi.advanceTimersByTimeAsync(6000);
  expect(askedAt).toEqual([0, 2, 4, 6]);
});

it('gives the lead back when it stops, if it has it, though the store may be away', async () => {
  for (const leads of [true, false]) {
    const asked: number[] = [];
    const lead = async (forMs: number) => {
      asked.push(forMs);
      if (forMs === 0) throw new Error('the store is away');
      return leads;
    };
    const { poller } = startPoller([scriptedPage('a')], { lead });
    poller.start();
    await vi.advanceTimersByTimeAsync(1);
    await poller.stop();
    expect(asked).toEqual(leads ? [120_000, 0] : [120_000]);
  }
});

it('stops within a second though the store is silent', async () => {
  const lead = async (forMs: number) => (forMs === 0 ? new Promise<boolean>(() => undefined) : true);
  const { poller } = startPoller([scriptedPage('a')], { lead });
  poller.start();
  await vi.advanceTimersByTimeAsync(1);
  let isStopped = false;
  const stopping = poller.stop().then(() => {
    isStopped = true;
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(isStopped).toBe(true);
  await stopping;
});

it('a replica that waits asks again after five seconds though the store could not answer', async () => {
  const page = scriptedPage('a');
  let asked = 0;
  const lead = async () => {
    asked += 1;
    if (asked < 3) throw new Error('the store is away');
    return true;
  };
  const { poller } = startPoller([page], { lead });
  poller.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(page.pulledAt).toEqual([10]);
});

it('a hint is no answer of a pull that began before it, and leaves alone who asked for that', async () => {
  const [page, tired] = [scriptedPage('acme'), scriptedPage('tired')];
  Object.assign(tired, { fails: true, retryAfterMs: 600_000 });
  const { poller } = startPoller([page, tired]);
  const gate = Promise.withResolvers<void>();
  page.gate = gate.promise;
  const before = poller.pull('r1');
  const hint = poller.pullAnew('r2');
  await vi.advanceTimersByTimeAsync(1000);
  expect(page.pulledAt).toEqual([0]);
  gate.resolve();
  await Promise.all([before, hint]);
  expect([page.pulledAt, tired.pulledAt]).toEqual([[0, 1], [0]]);
  await poller.stop();
  await poller.pullAnew('r3');
  expect(page.pulledAt).toHaveLength(2);
});

it('tells of hints that fail as it tells of polls: once, with the request', async () => {
  const away: Page = {
    ...scriptedPage('acme'),
    memory: () => Promise.reject(new Error('the store is away')),
  };
  const { poller, logged } = startPoller([away]);
  await poller.pullAnew('r1');
  await poller.pullAnew('r2');
  expect(logged.of('poll.failed')).toMatchObject([
    { level: 'error', request_id: 'r1', error: 'the store is away' },
    { level: 'debug', request_id: 'r2' },
  ]);
});
