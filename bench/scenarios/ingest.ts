// How many webhooks a second are taken in on each store, how many that were seen before, and how long each one takes.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Ingested, ingest } from '../load/ingest.ts';
import { type Running, start, startService } from '../processes.ts';
import { rate } from '../report.ts';
import type { Options, Row, Scenario } from '../scenario.ts';
import { ratioOf, spreadOf } from '../stats.ts';
import { memoryStore, postgresStore, type Store, sqliteStore } from '../stores.ts';

const milliseconds = (figures: readonly number[]): string => `${spreadOf(figures).median.toFixed(2)} ms`;

interface Rounds {
  readonly fresh: Ingested[];
  readonly repeated: Ingested[];
  /** The peer's, in the same rounds. */
  readonly peer: Ingested[];
  /** An older checkout's, in the same rounds; empty where there is none. */
  readonly before: Ingested[];
  /** What the chosen parts take alone, in the same rounds; empty where that is not asked. */
  readonly parts: Ingested[];
  readonly paced: { readonly service: Ingested; readonly peer: Ingested }[];
}

interface Measured {
  readonly service: Running;
  readonly peer: Running;
  readonly before: Running | undefined;
  readonly parts: Running | undefined;
}

/** One round after the other, and in each the service and its peer, so that both have the same neighbours. */
const measure = async (
  name: string,
  { service, peer, before, parts }: Measured,
  { quick, rounds }: Options,
  count: number,
): Promise<Rounds> => {
  const measured: Rounds = { fresh: [], repeated: [], peer: [], before: [], parts: [], paced: [] };
  const warmUp = Math.ceil(count / 2);
  for (const each of [service, peer, before, parts])
    if (each) await ingest(each, { prefix: `${name}_warm`, count: warmUp });
  for (let round = 0; round < rounds; round++) {
    const prefix = `${name}_${round}`;
    measured.peer.push(await ingest(peer, { prefix, count }));
    if (before) measured.before.push(await ingest(before, { prefix, count }));
    if (parts) measured.parts.push(await ingest(parts, { prefix, count }));
    measured.fresh.push(await ingest(service, { prefix, count }));
    measured.repeated.push(await ingest(service, { prefix, count, isRepeated: true }));
  }
  const ratePerSecond = spreadOf(measured.fresh.map(({ perSecond }) => perSecond)).median / 2;
  const paced = Math.ceil(ratePerSecond * (quick ? 0.3 : 2));
  const leadIn = Math.ceil(paced / 4);
  for (let round = 0; round < rounds; round++) {
    const what = { prefix: `${name}_paced_${round}`, count: paced + leadIn, leadIn, ratePerSecond };
    measured.paced.push({ peer: await ingest(peer, what), service: await ingest(service, what) });
  }
  return measured;
};

const microseconds = (figures: readonly Ingested[]): string =>
  `${spreadOf(figures.map(({ cpuUs }) => cpuUs)).median.toFixed(0)} µs`;

/** Processor time depends far less than the rate on what else runs on the machine. */
const processorRows = (
  name: string,
  peerName: string,
  { fresh, peer, before, parts }: Rounds,
  reach: number,
  aim: number,
): readonly Row[] => {
  const cpu = (figures: readonly Ingested[]) => figures.map(({ cpuUs }) => cpuUs);
  const row = (what: string, figures: readonly Ingested[], isPromised: boolean): Row => ({
    what: `processor time of our process for ${what}, ${name}`,
    measured: microseconds(figures),
    beside: `${peerName}: ${microseconds(peer)}`,
    ratio: ratioOf(cpu(peer), cpu(figures)),
    reach: isPromised ? { atLeast: reach } : null,
    aim: isPromised ? { atLeast: aim } : null,
  });
  const isPromised = name !== 'PostgreSQL';
  return [
    row('each of them', fresh, isPromised),
    ...(parts.length === 0 ? [] : [row('a request to the chosen parts alone', parts, false)]),
    ...(before.length === 0
      ? []
      : [
          row('each of them, the version before', before, false),
          {
            what: `new events a second, beside the version before, ${name}`,
            measured: rate(fresh.map(({ perSecond }) => perSecond)),
            beside: rate(before.map(({ perSecond }) => perSecond)),
            ratio: ratioOf(
              fresh.map(({ perSecond }) => perSecond),
              before.map(({ perSecond }) => perSecond),
            ),
            reach: null,
            aim: null,
          },
        ]),
  ];
};

interface Expected {
  readonly peerName: string;
  readonly reach: number;
  readonly aim: number;
  readonly count: number;
  readonly peerEnv: (store: Store) => Readonly<Record<string, string>>;
  /** Whether to measure beside it what it is made of, without what we built of that. */
  readonly withParts?: boolean;
}

const scenario = (name: string, createStore: () => Promise<Store>, expected: Expected): Scenario => ({
  name,
  async run(options) {
    const { peerName, reach, aim, count, peerEnv, withParts = false } = expected;
    const store = await createStore();
    const service = await startService({ STORE_URL: store.url });
    const peer = await start('bench/peers/bare.ts', peerEnv(store));
    const beforeStore = options.before === undefined ? undefined : await createStore();
    const before = beforeStore && (await startService({ STORE_URL: beforeStore.url }, [], options.before));
    const parts = withParts ? await start('bench/peers/parts.ts') : undefined;
    const running: Measured = { service, peer, before, parts };
    const rounds = await measure(store.name, running, options, options.quick ? 1000 : count);
    const { fresh, repeated, peer: bare, paced } = rounds;
    for (const each of [service, peer, before, parts]) await each?.stop();
    await store.remove();
    await beforeStore?.remove();

    const perSecond = (rounds: readonly Ingested[]) => rounds.map((round) => round.perSecond);
    const p99 = paced.map((round) => round.service.p99Ms);
    const peerP99 = paced.map((round) => round.peer.p99Ms);
    return [
      {
        what: `POST /ingest/stripe, new events, ${store.name}`,
        measured: rate(perSecond(fresh)),
        beside: `${peerName}: ${rate(perSecond(bare))}`,
        ratio: ratioOf(perSecond(fresh), perSecond(bare)),
        reach: { atLeast: reach },
        aim: { atLeast: aim },
      },
      ...processorRows(store.name, peerName, rounds, reach, aim),
      {
        what: `the same events again, ${store.name}`,
        measured: rate(perSecond(repeated)),
        beside: `new events: ${rate(perSecond(fresh))}`,
        ratio: ratioOf(perSecond(repeated), perSecond(fresh)),
        reach: { atLeast: 1 },
        aim: { atLeast: 1.3 },
      },
      {
        what: `p99 at half of that rate, ${store.name}`,
        measured: milliseconds(p99),
        beside: `${peerName}, same rate: ${milliseconds(peerP99)}`,
        ratio: ratioOf(p99, peerP99),
        reach: { atMost: 3 },
        aim: { atMost: 1.5 },
      },
    ];
  },
});

const ceiling = { peerName: 'bare handler', peerEnv: () => ({}) };

export const memoryIngest = scenario('ingest-memory', memoryStore, {
  ...ceiling,
  reach: 0.55,
  aim: 0.7,
  count: 10_000,
  withParts: true,
});
export const sqliteIngest = scenario('ingest-sqlite', sqliteStore, {
  ...ceiling,
  reach: 0.4,
  aim: 0.55,
  count: 10_000,
});
export const postgresIngest = scenario('ingest-postgres', postgresStore, {
  peerName: 'bare handler, an insert each',
  peerEnv: ({ url }) => ({ DATABASE_URL: url }),
  reach: 1,
  aim: 1.4,
  count: 5000,
});

const insertsFile = fileURLToPath(new URL('../peers/sqlite-inserts.ts', import.meta.url));

/** What the disk and SQLite themselves allow. */
export const sqliteInserts: Scenario = {
  name: 'sqlite-inserts',
  async run({ quick, rounds }) {
    const count = quick ? 1000 : 10_000;
    const store = await sqliteStore();
    const service = await startService({ STORE_URL: store.url });
    await ingest(service, { prefix: 'inserts_warm', count });
    const [taken, inserted]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      taken.push((await ingest(service, { prefix: `inserts_${round}`, count })).perSecond);
      const { stdout } = await promisify(execFile)(process.execPath, [insertsFile, String(count)]);
      inserted.push(Number(stdout));
    }
    await service.stop();
    await store.remove();
    const row: Row = {
      what: 'POST /ingest/stripe, new events, SQLite',
      measured: rate(taken),
      beside: `node:sqlite alone, the same bodies, fifty a commit, no index: ${rate(inserted)}`,
      ratio: ratioOf(taken, inserted),
      reach: null,
      aim: null,
    };
    return [row];
  },
};
