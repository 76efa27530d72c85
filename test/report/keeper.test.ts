import { expect, it } from 'vitest';
import { createKeeper } from '../../src/report/keeper.ts';
import { createReadReport } from '../../src/report/read-report.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { collectLog } from '../support/log.ts';
import { alertOf } from './alerts.ts';

const nowMs = Date.parse('2026-03-02T12:00:00.000Z');

/** As much of a store as the report needs: states, the alerts, and a feed that gives one alert after the other. */
const createStore = () => {
  const states = new Map<string, unknown>();
  const feed: Parameters<typeof add>[0][] = [];
  let isLost = false;
  let hasCursor = true;
  let isLeased = false;
  function add(alert: ReturnType<typeof alertOf>) {
    feed.push(alert);
  }
  const latest = () => [...new Map(feed.map((alert) => [alert.alert_id, alert])).values()];
  const store: Pick<EventStore, 'changes' | 'changeState' | 'loadState' | 'saveState' | 'tryLease' | 'listAlerts'> = {
    async changes(after, limit) {
      if (!hasCursor || (isLost && after !== null)) return 'lost';
      if (after === null) return { events: [], alerts: [], cursor: String(feed.length) };
      const from = Number(after);
      const alerts = feed.slice(from, from + limit);
      return { events: [], alerts, cursor: String(from + alerts.length) };
    },
    loadState: async (key) => states.get(key),
    saveState: async (key, state) => void states.set(key, JSON.parse(JSON.stringify(state))),
    async changeState(key, change) {
      const { state, result } = change(states.get(key));
      states.set(key, JSON.parse(JSON.stringify(state)));
      return result;
    },
    tryLease: async () => !isLeased,
    listAlerts: async ({ state, source }) => ({
      alerts: latest().filter(
        (alert) => (state ?? alert.state) === alert.state && (source ?? alert.source) === alert.source,
      ),
      next: null,
    }),
  };
  const deps = { store, sources: () => ['acme_status'], now: () => nowMs, log: collectLog().log };
  const read = createReadReport(deps);
  return {
    add,
    lose: () => {
      isLost = true;
    },
    setCursor: (has: boolean) => {
      hasCursor = has;
    },
    setLeased: (leased: boolean) => {
      isLeased = leased;
    },
    deps,
    run: () => createKeeper(deps).run(),
    day: async (day: string) => (await read('acme_status', day, day))?.days[0],
    read,
    clear: () => feed.splice(0, feed.length),
  };
};

const outage = { from: '2026-03-01T10:00:00.000Z', to: '2026-03-01T11:00:00.000Z' };

it('what was stored before it began is recorded, and what changes afterwards', async () => {
  const { add, run, day } = createStore();
  add(alertOf(outage));
  await run();
  expect(await day('2026-03-01')).toMatchObject({ worst: 'critical', critical_minutes: 60, alerts: 1 });
  add(alertOf({ ...outage, id: 'b', from: '2026-03-01T12:00:00.000Z', to: '2026-03-01T12:30:00.000Z' }));
  await run();
  expect(await day('2026-03-01')).toMatchObject({ critical_minutes: 90, alerts: 2 });
});

it('an alert that is told twice counts once, and its newest end counts', async () => {
  const { add, run, day } = createStore();
  await run();
  add(alertOf(outage));
  await run();
  add(alertOf({ ...outage, to: '2026-03-01T10:20:00.000Z' }));
  await run();
  expect(await day('2026-03-01')).toMatchObject({ critical_minutes: 20, alerts: 1 });
});

it('what is open counts until now, though nothing has changed', async () => {
  const { add, run, day } = createStore();
  add(alertOf({ from: '2026-03-02T11:00:00.000Z', to: null }));
  await run();
  expect(await day('2026-03-02')).toMatchObject({ worst: 'critical', critical_minutes: 60 });
});

it('the rows outlive the alerts that they were made from', async () => {
  const { add, run, day, clear } = createStore();
  add(alertOf(outage));
  await run();
  clear();
  expect(await day('2026-03-01')).toMatchObject({ critical_minutes: 60, alerts: 1 });
});

it('when the feed cannot tell what was missed, everything is recorded anew', async () => {
  const { add, run, day, lose } = createStore();
  await run();
  add(alertOf(outage));
  lose();
  await run();
  expect(await day('2026-03-01')).toMatchObject({ critical_minutes: 60 });
});

it('days before the first one have no record, and a quiet day since then has', async () => {
  const { run, day } = createStore();
  await run();
  expect((await day('2026-03-01'))?.worst).toBe(null);
  expect((await day('2026-03-02'))?.worst).toBe('none');
});

it('a source that nobody knows has no report', async () => {
  const { read } = createStore();
  expect(await read('other_status', '2026-03-01', '2026-03-02')).toBe(undefined);
});

it('while another replica holds the lease, this one records nothing', async () => {
  const { add, run, day, setLeased } = createStore();
  await run();
  add(alertOf(outage));
  setLeased(true);
  await run();
  expect(await day('2026-03-01')).toMatchObject({ worst: null, alerts: 0 });
  setLeased(false);
  await run();
  expect(await day('2026-03-01')).toMatchObject({ critical_minutes: 60, alerts: 1 });
});

it('more changes than fit into one page of the feed are all recorded at once', async () => {
  const { add, run, day } = createStore();
  await run();
  for (let n = 0; n < 250; n++) add(alertOf({ ...outage, id: `a${n}` }));
  await run();
  expect(await day('2026-03-01')).toMatchObject({ critical_minutes: 60, alerts: 250 });
});

it('a store that cannot say where its feed stands is read from its beginning the next time', async () => {
  const { add, run, day, setCursor } = createStore();
  add(alertOf(outage));
  setCursor(false);
  await run();
  expect(await day('2026-03-01')).toMatchObject({ alerts: 1 });
  add(alertOf({ ...outage, id: 'b' }));
  setCursor(true);
  await run();
  expect(await day('2026-03-01')).toMatchObject({ alerts: 2 });
});
