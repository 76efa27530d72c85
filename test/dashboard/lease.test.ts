import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createByLease } from '../../src/dashboard/lease.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const name = 'lease';

/** What all tabs of one browser see. */
const createStorage = () => {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, text: string) => void items.set(key, text),
    removeItem: (key: string) => void items.delete(key),
  };
};

/** A tab, and whether it has a stream. */
const openTab = (storage: ReturnType<typeof createStorage>) => {
  const told: string[] = [];
  const lease = createByLease(
    storage,
    name,
    () => told.push('held'),
    () => told.push('lost'),
  );
  lease.request();
  return { ...lease, told, holds: () => told.at(-1) === 'held' };
};

/** What the browser shows of a tab that it holds up: nothing that is due happens. Its lease runs out. */
const takeOver = (storage: ReturnType<typeof createStorage>) => {
  storage.removeItem(name);
  return openTab(storage);
};

it('the first tab is the one for as long as it renews its lease, and the next after it gave it up', () => {
  const storage = createStorage();
  const [first, second] = [openTab(storage), openTab(storage)];
  vi.advanceTimersByTime(60_000);
  expect([first.told, second.told]).toEqual([['held'], []]);
  first.release();
  vi.advanceTimersByTime(2000);
  expect(second.told).toEqual(['held']);
});

it('the lease of a tab that crashed is free after six seconds', () => {
  const storage = createStorage();
  storage.setItem(name, `crashed ${Date.now() + 6000}`);
  const tab = openTab(storage);
  vi.advanceTimersByTime(5000);
  expect(tab.told).toEqual([]);
  vi.advanceTimersByTime(2000);
  expect(tab.told).toEqual(['held']);
});

it('a tab whose lease another one took over hears of it, so that there is one stream', () => {
  const storage = createStorage();
  const slept = openTab(storage);
  const other = takeOver(storage);
  expect([slept.holds(), other.holds()]).toEqual([true, true]);
  vi.advanceTimersByTime(2000);
  expect([slept.told, other.told]).toEqual([['held', 'lost'], ['held']]);
});

it('a tab whose lease another one took over does not give up the lease of the other', () => {
  const storage = createStorage();
  const slept = openTab(storage);
  const other = takeOver(storage);
  slept.release();
  const third = openTab(storage);
  vi.advanceTimersByTime(10_000);
  expect([other.told, third.told]).toEqual([['held'], []]);
});

it('a tab that lost its lease is the one again when the other has gone', () => {
  const storage = createStorage();
  const slept = openTab(storage);
  const other = takeOver(storage);
  vi.advanceTimersByTime(2000);
  other.release();
  vi.advanceTimersByTime(2000);
  expect(slept.told).toEqual(['held', 'lost', 'held']);
});

it('a tab that let go of it asks no more, until it is asked to', () => {
  const storage = createStorage();
  const tab = openTab(storage);
  tab.release();
  vi.advanceTimersByTime(10_000);
  expect([tab.told, storage.getItem(name)]).toEqual([['held'], null]);
  tab.request();
  tab.request();
  expect(tab.told).toEqual(['held', 'held']);
  expect(vi.getTimerCount()).toBe(1);
});

it.each(['nonsense', 'other 99999999999999', 'other'])('a lease that cannot be one (%s) is free', (text) => {
  const storage = createStorage();
  storage.setItem(name, text);
  expect(openTab(storage).told).toEqual(['held']);
});

it('where nothing can be kept each tab has its own stream', () => {
  const storage = createStorage();
  const full = {
    ...storage,
    setItem: () => {
      throw new Error('the storage is full');
    },
  };
  const [first, second] = [openTab(full), openTab(full)];
  vi.advanceTimersByTime(10_000);
  expect([first.told, second.told]).toEqual([['held'], ['held']]);
});
