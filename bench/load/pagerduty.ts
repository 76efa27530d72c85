// A PagerDuty on the loopback, in the process that makes the load, so that both go by one clock.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { host, type Running, startService } from '../processes.ts';

export const routingKey = 'R0123456789abcdef0123456789ABCDE';

export interface PagerDuty {
  readonly url: string;
  /** When each `dedup_key` first arrived, in milliseconds of `performance.now()`. */
  readonly arrivedMs: ReadonlyMap<string, number>;
  /** Resolves when so many different ones have been answered. */
  answered(count: number): Promise<void>;
  close(): Promise<void>;
}

/** @param answerAfterMs how long it takes for each answer */
export const startPagerDuty = async (answerAfterMs: number): Promise<PagerDuty> => {
  const arrivedMs = new Map<string, number>();
  const done = new Set<string>();
  let look = (): void => undefined;
  const server = createServer(async (request, response) => {
    const nowMs = performance.now();
    let text = '';
    for await (const chunk of request) text += chunk;
    const { dedup_key: key }: { dedup_key: string } = JSON.parse(text);
    if (!arrivedMs.has(key)) arrivedMs.set(key, nowMs);
    if (answerAfterMs > 0) await sleep(answerAfterMs);
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"success"}');
    done.add(key);
    look();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  // The server listens on a TCP port, whose address is an object.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/v2/enqueue`,
    arrivedMs,
    answered: (count) =>
      new Promise((resolve) => {
        look = () => {
          if (done.size >= count) resolve();
        };
        look();
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** What tells a service, or a peer of it, where this PagerDuty is. */
export const notifyingEnv = (url: string): Readonly<Record<string, string>> => ({
  PAGERDUTY_ROUTING_KEY: routingKey,
  PAGERDUTY_EVENTS_URL: url,
});

/** A service that notifies the PagerDuty at this address, without a limit of its own. @param from the root of another checkout */
export const startNotifying = (
  url: string,
  env: Readonly<Record<string, string>> = {},
  from?: string,
): Promise<Running> =>
  startService(
    {
      ...notifyingEnv(url),
      // An older version may not know the limit.
      ...(from === undefined && { PAGERDUTY_PER_MINUTE: '0' }),
      ...env,
    },
    [],
    from,
  );
