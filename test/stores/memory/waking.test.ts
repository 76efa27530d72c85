// The memory store looks through the alerts that wait only when the first of them can be due.
import { expect, it } from 'vitest';
import type { EventStore } from '../../../src/stores/event-store.ts';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { alert, at, keepAlert, ms, reviseAlert, useStore } from '../../contract/event-store/setup.ts';

const { current } = useStore(() => createMemoryStore({ eventCapacity: 9, dedupeCapacity: 9 }));

const wakingAt = async (store: EventStore, id: string, minute: number): Promise<void> =>
  keepAlert(store, alert(id, 0, { wake_at: at(minute) }));

const dueAt = async (store: EventStore, minute: number, limit = 9): Promise<readonly string[]> =>
  (await store.dueAlerts(ms(minute), limit)).map(({ alertId }) => alertId);

it('each alert is due from its time on, the earliest first', async () => {
  await wakingAt(current(), 'late', 5);
  await wakingAt(current(), 'early', 3);
  expect(await dueAt(current(), 2)).toEqual([]);
  expect(await dueAt(current(), 3)).toEqual(['early']);
  expect(await dueAt(current(), 4)).toEqual(['early']);
  expect(await dueAt(current(), 5)).toEqual(['early', 'late']);
});

it('an alert beyond the limit is due the next time', async () => {
  await wakingAt(current(), 'late', 5);
  await wakingAt(current(), 'early', 3);
  expect(await dueAt(current(), 5, 1)).toEqual(['early']);
  await reviseAlert(current(), 'early', (found) => ({ ...found, wake_at: null }));
  expect(await dueAt(current(), 5, 1)).toEqual(['late']);
});

it('an alert whose time is moved forward is due then, although others have been looked at since', async () => {
  await wakingAt(current(), 'moved', 9);
  await wakingAt(current(), 'other', 1);
  expect(await dueAt(current(), 2)).toEqual(['other']);
  await reviseAlert(current(), 'moved', (found) => ({ ...found, wake_at: at(3) }));
  await reviseAlert(current(), 'other', (found) => ({ ...found, wake_at: at(8) }));
  expect(await dueAt(current(), 4)).toEqual(['moved']);
  expect(await dueAt(current(), 8)).toEqual(['moved', 'other']);
});

it('a clock that steps back finds nothing before its time', async () => {
  await wakingAt(current(), 'a', 5);
  expect(await dueAt(current(), 5)).toEqual(['a']);
  expect(await dueAt(current(), 4)).toEqual([]);
  expect(await dueAt(current(), 5)).toEqual(['a']);
});
