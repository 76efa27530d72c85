import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { StoreUnavailable, StoreUnusable } from '../../src/lib/errors.ts';
import { openStore } from '../../src/stores/open.ts';
import { keep, listed, record } from '../contract/event-store/setup.ts';
import { closedPort } from '../support/http-server.ts';
import { collectLog } from '../support/log.ts';

const bounds = { eventCapacity: 1, dedupeCapacity: 10 };
const open = (url: string) => openStore({ url, ...bounds }, collectLog().log);

it('memory: keeps as many events as it may', async () => {
  const store = open('memory:');
  for (const id of ['a', 'b']) await keep(store, record(id));
  expect([await store.find('a'), await listed(store)]).toEqual(['expired', ['b']]);
});

it('sqlite: keeps events in its file, without such a bound', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'open-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const url = `sqlite:${join(folder, 'a b.db')}`;
  const store = open(url);
  for (const id of ['a', 'b']) await keep(store, record(id));
  await store.close();
  const again = open(url);
  expect(await listed(again)).toEqual(['b', 'a']);
  await again.close();
});

it('sqlite: the log tells when a file of an older version was carried over, and is quiet about all others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'open-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'events.db');
  const old = new DatabaseSync(path);
  old.exec(readFileSync(new URL('./sqlite/before-alerts/filled.sql', import.meta.url), 'utf8'));
  old.close();
  const logged = collectLog();
  for (let start = 0; start < 2; start += 1) await openStore({ url: `sqlite:${path}`, ...bounds }, logged.log).close();
  await openStore({ url: `sqlite:${path}.new`, ...bounds }, logged.log).close();
  expect(logged.of('store.migrated')).toMatchObject([{ from: 4, duration_ms: expect.any(Number) }]);
});

it('sqlite: in a folder that is missing cannot be opened', () => {
  expect(() => open('sqlite:/no/such/folder/events.db')).toThrow(StoreUnusable);
});

it.each(['postgres', 'postgresql'])('%s:// opens although the database is away', async (scheme) => {
  const store = open(`${scheme}://u:p@127.0.0.1:${await closedPort()}/d`);
  await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailable);
  await store.close();
});
