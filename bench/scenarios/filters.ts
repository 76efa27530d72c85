// What any combination of filters costs among many events, and whether such listings hold up others.
import { combinedFilters, type FilterName } from '../../src/stores/event-filter.ts';
import { fillAt, type Vary } from '../fill.ts';
import { host, type Running, startService } from '../processes.ts';
import type { Options, Row, Scenario } from '../scenario.ts';
import { percentile, spreadOf } from '../stats.ts';
import { keepAll, postgresStore, type Store, sqliteStore } from '../stores.ts';

/** Values of each filter: one of many events, one of few, one of none. */
const values: Partial<Record<FilterName, readonly string[]>> = {
  source: ['stripe', 'spreedly_status', 'nobody_status'],
  kind: ['payment', 'incident'],
  severity: ['warning', 'critical'],
  service: ['stripe', 'Vault'],
  state: ['resolved', 'open'],
  routed: ['false', 'true'],
};

/** Three events in four are payments, every two hundredth is critical, every thousandth was sent, few are open. */
const vary: Vary = (record, at) => {
  const { event } = record;
  const severity = at % 200 === 0 ? 'critical' : at % 3 === 0 ? 'info' : 'warning';
  const routed = at % 1000 === 0;
  if (at % 4 !== 0) return { ...record, event: { ...event, severity }, routed };
  const isBraze = at % 8 === 0;
  return {
    ...record,
    event: {
      ...event,
      source: isBraze ? 'braze_status' : 'spreedly_status',
      kind: at % 12 === 0 ? 'status' : 'incident',
      severity,
      service: isBraze ? 'Dashboard' : 'Vault',
      resolved_at: at % 10_000 === 0 ? null : event.started_at,
    },
    traits: { ...record.traits, item: 'incident' },
    routed,
  };
};

/** Every combination of filters and values, also those that nothing matches. */
const combinations = (): readonly string[] =>
  combinedFilters.reduce<readonly string[]>(
    (queries, name) =>
      queries.flatMap((query) => [query, ...(values[name] ?? []).map((value) => `${query}&${name}=${value}`)]),
    [''],
  );

/** Each tenth combination also with words, which are few or none. */
const withWords = (query: string, at: number): string =>
  at % 10 === 0 ? `${query}&q=${at % 20 === 0 ? 'pi_many_4711' : 'nowhere'}` : query;

const timed = async ({ port }: Running, path: string): Promise<number> => {
  const startedMs = performance.now();
  const response = await fetch(`http://${host}:${port}${path}`);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path} was answered ${response.status} ${text.slice(0, 200)}`);
  return performance.now() - startedMs;
};

interface Slowest {
  readonly ms: number;
  readonly query: string;
}

/** The slowest combination, each by the best of two requests: what is measured is the query, not its neighbours. */
const slowest = async (service: Running, queries: readonly string[]): Promise<Slowest> => {
  let worst: Slowest = { ms: 0, query: '' };
  for (const query of queries) {
    const path = `/events?limit=50${query}`;
    const ms = Math.min(await timed(service, path), await timed(service, path));
    if (ms > worst.ms) worst = { ms, query };
  }
  return worst;
};

const healthMs = async (service: Running, times: number): Promise<number> => {
  const figures: number[] = [];
  for (let time = 0; time < times; time++) figures.push(await timed(service, '/healthz'));
  return percentile(figures, 0.99);
};

/** Two listings at a time, without pause. */
const busyHealthMs = async (service: Running, queries: readonly string[], times: number): Promise<number> => {
  let isOver = false;
  const list = async (from: number): Promise<void> => {
    for (let at = from; !isOver; at += 2) await timed(service, `/events?limit=50${queries[at % queries.length] ?? ''}`);
  };
  const lists = [list(0), list(1)];
  const ms = await healthMs(service, times);
  isOver = true;
  await Promise.all(lists);
  return ms;
};

const rowsOf = async (service: Running, name: string, many: number, { quick, rounds }: Options) => {
  const all = combinations().map(withWords);
  const queries = quick ? all.filter((_, at) => at % 40 === 0) : all;
  await slowest(service, queries.slice(0, 50));
  const [worst, idle, busy]: [Slowest[], number[], number[]] = [[], [], []];
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    worst.push(await slowest(service, queries));
    const times = quick ? 20 : 500;
    idle.push(await healthMs(service, times));
    busy.push(await busyHealthMs(service, queries, times));
  }
  const count = many.toLocaleString('en');
  const ms = spreadOf(worst.map((each) => each.ms));
  const rows: readonly Row[] = [
    {
      what: `the slowest of ${queries.length} combinations of filters over ${count} events, ${name}`,
      measured: `${ms.median.toFixed(1)} ms (${worst.find((each) => each.ms === ms.median)?.query || 'no filter'})`,
      beside: '–',
      ratio: ms,
      unit: ' ms',
      reach: { atMost: 50 },
      aim: { atMost: 10 },
    },
    {
      what: `/healthz p99 while such listings run without pause, ${name}`,
      measured: `${spreadOf(busy).median.toFixed(2)} ms`,
      beside: `idle: ${spreadOf(idle).median.toFixed(2)} ms`,
      ratio: spreadOf(busy.map((each, round) => each - (idle[round] ?? Number.NaN))),
      unit: ' ms more',
      reach: { atMost: 20 },
      aim: { atMost: 5 },
    },
  ];
  return rows;
};

const scenario = (name: string, createStore: () => Promise<Store>): Scenario => ({
  name,
  async run(options) {
    const many = options.quick ? 5000 : options.events;
    const store = await createStore();
    await fillAt(store.url, 'many', 0, many, vary);
    const service = await startService({ STORE_URL: store.url, ...keepAll });
    const rows = await rowsOf(service, store.name, many, options);
    await service.stop();
    await store.remove();
    return rows;
  },
});

export const sqliteFilters = scenario('filters-sqlite', sqliteStore);
export const postgresFilters = scenario('filters-postgres', postgresStore);
