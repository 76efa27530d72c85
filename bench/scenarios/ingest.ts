// How many webhooks a second are taken in on each store, how many that were seen before, and how long each one takes.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Ingested, ingest } from '../load/ingest.ts';
import { type Running, start, startService } from '../processes.ts';
import type { Options, Row, Scenario } from '../scenario.ts';
import { ratioOf, spreadOf } from '../stats.ts';
import { memoryStore, postgresStore, type Store, sqliteStore } from '../stores.ts';

const rate = (figures: readonly number[]): string => `${Math.round(spreadOf(figures).median).toLocaleString('en')}/s`;
const milliseconds = (figures: readonly number[]): string => `${spreadOf(figures).median.toFixed(2)} ms`;

interface Rounds {
  readonly fresh: Ingested[];
  readonly repeated: Ingested[];
  /** The peer's, in the same rounds. */
  readonly peer: Ingested[];
  readonly paced: { readonly service: Ingested; readonly peer: Ingested }[];
}

/** One round after the other, and in each the service and its peer, so that both have the same neighbours. */
const measure = async (
  name: string,
  service: Running,
  peer: Running,
  { quick, rounds }: Options,
  count: number,
): Promise<Rounds> => {
  const measured: Rounds = { fresh: [], repeated: [], peer: [], paced: [] };
  const warmUp = Math.ceil(count / 2);
  await ingest(service, { prefix: `${name}_warm`, count: warmUp });
  await ingest(peer, { prefix: `${name}_warm`, count: warmUp });
  for (let round = 0; round < rounds; round++) {
    const prefix = `${name}_${round}`;
    measured.peer.push(await ingest(peer, { prefix, count }));
    measured.fresh.push(await ingest(service, { prefix, count }));
    measured.repeated.push(await ingest(service, { prefix, count, isRepeated: true }));
  }
  const ratePerSecond = spreadOf(measured.fresh.map(({ perSecond }) => perSecond)).median / 2;
  const paced = Math.ceil(ratePerSecond * (quick ? 0.3 : 2));
  for (let round = 0; round < rounds; round++) {
    const what = { prefix: `${name}_paced_${round}`, count: paced, ratePerSecond };
    measured.paced.push({ peer: await ingest(peer, what), service: await ingest(service, what) });
  }
  return measured;
};

interface Promised {
  readonly peerName: string;
  readonly reach: number;
  readonly aim: number;
  readonly count: number;
  readonly peerEnv: (store: Store) => Readonly<Record<string, string>>;
}

const scenario = (name: string, createStore: () => Promise<Store>, promised: Promised): Scenario => ({
  name,
  async run(options) {
    const { peerName, reach, aim, count, peerEnv } = promised;
    const store = await createStore();
    const service = await startService({ STORE_URL: store.url });
    const peer = await start('bench/peers/bare.ts', peerEnv(store));
    const {
      fresh,
      repeated,
      peer: bare,
      paced,
    } = await measure(store.name, service, peer, options, options.quick ? 1000 : count);
    await service.stop();
    await peer.stop();
    await store.remove();

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
        reach: { atMost: 2 },
        aim: { atMost: 1.3 },
      },
    ];
  },
});

const ceiling = { peerName: 'bare handler', peerEnv: () => ({}) };

export const memoryIngest = scenario('ingest-memory', memoryStore, { ...ceiling, reach: 0.6, aim: 0.8, count: 10_000 });
export const sqliteIngest = scenario('ingest-sqlite', sqliteStore, { ...ceiling, reach: 0.4, aim: 0.6, count: 10_000 });
export const postgresIngest = scenario('ingest-postgres', postgresStore, {
  peerName: 'bare handler, an insert each',
  peerEnv: ({ url }) => ({ DATABASE_URL: url }),
  reach: 1,
  aim: 2,
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
