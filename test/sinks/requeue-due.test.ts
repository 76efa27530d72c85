import { expect, it } from 'vitest';
import { createBus } from '../../src/pipeline/bus.ts';
import type { Topics } from '../../src/pipeline/topics.ts';
import { createRequeue } from '../../src/sinks/requeue-due.ts';
import type { DueDelivery } from '../../src/stores/event-store.ts';
import { createClock } from '../support/clock.ts';
import { aDelivery, openedAt } from '../support/telling.ts';

const due = (id: string, target = 'test:pager'): DueDelivery => ({
  ...aDelivery({ alert_id: id, target, request_id: `req-${id}` }),
  scope: `scope-${id}`,
});

const setUp = (deliveries: readonly DueDelivery[], fullTargets: readonly string[] = [], sharedNow?: () => number) => {
  const bus = createBus();
  const queued: Topics['delivery.queued'][] = [];
  bus.on('delivery.queued', (message) => queued.push(message));
  const asked: object[] = [];
  const withouts: (readonly string[])[] = [];
  const store = {
    sharedClock: async () => sharedNow,
    dueDeliveries: async (nowMs: number, limit: number, without: readonly string[] = [], leaseNowMs?: number) => {
      asked.push({ nowMs, limit, without, leaseNowMs });
      withouts.push(without);
      return deliveries.filter(({ target }) => !without.includes(target)).slice(0, limit);
    },
  };
  return { requeue: createRequeue(store, bus, createClock(openedAt).now, () => fullTargets), queued, asked, withouts };
};

it('queues again what is due, on the thread that caused it, each as a signal of its own', async () => {
  const [a, b] = [due('a'), due('b')];
  const { requeue, queued, asked } = setUp([a, b]);
  await requeue.run();
  expect(queued).toEqual([
    { signalId: expect.any(String), requestId: 'req-a', alertId: 'a', scope: 'scope-a', deliveries: [a] },
    { signalId: expect.any(String), requestId: 'req-b', alertId: 'b', scope: 'scope-b', deliveries: [b] },
  ]);
  expect(queued[0]?.signalId).not.toBe(queued[1]?.signalId);
  const nowMs = Date.parse(openedAt);
  expect(asked).toEqual([{ nowMs, limit: 1000, without: [], leaseNowMs: nowMs }]);
});

it('leaves out what is full or paused, so that it hides nothing else, and looks at all of it now and then', async () => {
  const { requeue, withouts } = setUp([due('a')], ['test:full']);
  for (let run = 0; run < 21; run++) await requeue.run();
  const withAll = withouts.flatMap((without, run) => (without.length === 0 ? [run] : []));
  expect(withAll).toEqual([0, 10, 20]);
  expect(withouts[1]).toEqual(['test:full']);
});

it('leases end by the clock that the processes share', async () => {
  const { requeue, asked } = setUp([], [], () => 7);
  await requeue.run();
  expect(asked).toMatchObject([{ nowMs: Date.parse(openedAt), leaseNowMs: 7 }]);
});

it('does nothing when nothing is due', async () => {
  const { requeue, queued } = setUp([]);
  await requeue.run();
  expect(queued).toEqual([]);
});

it('rejects when the store cannot answer', async () => {
  const down = new Error('the store is down');
  const store = { sharedClock: async () => undefined, dueDeliveries: () => Promise.reject(down) };
  await expect(createRequeue(store, createBus(), createClock().now, () => []).run()).rejects.toBe(down);
});
