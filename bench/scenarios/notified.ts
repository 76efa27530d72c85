// How many webhooks a second are taken in when each of them notifies somebody.
import { ingest, payoutFailed } from '../load/ingest.ts';
import { notifyingEnv, startNotifying, startPagerDuty } from '../load/pagerduty.ts';
import { installNodeRed } from '../node-red.ts';
import { type Running, start } from '../processes.ts';
import { rate } from '../report.ts';
import type { Row, Scenario } from '../scenario.ts';
import { ratioOf, spreadOf } from '../stats.ts';

const connections = 16;

interface Notified {
  readonly perSecond: number;
  /** Processor time of the process that notified, in microseconds a webhook. */
  readonly cpuUs: number;
}

/** V8 compiles for so long, beside the thread that answers: with one round before, half of what is measured is that. */
const warmRounds = 3;

/** From the first webhook to the answer to the last notification, after some rounds that only warm it up. */
const measure = async (count: number, begin: (url: string) => Promise<Running>): Promise<Notified> => {
  const pagerDuty = await startPagerDuty(0);
  const running = await begin(pagerDuty.url);
  const sendRound = async (round: number): Promise<void> => {
    await ingest(running, { prefix: `notified_${round}`, count, type: payoutFailed, connections });
    await pagerDuty.answered((round + 1) * count);
  };
  for (let round = 0; round < warmRounds; round++) await sendRound(round);
  const cpuBeforeMs = running.cpuMs();
  const startedMs = performance.now();
  await sendRound(warmRounds);
  const seconds = (performance.now() - startedMs) / 1000;
  const cpuUs = ((running.cpuMs() - cpuBeforeMs) * 1000) / count;
  await running.stop();
  await pagerDuty.close();
  return { perSecond: count / seconds, cpuUs };
};

const rates = (rounds: readonly Notified[]): readonly number[] => rounds.map(({ perSecond }) => perSecond);
const times = (rounds: readonly Notified[]): readonly number[] => rounds.map(({ cpuUs }) => cpuUs);
const microseconds = (rounds: readonly Notified[]): string => `${spreadOf(times(rounds)).median.toFixed(0)} µs`;

const what = `each event notified, memory, ${connections} connections`;

const rowsBeside = (
  name: string,
  measured: readonly Notified[],
  beside: readonly Notified[],
  goals: Pick<Row, 'reach' | 'aim'> = { reach: null, aim: null },
): readonly Row[] => [
  {
    what,
    measured: rate(rates(measured)),
    beside: beside.length === 0 ? `${name}: not installed` : `${name}: ${rate(rates(beside))}`,
    ratio: ratioOf(rates(measured), rates(beside)),
    ...goals,
  },
  ...(beside.length === 0
    ? []
    : [
        {
          what: 'processor time of the process for each of them',
          measured: microseconds(measured),
          beside: `${name}: ${microseconds(beside)}`,
          ratio: ratioOf(times(beside), times(measured)),
          reach: null,
          aim: null,
        },
      ]),
];

export const eachNotified: Scenario = {
  name: 'notified',
  async run({ quick, rounds, before }) {
    const count = quick ? 300 : 8000;
    // A quick run shows that everything works, without a download.
    const nodeRed = quick ? undefined : await installNodeRed();
    const service = (from?: string) => (url: string) => startNotifying(url, { EVENT_CAPACITY: '50000' }, from);
    const measured: Notified[] = [];
    const beside: Record<'nodeRed' | 'bare' | 'before', Notified[]> = { nodeRed: [], bare: [], before: [] };
    for (let round = 0; round < rounds; round++) {
      if (before !== undefined) beside.before.push(await measure(count, service(before)));
      if (nodeRed) beside.nodeRed.push(await measure(count, (url) => nodeRed.start(notifyingEnv(url))));
      beside.bare.push(await measure(count, (url) => start('bench/peers/bare-notifying.ts', notifyingEnv(url))));
      measured.push(await measure(count, service()));
    }
    await nodeRed?.remove();
    const goals = { reach: { atLeast: 2 }, aim: { atLeast: 3 } };
    return [
      ...rowsBeside('Node-RED with an HMAC function', measured, beside.nodeRed, goals),
      ...rowsBeside('bare handler that posts each', measured, beside.bare),
      ...(before === undefined ? [] : rowsBeside('the version before', measured, beside.before)),
    ];
  },
};
