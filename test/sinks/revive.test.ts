import { expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { recordBegin, recordEnd } from '../../src/sinks/record.ts';
import { createRevive } from '../../src/sinks/revive.ts';
import { createDeliveryStore } from '../support/delivery-store.ts';
import { collectLog } from '../support/log.ts';
import { aDelivery, anAlert, openedAt } from '../support/telling.ts';

const limits = { retryMs: 900_000, leaseMs: 60_000 };
const hour = 3_600_000;
const refusedSince = '2026-03-01T13:00:00.000Z';

const setUp = () => {
  const store = createDeliveryStore();
  const bus = createBus();
  const queued: string[] = [];
  bus.on('delivery.queued', ({ alertId }) => void queued.push(alertId));
  const failAt = async (alertId: string, atMs: number, more: Partial<Delivery> = {}) => {
    const delivery = aDelivery({ alert_id: alertId, ...more });
    store.putAlert(anAlert({ alert_id: alertId, deliveries: [delivery] }));
    const change = (decide: Parameters<typeof store.transact>[1]) =>
      store.transact({ scopes: [], endedSince: openedAt, alertId }, decide);
    await change(({ alerts }) => ({ ...recordBegin(alerts[0], delivery.id, atMs, atMs + 60_000, limits) }));
    const error = { outcome: 'permanent', statusCode: 403, error: 'HTTP 403', retryAfterMs: null } as const;
    const made = { startedAt: new Date(atMs).toISOString(), result: error, endedMs: atMs + 10 };
    await change(({ alerts }) =>
      recordEnd(alerts[0], delivery.id, { ...made, nextAttemptMs: null, hasFallback: false }, limits),
    );
  };
  const revive = createRevive(store, bus, collectLog().log, () => Date.parse(refusedSince) + hour);
  return { store, queued, failAt, revive };
};

it('what failed for good while the destination refused everything is tried once more, and nothing else', async () => {
  const { queued, failAt, revive, store } = setUp();
  await failAt('meanwhile', Date.parse(refusedSince) + 1000);
  await failAt('long before', Date.parse(refusedSince) - hour / 2);
  await failAt('elsewhere', Date.parse(refusedSince) + 1000, { target: 'test:chat' });
  await revive('test:pager', refusedSince);
  expect(queued).toEqual(['meanwhile']);
  expect(store.alerts.get('meanwhile')?.deliveries).toMatchObject([{ status: 'pending' }]);
  expect(store.alerts.get('long before')?.deliveries).toMatchObject([{ status: 'failed' }]);
  expect(store.histories.get('meanwhile')?.at(-1)).toMatchObject({
    change: 'delivery_retried',
    fields: { status: { old: 'failed', new: 'pending' } },
  });
});

it('of many that failed none is left out, and of an alert only what failed is tried again', async () => {
  const { queued, failAt, revive, store } = setUp();
  for (let at = 0; at < 101; at++)
    await failAt(`alert ${at}`, Date.parse(refusedSince) + 1000, { target: at < 100 ? 'test:chat' : 'test:pager' });
  const last = store.alerts.get('alert 100');
  const other = aDelivery({ target: 'test:chat', status: 'delivered' });
  if (last) store.putAlert({ ...last, deliveries: [other, ...last.deliveries] });
  await revive('test:pager', refusedSince);
  expect(queued).toEqual(['alert 100']);
  expect(store.alerts.get('alert 100')?.deliveries.map(({ status }) => status)).toEqual(['delivered', 'pending']);
});

it('an alert that was told again since, or failed again, is not told twice', async () => {
  const { queued, failAt, revive, store } = setUp();
  const addTrigger = (alertId: string, status: Delivery['status']) => {
    const alert = store.alerts.get(alertId);
    const again = aDelivery({ alert_id: alertId, status, ordinal: 2 });
    if (alert) store.putAlert({ ...alert, deliveries: [...alert.deliveries, again] });
  };
  await failAt('told again', Date.parse(refusedSince) + 1000);
  addTrigger('told again', 'delivered');
  await failAt('about to be told again', Date.parse(refusedSince) + 1000);
  addTrigger('about to be told again', 'pending');
  await failAt('failed', Date.parse(refusedSince) + 1000);
  await revive('test:pager', refusedSince);
  expect(queued).toEqual(['failed']);
});

const ended = (store: ReturnType<typeof setUp>['store'], alertId: string, more: Partial<Alert> = {}) => {
  const alert = store.alerts.get(alertId);
  if (alert) store.putAlert({ ...alert, state: 'resolved', ...more });
};

it('an end that was refused is told once more, and its trigger is not', async () => {
  const { queued, failAt, revive, store } = setUp();
  await failAt('end', Date.parse(refusedSince) + 1000, { action: 'resolve', reason: 'ended' });
  await failAt('trigger', Date.parse(refusedSince) + 1000);
  for (const alertId of ['end', 'trigger']) ended(store, alertId);
  await revive('test:pager', refusedSince);
  expect(queued).toEqual(['end']);
  expect(store.alerts.get('end')?.deliveries).toMatchObject([{ status: 'pending' }]);
});

it('nothing is closed that is open again, or was opened again since', async () => {
  const { queued, failAt, revive, store } = setUp();
  await failAt('open again', Date.parse(refusedSince) + 1000, { action: 'resolve', reason: 'ended' });
  await failAt('ended twice', Date.parse(refusedSince) + 1000, { action: 'resolve', reason: 'ended' });
  ended(store, 'ended twice', { cycle: 2 });
  await revive('test:pager', refusedSince);
  expect(queued).toEqual([]);
});
