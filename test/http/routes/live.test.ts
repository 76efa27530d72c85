import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { listen } from '../../../src/http/listen.ts';
import { type Api, startApi } from '../../support/api.ts';
import { readLive } from '../../support/live.ts';
import { signIn } from '../../support/sign-in.ts';
import { stripeEvent } from '../../support/stripe.ts';

const infoEvent = (id: string) => stripeEvent(id, 'customer.created');

const connect = async ({ request }: Api, query = '', headers: Record<string, string> = {}) => {
  const response = await request(`/live${query}`, { headers });
  if (!response.body) throw new Error('there is no body');
  const reader = readLive(response.body);
  onTestFinished(() => reader.close());
  return { response, reader };
};

it('is a stream of server-sent events that nobody keeps', async () => {
  const { response } = await connect(startApi());
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('cache-control')).toBe('no-store');
});

it('tells what arrives, and goes on where the header or the query says', async () => {
  const service = startApi();
  const { reader } = await connect(service);
  await service.postStripe(infoEvent('evt_1'));
  expect(await reader.take(2)).toEqual(['ready', 'changed evt_1']);
  await service.postStripe(infoEvent('evt_2'));
  await service.idle();
  const cursor = reader.cursor();
  const byHeader = await connect(service, '?after=nonsense', { 'last-event-id': cursor });
  expect(await byHeader.reader.take(1)).toEqual(['changed evt_2']);
  const byQuery = await connect(service, `?after=${encodeURIComponent(cursor)}`);
  expect(await byQuery.reader.take(1)).toEqual(['changed evt_2']);
});

it('takes the filters of GET /events, and refuses what is none', async () => {
  const service = startApi();
  const { reader } = await connect(service, '?severity=critical&source=stripe');
  await service.postStripe(infoEvent('evt_1'));
  expect(await reader.take(2)).toEqual(['ready', 'gone evt_1']);
  for (const query of ['?severity=bad', '?limit=5', '?cursor=x']) {
    expect((await service.request(`/live${query}`)).status).toBe(400);
  }
});

it('a HEAD takes none of the places of those who listen', async () => {
  const service = startApi();
  for (let asked = 0; asked < 100; asked++) {
    const { status, headers, body } = await service.request('/live', { method: 'HEAD' });
    expect([status, headers.get('content-type'), body]).toEqual([200, 'text/event-stream', null]);
  }
  expect((await connect(service)).response.status).toBe(200);
  expect((await service.request('/live?limit=5', { method: 'HEAD' })).status).toBe(400);
});

it('needs the token', async () => {
  const { request } = startApi({ apiToken: 'secret' });
  expect((await request('/live')).status).toBe(401);
});

it('is logged when it begins', async () => {
  const service = startApi();
  await connect(service);
  expect(service.logged.of('request.answered')).toMatchObject([{ path: '/live', status: 200 }]);
});

it('takes no client any more when the service stops, and ends without delay', async () => {
  const service = startApi();
  const listener = await listen(service.http.fetch, { port: 0, host: '127.0.0.1' });
  const response = await fetch(`${listener.url}/live`);
  if (!response.body) throw new Error('there is no body');
  const reader = readLive(response.body);
  expect(await reader.take(1)).toEqual(['ready']);
  service.stopAccepting();
  await listener.close();
  expect(await reader.take(1)).toEqual(['the end']);
  const refused = await service.request('/live');
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
});

it('a client that goes away is forgotten', async () => {
  const service = startApi();
  const listener = await listen(service.http.fetch, { port: 0, host: '127.0.0.1' });
  const sockets = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const socket = connectTo(listener.port, '127.0.0.1');
      socket.write('GET /live HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
      return socket;
    }),
  );
  expect((await service.request('/live')).status).toBe(503);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => (await service.request('/live')).status).toBe(200);
  service.stopAccepting();
  await listener.close();
});

const origin = 'http://service.test';

it('ends with the session that let it in, and no other one', async () => {
  const service = startApi({ apiToken: 'secret' });
  const [cookie, other] = [await signIn(service, 'secret'), await signIn(service, 'secret')];
  const [mine, mineToo, others] = [
    await connect(service, '', { cookie }),
    await connect(service, '', { cookie }),
    await connect(service, '', { cookie: other }),
  ];
  for (const { reader } of [mine, mineToo, others]) expect(await reader.take(1)).toEqual(['ready']);
  await service.request('/logout', { method: 'POST', headers: { cookie, origin } });
  for (const { reader } of [mine, mineToo]) expect(await reader.next()).toBeUndefined();
  await service.postStripe(infoEvent('evt_1'));
  expect(await others.reader.take(1)).toEqual(['changed evt_1']);
  expect((await service.request('/live', { headers: { cookie } })).status).toBe(401);
});

it('ends when the session is too old, twelve hours after it began', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const service = startApi({ apiToken: 'secret' });
  const { reader } = await connect(service, '', { cookie: await signIn(service, 'secret') });
  expect(await reader.take(1)).toEqual(['ready']);
  service.clock.advance(12 * 3_600_000);
  await vi.advanceTimersByTimeAsync(12 * 3_600_000);
  expect(await reader.next()).toBeUndefined();
});

it('goes on after a sign-out when the token let it in', async () => {
  const service = startApi({ apiToken: 'secret' });
  const cookie = await signIn(service, 'secret');
  const { reader } = await connect(service, '', { authorization: 'Bearer secret', cookie });
  expect(await reader.take(1)).toEqual(['ready']);
  await service.request('/logout', { method: 'POST', headers: { cookie, origin } });
  await service.postStripe(infoEvent('evt_1'));
  expect(await reader.take(1)).toEqual(['changed evt_1']);
});
