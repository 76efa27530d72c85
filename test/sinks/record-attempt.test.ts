import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createJob } from '../../src/sinks/delivery-job.ts';
import { createRecordAttempt } from '../../src/sinks/record-attempt.ts';
import { collectLog } from '../support/log.ts';
import { aDelivery, openedAt } from '../support/telling.ts';

const record = (thrown: unknown) => {
  const logged = collectLog();
  const delivery = aDelivery();
  const times = { retryMinMs: 1000, retryMaxMs: 60_000, maxAgeSeconds: 86_400, concurrency: 1, timeoutMs: 10_000 };
  const recordAttempt = createRecordAttempt({
    store: { transact: () => Promise.reject(thrown) },
    bus: createBus(),
    limits: times,
    log: logged.log,
  });
  const job = createJob({ alertId: 'evt_1', scope: 'stripe::po_1', requestId: 'req-1' }, delivery, delivery.target, 0);
  const made = {
    delivery,
    startedAt: openedAt,
    result: { outcome: 'delivered', statusCode: 202 },
    endedMs: Date.parse(openedAt),
    nextAttemptMs: null,
    hasFallback: false,
    durationMs: 1,
    wasSent: true,
    isBegun: true,
  } as const;
  return { logged, done: recordAttempt(job, made) };
};

it('an attempt that cannot be written down is told of, to be written later; a fault is not taken for that', async () => {
  const away = record(new StoreUnavailable('store_full', 'the disk is full'));
  expect(await away.done).toBe('unwritable');
  expect(away.logged.of('delivery.unwritable')).toMatchObject([{ level: 'warn', error: 'the disk is full' }]);
  const fault = record(new TypeError('a bug'));
  await expect(fault.done).rejects.toThrow('a bug');
  expect(fault.logged.lines).toEqual([]);
});
