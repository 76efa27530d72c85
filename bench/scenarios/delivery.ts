// From a webhook to PagerDuty: how long it takes at a steady rate, and how fast a burst is worked off.
import { sendAll } from '../load/client.ts';
import { enqueueRequest } from '../load/enqueue.ts';
import { ingest, payoutFailed, prepare } from '../load/ingest.ts';
import { notifyingEnv, type PagerDuty, startNotifying, startPagerDuty } from '../load/pagerduty.ts';
import { eventIdOf } from '../load/requests.ts';
import { host, type Running, start } from '../processes.ts';
import type { Row, Scenario } from '../scenario.ts';
import { percentile, spreadOf } from '../stats.ts';

const ratePerSecond = 200;

/** From when each webhook was to be sent to when its page arrived. */
const through = async (service: Running, pagerDuty: PagerDuty, prefix: string, count: number): Promise<number[]> => {
  const before = pagerDuty.arrivedMs.size;
  const requests = prepare({ prefix, count, type: payoutFailed });
  const sentMs: number[] = [];
  await sendAll(requests, { host, port: service.port, connections: 16, ratePerSecond }, (at, { status, latencyMs }) => {
    if (status !== 200) throw new Error(`webhook ${at} was answered ${status}`);
    sentMs[at] = performance.now() - latencyMs;
  });
  await pagerDuty.answered(before + count);
  return sentMs.map((sent, at) => (pagerDuty.arrivedMs.get(eventIdOf(prefix, at)) ?? Number.NaN) - sent);
};

/** The same request, sent to PagerDuty by a `fetch` of ours at the same rate. */
const direct = async (pagerDuty: PagerDuty, prefix: string, count: number): Promise<number[]> => {
  const startedMs = performance.now();
  const sentMs: number[] = [];
  const sends: Promise<unknown>[] = [];
  for (let at = 0; at < count; at++) {
    const dueMs = startedMs + (at * 1000) / ratePerSecond;
    while (performance.now() < dueMs) await new Promise(setImmediate);
    sentMs[at] = dueMs;
    const body = JSON.stringify(enqueueRequest(`${prefix}_${at}`));
    const headers = { 'content-type': 'application/json' };
    sends.push(fetch(pagerDuty.url, { method: 'POST', headers, body }).then((response) => response.arrayBuffer()));
  }
  await Promise.all(sends);
  return sentMs.map((sent, at) => (pagerDuty.arrivedMs.get(`${prefix}_${at}`) ?? Number.NaN) - sent);
};

interface Latencies {
  readonly direct: readonly number[];
  readonly service: readonly number[];
  /** Through a handler that does no more than check the signature and post. */
  readonly bare: readonly number[];
}

export const deliveryLatency: Scenario = {
  name: 'delivery-latency',
  async run({ quick, rounds }) {
    const count = ratePerSecond * (quick ? 1 : 5);
    const pagerDuty = await startPagerDuty(0);
    // Each event is of a payment of its own, which stays open, and so is kept.
    const service = await startNotifying(pagerDuty.url, { EVENT_CAPACITY: '100000' });
    const bare = await start('bench/peers/bare-notifying.ts', notifyingEnv(pagerDuty.url));
    const measure = async (name: string): Promise<Latencies> => ({
      direct: await direct(pagerDuty, `direct_${name}`, count),
      bare: await through(bare, pagerDuty, `bare_${name}`, count),
      service: await through(service, pagerDuty, `service_${name}`, count),
    });
    // A steady rate is asked for: what V8 compiles in the first thousands of events is not what is measured.
    const warmUp = { count: count * 5, type: payoutFailed, connections: 16 };
    for (const each of [service, bare]) {
      const before = pagerDuty.arrivedMs.size;
      await ingest(each, { prefix: `warm_${each.pid}`, ...warmUp });
      await pagerDuty.answered(before + warmUp.count);
    }
    await measure('warm');
    const measured: Latencies[] = [];
    for (let round = 0; round < rounds; round++) measured.push(await measure(String(round)));
    await service.stop();
    await bare.stop();
    await pagerDuty.close();

    const row = (by: 'service' | 'bare', name: string, share: number): Row => {
      const via = measured.map((round) => percentile(round[by], share));
      const without = measured.map((round) => percentile(round.direct, share));
      const isOurs = by === 'service';
      return {
        what: `webhook sent → PagerDuty request arrived, ${name}, at ${ratePerSecond} events a second${isOurs ? '' : ', through a bare handler that posts each'}`,
        measured: `${spreadOf(via).median.toFixed(2)} ms`,
        beside: `fetch of the same request: ${spreadOf(without).median.toFixed(2)} ms`,
        ratio: spreadOf(via.map((ms, round) => ms - (without[round] ?? Number.NaN))),
        unit: ' ms more',
        reach: isOurs ? { atMost: 5 } : null,
        aim: isOurs ? { atMost: 3 } : null,
      };
    };
    return [row('service', 'p50', 0.5), row('service', 'p99', 0.99), row('bare', 'p50', 0.5), row('bare', 'p99', 0.99)];
  },
};

const answerAfterMs = 100;

/** At the default of 8 a burst takes two minutes at least; more requests at once leave less time for each. */
const concurrency = 64;

export const deliveryBurst: Scenario = {
  name: 'delivery-burst',
  async run({ quick, rounds }) {
    const count = quick ? 640 : 10_000;
    const idealSeconds = (count * answerAfterMs) / 1000 / concurrency;
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const pagerDuty = await startPagerDuty(answerAfterMs);
      const service = await startNotifying(pagerDuty.url, {
        DELIVERY_CONCURRENCY: String(concurrency),
        EVENT_CAPACITY: '20000',
      });
      const startedMs = performance.now();
      await ingest(service, { prefix: `burst_${round}`, count, type: payoutFailed });
      await pagerDuty.answered(count);
      seconds.push((performance.now() - startedMs) / 1000);
      await service.stop();
      await pagerDuty.close();
    }
    return [
      {
        what: `a burst of ${count.toLocaleString('en')} critical events, PagerDuty answering in ${answerAfterMs} ms`,
        measured: `${spreadOf(seconds).median.toFixed(2)} s`,
        beside: `${count.toLocaleString('en')} × ${answerAfterMs} ms ÷ ${concurrency} at once: ${idealSeconds.toFixed(2)} s`,
        ratio: spreadOf(seconds.map((each) => each / idealSeconds)),
        reach: { atMost: 1.2 },
        aim: { atMost: 1.05 },
      },
    ];
  },
};
