import { expect, it } from 'vitest';
import { readOpenAlerts, readOpenEvents } from '../../src/stores/walk-open.ts';
import { anAlert, aRecord } from '../support/builders.ts';

const pages = (count: number) => {
  let read = 0;
  return { read: () => read, next: () => (++read < count ? { sequence: count - read } : null) };
};

it('every page of the open alerts is read', async () => {
  const { next } = pages(3);
  const listAlerts = async () => ({ alerts: [anAlert()], next: next() });
  expect(await readOpenAlerts({ listAlerts })).toHaveLength(3);
});

it('a walk that does not end is cut off', async () => {
  const { next, read } = pages(1000);
  const listAlerts = async () => ({ alerts: [anAlert()], next: next() });
  expect(await readOpenAlerts({ listAlerts })).toHaveLength(20);
  expect(read()).toBe(20);
});

it('open events are read with those that belong to no alert', async () => {
  const events = [aRecord(), aRecord({}, { alert_id: 'a' })].map((record) => ({
    record,
    deliveries: [],
    rawJson: null,
  }));
  const listEvents = async () => ({ events, next: null });
  expect(await readOpenEvents({ listEvents })).toMatchObject([{ alert_id: null }, { alert_id: 'a' }]);
});
