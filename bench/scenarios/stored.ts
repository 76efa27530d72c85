// What many stored events cost: a page of the listing, and a start. Both on one store that is filled on the way.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fillAt } from '../fill.ts';
import { host, launchService, type Running, startService } from '../processes.ts';
import type { Options, Row, Scenario } from '../scenario.ts';
import { percentile, ratioOf, spreadOf } from '../stats.ts';
import { keepAll, postgresStore, type Store, sqliteStore } from '../stores.ts';

const few = 1000;
const pageSize = 50;

/** The median of many requests, one after the other: what a page costs without a queue. */
const listingMs = async ({ port }: Running, requests: number): Promise<number> => {
  const times: number[] = [];
  for (let request = 0; request < requests; request++) {
    const startedMs = performance.now();
    const response = await fetch(`http://${host}:${port}/events?limit=${pageSize}`);
    const { events }: { events: readonly unknown[] } = JSON.parse(await response.text());
    times.push(performance.now() - startedMs);
    if (events.length !== pageSize) throw new Error(`a page has ${events.length} events`);
  }
  return percentile(times, 0.5);
};

const listingRow = (name: string, many: number, atFew: readonly number[], atMany: readonly number[]): Row => ({
  what: `GET /events?limit=${pageSize} at ${many.toLocaleString('en')} stored events, ${name}`,
  measured: `${spreadOf(atMany).median.toFixed(2)} ms`,
  beside: `at ${few.toLocaleString('en')}: ${spreadOf(atFew).median.toFixed(2)} ms`,
  ratio: ratioOf(atMany, atFew),
  reach: { atMost: 1.5 },
  aim: { atMost: 1.1 },
});

/** Two services side by side, one on few events and one on many, asked in turn. */
const listing = async (small: Store, large: Store, { quick, rounds }: Options) => {
  const on = ({ url }: Store) => startService({ STORE_URL: url, ...keepAll });
  const [onFew, onMany] = [await on(small), await on(large)];
  const requests = quick ? 20 : 300;
  const [atFew, atMany]: [number[], number[]] = [[], []];
  for (const service of [onFew, onMany]) await listingMs(service, requests);
  for (let round = 0; round < rounds; round++) {
    atFew.push(await listingMs(onFew, requests));
    atMany.push(await listingMs(onMany, requests));
  }
  await onFew.stop();
  await onMany.stop();
  return { atFew, atMany };
};

/** From the start of a process to its first answer that it is ready. */
const startMs = async (env: Readonly<Record<string, string>>): Promise<number> => {
  const startedMs = performance.now();
  const service = await launchService(env);
  for (;;) {
    const response = await fetch(`http://${host}:${service.port}/readyz`);
    await response.text();
    if (response.status === 200) break;
  }
  const ms = performance.now() - startedMs;
  await service.stop();
  return ms;
};

const nodeMs = async (): Promise<number> => {
  const startedMs = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedMs;
};

const startRow = async (what: string, env: Readonly<Record<string, string>>, rounds: number): Promise<Row> => {
  const [service, node]: [number[], number[]] = [[], []];
  // The first start on a machine compiles the modules, and leaves them for the others.
  await startMs(env);
  for (let round = 0; round < rounds; round++) {
    node.push(await nodeMs());
    service.push(await startMs(env));
  }
  return {
    what: `start to readyz, ${what}`,
    measured: `${spreadOf(service).median.toFixed(0)} ms`,
    beside: `node -e 0: ${spreadOf(node).median.toFixed(0)} ms`,
    ratio: spreadOf(service.map((ms, round) => ms - (node[round] ?? Number.NaN))),
    unit: ' ms more',
    reach: { atMost: 1000 },
    aim: { atMost: 300 },
  };
};

const scenario = (name: string, createStore: () => Promise<Store>, measuresStart: boolean): Scenario => ({
  name,
  async run(options) {
    const many = options.quick ? 5000 : options.events;
    const [small, large] = [await createStore(), await createStore()];
    await fillAt(small.url, 'few', 0, few);
    await fillAt(large.url, 'many', 0, many);
    const { atFew, atMany } = await listing(small, large, options);
    const rows = [listingRow(small.name, many, atFew, atMany)];
    if (measuresStart) {
      rows.push(await startRow('empty', {}, options.rounds));
      const text = `SQLite with ${many.toLocaleString('en')} events`;
      rows.push(await startRow(text, { STORE_URL: large.url, ...keepAll }, options.rounds));
    }
    await small.remove();
    await large.remove();
    return rows;
  },
});

export const sqliteStored = scenario('stored-sqlite', sqliteStore, true);
export const postgresStored = scenario('stored-postgres', postgresStore, false);
