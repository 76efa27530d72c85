import { expect, it } from 'vitest';
import { listen } from '../../src/http/listen.ts';

const hello = async () => new Response('hello');

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
])('listening at %s picks a free port and reaches itself at %s', async (host, address) => {
  const listener = await listen(hello, { port: 0, host });
  expect(listener.port).toBeGreaterThan(0);
  expect(listener.url).toBe(`http://${address}:${listener.port}`);
  expect(await (await fetch(listener.url)).text()).toBe('hello');
  await listener.close();
  await expect(fetch(listener.url)).rejects.toThrow('fetch failed');
});

it('a port that is taken is refused', async () => {
  const { port, close } = await listen(hello, { port: 0, host: '127.0.0.1' });
  await expect(listen(hello, { port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await close();
});

it('closing waits for the request under way, and takes no new one', async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const listener = await listen(
    () => {
      arrived.resolve();
      return answer.promise;
    },
    { port: 0, host: '127.0.0.1' },
  );
  const underWay = fetch(listener.url);
  await arrived.promise;
  const closed = listener.close();
  await expect(fetch(listener.url)).rejects.toThrow('fetch failed');
  answer.resolve(new Response('late'));
  expect(await (await underWay).text()).toBe('late');
  await closed;
});
