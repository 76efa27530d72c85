// A database behind a socket, as Cloud SQL gives it: the URL has no host before its path.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../../src/config/env.ts';
import { openStore } from '../../../src/stores/open.ts';
import { collectLog } from '../../support/log.ts';
import { databasePassword, type PostgresServer, startPostgres } from '../../support/postgres.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres({ fsync: false });
});
afterAll(() => server.remove());

it.each([
  ['with a user and a password', `postgres://postgres:${databasePassword}@/postgres`],
  ['with a user', 'postgresql://postgres@/postgres'],
])('%s it takes writes', async (_, start) => {
  const url = `${start}?host=${server.socketFolder}&port=${new URL(server.url).port}`;
  const config = readConfig({ STRIPE_WEBHOOK_SECRET: 'whsec_1', STORE_URL: url });
  const { log } = collectLog();
  const store = openStore(config.store, log);
  await store.ping();
  expect((await store.listEvents({ limit: 1 })).events).toEqual([]);
  await store.close();
});
