// What the tests of this store share: a server of their own, and stores that are closed after each test.
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest';
import { errorText } from '../../../src/lib/errors.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import { createPostgresStore, type PostgresOptions } from '../../../src/stores/postgres/store.ts';
import { collectLog } from '../../support/log.ts';
import { databasePassword, type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { useRealNetwork } from '../../support/real-network.ts';
import { useEmptied } from './emptied.ts';

/** @param durable whether it must survive being killed */
export const useServer = ({ durable = false } = {}) => {
  useRealNetwork();
  let started: PostgresServer | undefined;
  let lastUrl = '';
  beforeAll(async () => {
    started = await startPostgres({ fsync: durable });
  });
  afterAll(() => started?.remove());

  const server = (): PostgresServer => {
    if (!started) throw new Error('the server is not started yet');
    return started;
  };
  const logged = collectLog();

  /** Of an empty schema. */
  const newUrl = async (): Promise<string> => {
    lastUrl = (await server().createSchema()).url;
    return lastUrl;
  };

  const nextEmptied = useEmptied(server, () => server().createSchema());
  /** Of a schema that is empty, or emptied. */
  const emptiedUrl = async (): Promise<string> => {
    lastUrl = (await nextEmptied()).url;
    return lastUrl;
  };

  const openStore = (url: string, options: Partial<PostgresOptions> = {}): EventStore => {
    const store = createPostgresStore({ url, log: logged.log, ...options });
    onTestFinished(() => store.close());
    return store;
  };

  return {
    server,
    logged,
    newUrl,
    emptiedUrl,
    openStore,
    lastUrl: () => lastUrl,

    /** So many stores on one empty schema, as replicas have them; all connected, so that none is ahead. */
    async openReplicas(count: number, options: Partial<PostgresOptions> = {}): Promise<readonly EventStore[]> {
      const url = await newUrl();
      const replicas = Array.from({ length: count }, () => openStore(url, options));
      await Promise.all(replicas.map((store) => store.ping()));
      return replicas;
    },

    async openPair(options: Partial<PostgresOptions> = {}): Promise<readonly [EventStore, EventStore]> {
      const url = await emptiedUrl();
      const pair = [openStore(url, options), openStore(url, options)] as const;
      await Promise.all(pair.map((store) => store.ping()));
      return pair;
    },

    /** A connection past the stores, to the schema that was created last. */
    async openClient(): Promise<pg.Client> {
      const client = new pg.Client({ connectionString: lastUrl });
      client.on('error', () => undefined);
      await client.connect();
      onTestFinished(() => client.end());
      return client;
    },

    /** Resolves when so many statements wait for a lock. */
    untilWaiting: (count = 1): Promise<void> =>
      vi.waitFor(async () => {
        const waiting = await server().query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
        expect(waiting).toHaveLength(count);
      }, 10_000),

    expectNoPassword(...errors: readonly unknown[]): void {
      for (const error of errors) {
        expect(errorText(error)).not.toContain(databasePassword);
        expect(JSON.stringify(error)).not.toContain(databasePassword);
        expect(error instanceof Error && error.stack).not.toContain(databasePassword);
      }
      expect(logged.text()).not.toContain(databasePassword);
    },
  };
};

export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error) => error,
  );

/** The statement's plan, with the ways barred that are taken only while a table is small. */
export const planOf = async (client: pg.Client, sql: string, values: readonly unknown[] = []): Promise<string> => {
  await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off');
  const { rows } = await client.query(`EXPLAIN ${sql}`, [...values]);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
};
