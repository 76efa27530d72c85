// What happens to the file under the running service.
import { copyFile, rename, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { guardFile } from '../../../src/stores/sqlite/file-guard.ts';
import { createWriteHealth } from '../../../src/stores/write-health.ts';
import { keep, listed, numbered, record } from '../../contract/event-store/setup.ts';
import { newPath, openStore } from './open-file.ts';

it.each<[string, string, (path: string) => Promise<void>]>([
  ['removed', 'removed', (path) => unlink(path)],
  [
    'replaced by a copy',
    'replaced by another',
    async (path) => {
      await copyFile(path, `${path}.copy`);
      await rename(`${path}.copy`, path);
    },
  ],
  ['robbed of its log', 'removed', (path) => rm(`${path}-wal`)],
])('a file that was %s takes no writes any more, and says so when it is asked', async (_how, said, harm) => {
  const { store, path } = openStore();
  await keep(store, record('a'));
  await store.ping();
  await harm(path);
  await expect(store.ping()).rejects.toThrow(`was ${said} while it was in use`);
  const refused = keep(store, record('b'));
  await expect(refused).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(refused).rejects.toThrow('while it was in use');
  // What was read already may be read on: it was true.
  expect(await store.find('a')).toMatchObject({ subject: 'a' });
});

it('a file that was removed is not made anew by a listing', async () => {
  const { store, path } = openStore();
  await unlink(path);
  await expect(store.listEvents({ limit: 1 })).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('a log that comes into being with the first write is no other log, and from then on it stays', async () => {
  const path = newPath();
  await writeFile(path, '');
  const guard = guardFile(path);
  await writeFile(`${path}-wal`, '');
  guard.check();
  await unlink(`${path}-wal`);
  expect(guard.check).toThrow('was removed while it was in use');
});

it('a file that comes back takes writes again', async () => {
  const { store, path } = openStore();
  await keep(store, record('a'));
  await rename(path, `${path}.aside`);
  await expect(keep(store, record('b'))).rejects.toBeInstanceOf(StoreUnavailable);
  await rename(`${path}.aside`, path);
  await store.ping();
  await keep(store, record('b'));
  expect(await listed(store)).toEqual(['b', 'a']);
});

it('a log that was cut at its end loses what stood there, and the size at the start tells how much is left', async () => {
  const { db, store, path } = openStore();
  for (const id of numbered(20)) await keep(store, record(id));
  const whole = await store.size();
  // As after a crash: the log was not brought into the file.
  await copyFile(path, `${path}.crashed`);
  await copyFile(`${path}-wal`, `${path}.crashed-wal`);
  expect(db.isOpen).toBe(true);
  const { store: intact } = openStore(`${path}.crashed`);
  expect(await intact.size()).toEqual(whole);
  await intact.close();

  await copyFile(path, `${path}.cut`);
  await copyFile(`${path}-wal`, `${path}.cut-wal`);
  await truncate(`${path}.cut-wal`, 200_000);
  const { store: cut } = openStore(`${path}.cut`);
  const { events } = await cut.size();
  expect(events).toBeLessThan(20);
  await keep(cut, record('next'));
  expect(await listed(cut)).toHaveLength(events + 1);
});

it('a question whether it takes writes costs one only now and then, a larger one after a failure', async () => {
  const writes: number[] = [];
  let now = 0;
  let isFull = false;
  const health = createWriteHealth(
    () => undefined,
    async (length) => {
      writes.push(length);
      if (isFull) {
        health.failed();
        throw new Error('full');
      }
      health.committed();
    },
    () => now,
  );
  await Promise.all([health.ping(), health.ping()]);
  await health.ping();
  expect(writes).toEqual([1]);
  now += 5000;
  await health.ping();
  expect(writes).toEqual([1, 1]);
  health.failed();
  isFull = true;
  await expect(health.ping()).rejects.toThrow('full');
  await expect(health.ping()).rejects.toThrow('full');
  isFull = false;
  await health.ping();
  await health.ping();
  expect(writes).toEqual([1, 1, 65_536, 65_536, 65_536]);
});
