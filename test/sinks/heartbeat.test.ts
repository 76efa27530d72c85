import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createHttpClient, noProxySettings } from '../../src/lib/http-client.ts';
import { createHeartbeat, failUrl } from '../../src/sinks/heartbeat.ts';
import { createClock } from '../support/clock.ts';
import { collectLog } from '../support/log.ts';
import { network } from '../support/network.ts';

const url = 'https://hc.test/ping/0a1b2c3d-4e5f-6789-abcd-ef0123456789';

const setUp = (
  reasons: readonly (readonly string[])[],
  lease: () => Promise<boolean> = async () => true,
  status = 200,
) => {
  const beats: string[] = [];
  const logged = collectLog();
  network.use(
    http.all('https://hc.test/*', async ({ request }) => {
      beats.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`.trim());
      return new HttpResponse(request.url, { status });
    }),
  );
  const script = [...reasons];
  const clock = createClock();
  const heartbeat = createHeartbeat({
    settings: () => ({ url, everyMs: 60_000 }),
    store: { tryLease: lease },
    checks: async () => script.shift() ?? [],
    client: createHttpClient(noProxySettings),
    userAgent: 'vendor-signals/1.0.0',
    log: logged.log,
    now: clock.now,
  });
  const beat = async () => {
    await heartbeat.run();
    await heartbeat.run();
    clock.advance(60_000);
  };
  return { beat, beats, logged };
};
const path = new URL(url).pathname;

it('beats while all is well, says why when it is not, and beats again', async () => {
  const { beat, beats, logged } = setUp([
    [],
    ['the disk is full', 'nobody was told'],
    ['the disk is full', 'nobody was told'],
    [],
  ]);
  for (let at = 0; at < 4; at++) await beat();
  expect(beats).toEqual([
    `GET ${path}`,
    `POST ${path}/fail the disk is full\nnobody was told`,
    `POST ${path}/fail the disk is full\nnobody was told`,
    `GET ${path}`,
  ]);
  expect(logged.lines.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
    'error heartbeat.failing',
    'info heartbeat.well',
  ]);
});

it('of several replicas one beats, and each of them when the store cannot tell which', async () => {
  const other = setUp([[]], async () => false);
  await other.beat();
  expect(other.beats).toEqual([]);
  const without = setUp([['the store takes no writes']], () =>
    Promise.reject(new StoreUnavailable('store_unavailable', 'away')),
  );
  await without.beat();
  expect(without.beats).toEqual([`POST ${path}/fail the store takes no writes`]);
});

it('a beat that is not taken is a line in the log, without the secret in its address', async () => {
  const { beat, logged } = setUp([[]], undefined, 503);
  await beat();
  expect(logged.of('heartbeat.not_sent')).toMatchObject([{ level: 'warn', error: 'HTTP 503' }]);
  expect(logged.text()).not.toContain('0a1b2c3d');
});

it.each([
  ['https://hc.test/uuid', 'https://hc.test/uuid/fail'],
  ['https://hc.test/uuid/', 'https://hc.test/uuid/fail'],
  ['https://cronitor.test/p/key?env=prod', 'https://cronitor.test/p/key/fail?env=prod'],
])('%s fails at %s', (address, expected) => {
  expect(failUrl(address)).toBe(expected);
});

it('a fault is a line in the log, and the next beat comes all the same', async () => {
  let asked = 0;
  const lease = () => (asked++ === 0 ? Promise.reject(new TypeError(`a bug at ${url}`)) : Promise.resolve(true));
  const { beat, beats, logged } = setUp([[]], lease);
  await beat();
  expect(beats).toEqual([]);
  expect(logged.of('heartbeat.broken')).toMatchObject([{ level: 'error' }]);
  expect(logged.text()).not.toContain('0a1b2c3d');
  await beat();
  expect(beats).toEqual([`GET ${path}`]);
});

it('a switch that cannot be reached is a line in the log', async () => {
  const { beat, logged } = setUp([[]]);
  network.use(http.all('https://hc.test/*', () => HttpResponse.error()));
  await beat();
  expect(logged.of('heartbeat.not_sent')).toMatchObject([{ level: 'warn', error: expect.stringMatching(/./) }]);
});
