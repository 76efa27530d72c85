import { gzipSync } from 'node:zlib';
import { afterEach, expect, it, vi } from 'vitest';
import { startService } from '../../support/service.ts';
import { signed, stripeEvent } from '../../support/stripe.ts';

const stranger = '203.0.113.9';
const vendor = '198.51.100.1';

afterEach(() => vi.useRealTimers());

/** A service, and who posts to it: each gives the answer's status. */
const start = async (env: Readonly<Record<string, string>> = {}) => {
  const service = await startService(env);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let count = 0;
  const post = async (address: string, init: RequestInit) =>
    service.request('/ingest/stripe', { method: 'POST', ...init }, address);
  return {
    ...service,
    post,
    forged: async (address: string, headers = {}) => (await post(address, { body: '{}', headers })).status,
    genuine: async (address: string) => {
      count += 1;
      return (await post(address, signed(stripeEvent(`evt_${count}`, 'charge.succeeded'), service.clock.now()))).status;
    },
  };
};

const times = async (n: number, act: () => Promise<number>): Promise<ReadonlySet<number>> => {
  const statuses = new Set<number>();
  for (let i = 0; i < n; i += 1) statuses.add(await act());
  return statuses;
};

it('a forged webhook is always answered 400 and a signed one always taken, whatever its address sent before', async () => {
  const { forged, genuine } = await start();
  expect(await times(300, () => forged(vendor))).toEqual(new Set([400]));
  expect(await times(30, () => genuine(vendor))).toEqual(new Set([200]));
  expect(await forged(vendor)).toBe(400);
});

it('of a flood the first 20 refusals have their lines, and the others one line a second with a count', async () => {
  const { forged, logged } = await start();
  await times(120, () => forged(stranger));
  const [refused, answered] = [() => logged.of('signal.refused'), () => logged.of('request.answered')];
  expect([refused().length, answered().length]).toEqual([20, 20]);
  expect(refused()[0]).toMatchObject({
    level: 'warn',
    vendor: 'stripe',
    address: stranger,
    detail: expect.any(String),
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(refused().slice(20)).toMatchObject([{ vendor: 'stripe', address: stranger, count: 100 }]);
  await times(5, () => forged(stranger));
  await vi.advanceTimersByTimeAsync(1000);
  expect(refused().slice(21)).toMatchObject([{ count: 5 }]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([refused().length, answered().length]).toEqual([22, 20]);
});

it('another address, and the same one a minute later, have lines of their own again', async () => {
  const { clock, forged, logged } = await start();
  await times(40, () => forged(stranger));
  await forged(vendor);
  expect(logged.of('signal.refused').at(-1)).toMatchObject({ address: vendor, request_id: expect.any(String) });
  clock.advance(60_000);
  await forged(stranger);
  expect(logged.of('signal.refused').at(-1)).toMatchObject({ address: stranger, request_id: expect.any(String) });
});

it('a flood from many addresses is told in one line, too', async () => {
  const { forged, logged } = await start();
  for (let n = 1; n <= 30; n += 1) await times(21, () => forged(`198.51.100.${n}`));
  const before = logged.of('signal.refused').length;
  await vi.advanceTimersByTimeAsync(1000);
  expect(logged.of('signal.refused').slice(before)).toMatchObject([{ addresses: 30, count: 30 }]);
});

it('a webhook that is taken in the middle of a flood keeps its line', async () => {
  const { forged, genuine, logged } = await start();
  await times(30, () => forged(vendor));
  await genuine(vendor);
  expect(logged.of('request.answered').at(-1)).toMatchObject({ status: 200 });
});

it('a body that is too large counts as refused, too', async () => {
  const { post, logged } = await start({ MAX_BODY_BYTES: '10' });
  expect(await times(30, async () => (await post(stranger, { body: 'x'.repeat(11) })).status)).toEqual(new Set([413]));
  expect(logged.of('signal.refused')).toHaveLength(20);
  expect(logged.of('signal.refused')[0]).toMatchObject({ detail: 'the body is larger than 10 bytes' });
});

it.each(['gzip', 'br', 'deflate, gzip', 'GZIP'])(
  'a body in %s is refused by the name of its encoding',
  async (encoding) => {
    const { post, clock, events, request } = await start();
    const { body, headers } = signed(stripeEvent('evt_1'), clock.now());
    const init = { body: gzipSync(String(body)), headers: { ...(headers as object), 'content-encoding': encoding } };
    const response = await post(vendor, init);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      detail: expect.stringContaining(
        `the body came with Content-Encoding: ${encoding}, and its signature is over the plain`,
      ),
    });
    expect(await events()).toEqual([]);
    expect(await (await request('/metrics')).text()).toContain('source="stripe",outcome="refused"} 1\n');
  },
);

it('a body that says to be encoded as it is, is taken', async () => {
  const { post, clock } = await start();
  const { body, headers } = signed(stripeEvent('evt_1', 'charge.succeeded'), clock.now());
  const init = { body: String(body), headers: { ...(headers as object), 'content-encoding': 'identity' } };
  expect((await post(vendor, init)).status).toBe(200);
});
