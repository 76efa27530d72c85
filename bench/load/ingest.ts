// Posts webhooks to a service or to a peer of it, and refuses to measure wrong answers.
import { host, type Running, webhookSecret } from '../processes.ts';
import { percentile } from '../stats.ts';
import { sendAll } from './client.ts';
import { type Webhooks, webhookRequests } from './requests.ts';

export interface Ingest {
  readonly prefix: string;
  readonly count: number;
  readonly type?: string;
  /** Whether the events have been sent before. */
  readonly isRepeated?: boolean;
  readonly ratePerSecond?: number;
  /** So many of them come first, and their latencies do not count: a process that has rested is slow for a moment. */
  readonly leadIn?: number;
  readonly connections?: number;
}

export interface Ingested {
  readonly perSecond: number;
  /** Processor time of the process that answered, in microseconds a request. */
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** As many as a busy proxy keeps open. */
const usualConnections = 64;

export const payoutFailed = 'payout.failed';
export const paymentFailed = 'payment_intent.payment_failed';

export const prepare = ({ prefix, count, type = paymentFailed }: Ingest): readonly Buffer[] => {
  const webhooks: Webhooks = { prefix, count, type, secret: webhookSecret, path: '/ingest/stripe' };
  return webhookRequests(webhooks);
};

/** @throws when an answer is not the one that it has to be */
export const ingest = async (to: Running, what: Ingest): Promise<Ingested> => {
  const { isRepeated = false, ratePerSecond = null, leadIn = 0, connections = usualConnections } = what;
  const expected = isRepeated ? '{"received":true,"deduped":true}' : '{"received":true}';
  const latencies: number[] = [];
  const wrong: string[] = [];
  const requests = prepare(what);
  const cpuBeforeMs = to.cpuMs();
  const seconds = await sendAll(requests, { host, port: to.port, connections, ratePerSecond }, (at, answer) => {
    if (at >= leadIn) latencies.push(answer.latencyMs);
    if (answer.status !== 200 || answer.body !== expected) wrong.push(`${at}: ${answer.status} ${answer.body}`);
  });
  if (wrong.length > 0) throw new Error(`${wrong.length} wrong answers, the first being ${wrong[0]}`);
  return {
    perSecond: requests.length / seconds,
    cpuUs: ((to.cpuMs() - cpuBeforeMs) * 1000) / requests.length,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
};
