// kill -9 at random moments of an outage: one incident at PagerDuty, and it is closed in the end. How many rounds:
// FAULT_ROUNDS, by default few.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { makeDatabaseFolder } from '../support/database-folder.ts';
import { startDatabaseProxy } from '../support/database-proxy.ts';
import { type RememberingPagerDuty, rememberingPagerDuty } from '../support/load.ts';
import { type Outages, startOutages } from '../support/outages.ts';
import { routingKey } from '../support/pagerduty.ts';
import { startPostgres } from '../support/postgres.ts';
import { type ServiceProcess, startProcess } from '../support/process.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { webhookSecret } from '../support/stripe.ts';

useRealNetwork();

const rounds = Number(process.env.FAULT_ROUNDS ?? 2);
const secondsPerRound = 60;
/** A fault strikes within this time of what happens at the vendor: polls come every second. */
const withinMs = 1600;

const environment = (storeUrl: string, pagerDuty: RememberingPagerDuty, { pages }: Outages) => ({
  STRIPE_WEBHOOK_SECRET: webhookSecret,
  PAGERDUTY_ROUTING_KEY: routingKey,
  PAGERDUTY_EVENTS_URL: pagerDuty.url,
  PAGERDUTY_PER_MINUTE: '0',
  STORE_URL: storeUrl,
  STATUS_PAGES: pages,
  STATUS_POLL_INTERVAL_SECONDS: '1',
  DELIVERY_RETRY_MIN_MS: '20',
  DELIVERY_RETRY_MAX_MS: '200',
  DELIVERY_TIMEOUT_MS: '300',
});

type Env = Readonly<Record<string, string>>;

const ready = async (service: ServiceProcess): Promise<ServiceProcess> => {
  await service.line('server.ready');
  return service;
};

/** Processes that share a store; a fault strikes one or all of them, and what died is started again. */
const startReplicas = async (env: Env, count: number) => {
  const start = () => ready(startProcess(env));
  const replicas = await Promise.all(Array.from({ length: count }, start));
  const killOne = async (at: number) => {
    const dead = replicas[at];
    dead?.child.kill('SIGKILL');
    await dead?.exit;
    replicas[at] = await start();
  };
  const anyOne = () => Math.floor(Math.random() * count);
  return {
    kill: () => killOne(anyOne()),
    killAll: () => Promise.all(replicas.map((_, at) => killOne(at))),
    async freeze() {
      const { child } = replicas[anyOne()] ?? {};
      child?.kill('SIGSTOP');
      await pause(1000 + Math.random() * 2000);
      child?.kill('SIGCONT');
    },
  };
};

type Fault = (replicas: Awaited<ReturnType<typeof startReplicas>>) => Promise<unknown>;

const strike = async (replicas: Awaited<ReturnType<typeof startReplicas>>, faults: readonly Fault[]) => {
  await pause(Math.random() * withinMs);
  await faults[Math.floor(Math.random() * faults.length)]?.(replicas);
};

const play = async (storeUrl: string, replicaCount: number, faults: readonly Fault[]): Promise<void> => {
  const pagerDuty = await rememberingPagerDuty();
  const outages = await startOutages(rounds);
  const replicas = await startReplicas(environment(storeUrl, pagerDuty, outages), replicaCount);
  await outages.read();
  const of = (page: number) =>
    [...pagerDuty.incidents.values()].filter(({ key }) => key.startsWith(`p${page}_status:`));
  for (let page = 0; page < rounds; page++) {
    outages.begin(page);
    await strike(replicas, faults);
    await pagerDuty.until(() => of(page).some(({ isOpen }) => isOpen));
    if (Math.random() < 0.5) await strike(replicas, faults);
    outages.end(page);
    await strike(replicas, faults);
    await pagerDuty.until(() => of(page).every(({ isOpen }) => !isOpen));
  }
  // Whatever comes late has come by now, and has opened nothing again.
  await pause(2 * withinMs);
  for (let page = 0; page < rounds; page++) expect(of(page)).toMatchObject([{ isOpen: false, opened: 1 }]);
};

const timeout = rounds * secondsPerRound * 1000;

it('kill -9 in an outage on SQLite: one incident is opened, and closed', { timeout }, async () => {
  const folder = makeDatabaseFolder('outage');
  onTestFinished(() => rm(folder, { recursive: true }));
  await play(`sqlite:${join(folder, 'events.db')}`, 1, [({ kill }) => kill()]);
});

it('two replicas on PostgreSQL, one or both of which are killed or frozen: one incident, closed', {
  timeout,
}, async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  await play(postgres.url, 2, [({ kill }) => kill(), ({ killAll }) => killAll(), ({ freeze }) => freeze()]);
});

it('a database that is killed or slow in an outage: one incident, closed', { timeout }, async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const proxy = await startDatabaseProxy(postgres.url);
  const isKilled = async () => {
    await postgres.kill();
    await pause(Math.random() * 1000);
    await postgres.start();
  };
  const isSlow = async () => {
    proxy.delayBy(300);
    await pause(3000);
    proxy.delayBy(0);
  };
  await play(proxy.url, 2, [isKilled, isSlow]);
});
