import { expect, it } from 'vitest';
import { listen } from '../../../src/http/listen.ts';
import { startService } from '../../support/service.ts';
import { signed, stripeEvent } from '../../support/stripe.ts';

const stranger = '203.0.113.9';
const vendor = '198.51.100.1';

/** A service, and who posts to it: each gives the answer's status. */
const start = async (env: Readonly<Record<string, string>> = {}) => {
  const service = await startService(env);
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

const times = async (n: number, act: () => Promise<number>): Promise<readonly number[]> => {
  const statuses: number[] = [];
  for (let i = 0; i < n; i += 1) statuses.push(await act());
  return statuses;
};

/** A body that says whether anybody has read it. */
const watched = () => {
  let read = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        read = true;
        controller.enqueue(Buffer.from('{}'));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { init: { body, duplex: 'half' } as const, wasRead: () => read };
};

it('an address whose webhooks fail verification is soon answered 429, without its body being read', async () => {
  const { forged, post, logged } = await start();
  expect(await times(19, () => forged(stranger))).toEqual(Array(19).fill(400));
  expect(await forged(stranger)).toBe(429);

  const { init, wasRead } = watched();
  const response = await post(stranger, init);
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('10');
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    detail: 'too many requests that could not be verified: come back in 10 s',
    request_id: response.headers.get('x-request-id'),
  });
  expect(wasRead()).toBe(false);
  expect(logged.of('signal.refused')).toHaveLength(20);
  expect(logged.of('signal.refused').at(-1)).toMatchObject({ address: stranger, wait_ms: 10_000 });
});

it('before that, bodies are read', async () => {
  const { post } = await start();
  const { init, wasRead } = watched();
  expect((await post(stranger, init)).status).toBe(400);
  expect(wasRead()).toBe(true);
});

it('another address is not slowed', async () => {
  const { forged, genuine } = await start();
  await times(40, () => forged(stranger));
  expect(await genuine(vendor)).toBe(200);
  expect(await forged(vendor)).toBe(400);
});

it('webhooks that are verified are never limited, however many, and whatever fails from the same address', async () => {
  const { forged, genuine } = await start();
  expect(await times(100, () => genuine(vendor))).toEqual(Array(100).fill(200));
  const statuses = await times(100, () => forged(vendor));
  expect(statuses.slice(-80)).toEqual(Array(80).fill(429));
  expect(await times(10, () => genuine(vendor))).toEqual(Array(10).fill(200));
});

it('a vendor whose secret was wrong comes back within ten seconds of its being put right', async () => {
  const { clock, forged, genuine } = await start();
  await times(40, () => forged(vendor));
  expect(await genuine(vendor)).toBe(429);
  clock.advance(10_000);
  expect(await genuine(vendor)).toBe(200);
});

it('what the vendor signed but we cannot use does not count', async () => {
  const { clock, post, genuine } = await start();
  const notAnEvent = async () => (await post(vendor, signed({ id: 'evt_1' }, clock.now()))).status;
  expect(await times(40, notAnEvent)).toEqual(Array(40).fill(400));
  expect(await genuine(vendor)).toBe(200);
});

it('behind a proxy that is named each client counts for itself', async () => {
  const { forged, genuine } = await start({ TRUSTED_PROXIES: `${vendor}, 10.0.0.0/8` });
  await times(40, () => forged(vendor, { 'x-forwarded-for': stranger }));
  expect(await forged(vendor, { 'x-forwarded-for': stranger })).toBe(429);
  expect(await forged(vendor, { 'x-forwarded-for': '203.0.113.10' })).toBe(400);
  expect(await genuine(vendor)).toBe(200);
});

it('nobody gets a new address by naming one', async () => {
  const { forged } = await start();
  let n = 0;
  const statuses = await times(40, () => {
    n += 1;
    return forged(stranger, { 'x-forwarded-for': `192.0.2.${n}` });
  });
  expect(statuses.slice(-20)).toEqual(Array(20).fill(429));
});

it('a large body that nobody reads does not keep the connection from being used, or others from being served', async () => {
  const { app } = await start();
  const { url, close } = await listen(app.fetch, { port: 0, host: '127.0.0.1' });
  const post = async (body: string) => (await fetch(`${url}/ingest/stripe`, { method: 'POST', body })).status;
  await times(20, () => post('{}'));
  expect(await times(3, () => post('x'.repeat(1_000_000)))).toEqual([429, 429, 429]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  await close();
});
