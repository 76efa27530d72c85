// How many webhooks a second are taken in when each of them notifies somebody.
import { ingest, payoutFailed } from '../load/ingest.ts';
import { startNotifying, startPagerDuty } from '../load/pagerduty.ts';
import { rate } from '../report.ts';
import type { Scenario } from '../scenario.ts';
import { ratioOf, spreadOf } from '../stats.ts';

const connections = 16;

/** From the first webhook to the answer to the last notification. */
const perSecond = async (count: number, from?: string): Promise<number> => {
  const pagerDuty = await startPagerDuty(0);
  const service = await startNotifying(pagerDuty, { EVENT_CAPACITY: '50000' }, from);
  await ingest(service, { prefix: 'notified_warm', count, type: payoutFailed, connections });
  await pagerDuty.answered(count);
  const startedMs = performance.now();
  await ingest(service, { prefix: 'notified', count, type: payoutFailed, connections });
  await pagerDuty.answered(2 * count);
  const seconds = (performance.now() - startedMs) / 1000;
  await service.stop();
  await pagerDuty.close();
  return count / seconds;
};

export const eachNotified: Scenario = {
  name: 'notified',
  async run({ quick, rounds, before }) {
    const count = quick ? 300 : 4000;
    const [measured, beside]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      if (before !== undefined) beside.push(await perSecond(count, before));
      measured.push(await perSecond(count));
    }
    return [
      {
        what: `each event notified, memory, ${connections} connections`,
        measured: rate(measured),
        beside: before === undefined ? '–' : `the version before: ${rate(beside)}`,
        ratio: before === undefined ? spreadOf([1]) : ratioOf(measured, beside),
        reach: null,
        aim: null,
      },
    ];
  },
};
