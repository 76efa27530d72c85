import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createPostgresStore } from '../../../src/stores/postgres/store.ts';
import { isolationContract } from '../../contract/event-store/isolation.ts';
import { keep, numbered, payment } from '../../contract/event-store/setup.ts';
import { transactContract } from '../../contract/event-store/transact.ts';
import { workContract } from '../../contract/event-store/work.ts';
import { collectLog } from '../../support/log.ts';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../../support/pgbouncer.ts';
import { type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { useRealNetwork } from '../../support/real-network.ts';
import { useEmptied } from './emptied.ts';

useRealNetwork();

const { log } = collectLog();
/** Longer than any wait on a busy machine, where work queues for the few connections of a pooler. */
const connectTimeoutMs = 30_000;

describe.runIf(hasPgBouncer).each(['session', 'transaction'] as const)('behind PgBouncer in %s mode', (mode) => {
  let server: PostgresServer;
  let pooler: PgBouncer;
  beforeAll(async () => {
    server = await startPostgres({ fsync: false });
    pooler = await startPgBouncer(server.port, mode);
  });
  afterAll(async () => {
    await pooler.stop();
    await server.remove();
  });

  const nextEmptied = useEmptied(
    () => server,
    () => server.createUser(),
  );
  const createStore = async () =>
    createPostgresStore({ url: pooler.urlOf((await nextEmptied()).name), log, connectTimeoutMs });

  for (const part of [transactContract, isolationContract, workContract]) {
    describe('the postgres store', () => part(createStore));
  }

  it('two replicas share a database, each with more work under way than there are connections', async () => {
    const url = pooler.urlOf((await server.createUser()).name);
    const replicas = [0, 1].map(() => createPostgresStore({ url, log, connectTimeoutMs }));
    onTestFinished(async () => void (await Promise.all(replicas.map((store) => store.close()))));
    const ids = numbered(300);
    await Promise.all(
      replicas.flatMap((store, replica) =>
        ids.map((id) => store.withLock(`page ${id}`, () => keep(store, payment(`${replica} ${id}`)))),
      ),
    );
    expect((await replicas[0]?.size())?.events).toBe(600);
  });

  it('leaves no setting behind on a connection that another client is given', async () => {
    const { name: user } = await server.createUser();
    const url = pooler.urlOf(user);
    const store = createPostgresStore({ url, log, connectTimeoutMs });
    await keep(store, payment('a'));
    await store.close();
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    const { rows } = await client.query(
      `SELECT current_setting('statement_timeout') AS statements, count(*)::int AS prepared FROM pg_prepared_statements`,
    );
    expect(rows).toEqual([{ statements: '0', prepared: 0 }]);
  });
});

it.skipIf(hasPgBouncer)('is tried with PgBouncer where that is installed', () => {
  expect.fail('this test is skipped');
});
