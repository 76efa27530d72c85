import { hkdfSync } from 'node:crypto';
import { Hono } from 'hono';
import { generateSignedCookie } from 'hono/cookie';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createSessions } from '../../../src/http/access/sessions.ts';
import { createClock } from '../../support/clock.ts';

const hours = (n: number) => n * 3_600_000;

const maxEnded = 100;

/** One process that keeps sessions under this token. */
const create = (token = 'tok_1', clock = createClock()) => {
  const sessions = createSessions({ token, now: clock.now, maxEnded });
  const app = new Hono()
    .post('/start', async (c) => {
      await sessions.start(c);
      return c.body(null);
    })
    .post('/end', async (c) => {
      await sessions.end(c);
      return c.body(null);
    })
    .get('/', async (c) => c.json((await sessions.current(c)) !== null));
  const ask = async (method: string, path: string, headers: Record<string, string>) =>
    app.fetch(new Request(`http://service.test${path}`, { method, headers }));
  const start = async (headers: Record<string, string> = {}): Promise<string> =>
    (await ask('POST', '/start', headers)).headers.getSetCookie()[0] ?? '';
  return {
    clock,
    /** The whole Set-Cookie header. */
    start,
    startCookie: async (headers: Record<string, string> = {}) => (await start(headers)).split(';')[0] ?? '',
    end: async (cookie: string, headers: Record<string, string> = {}) =>
      (await ask('POST', '/end', { cookie, ...headers })).headers.getSetCookie()[0],
    isSignedIn: async (cookie: string, headers: Record<string, string> = {}): Promise<unknown> =>
      (await ask('GET', '/', { cookie, ...headers })).json(),
  };
};
const https = { 'x-forwarded-proto': 'https' };

it('over http the cookie is kept from scripts, other sites, and nothing else that http could keep', async () => {
  expect(await create().start()).toMatch(
    /^vendor-signals-session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
  );
});

it.each([https, { 'x-forwarded-proto': 'https, http' }, { 'x-forwarded-proto': 'HTTPS' }])(
  'over https, as %j has it, the cookie is secure, and bound to its host',
  async (headers) => {
    expect(await create().start(headers)).toMatch(
      /^__Host-vendor-signals-session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  },
);

it.each([{ 'x-forwarded-proto': 'http' }, { 'x-forwarded-proto': 'http, https' }, { 'x-forwarded-proto': 'httpsx' }])(
  '%j is not https',
  async (headers) => {
    expect(await create().start(headers)).not.toContain('Secure');
  },
);

it('a session is known over the protocol over which it began', async () => {
  const { startCookie, isSignedIn } = create();
  const [plain, secure] = [await startCookie(), await startCookie(https)];
  expect(await isSignedIn(plain)).toBe(true);
  expect(await isSignedIn(secure, https)).toBe(true);
  expect(await isSignedIn(plain, https)).toBe(false);
});

it('a session ends after twelve hours, whatever the browser does', async () => {
  const { clock, startCookie, isSignedIn } = create();
  const cookie = await startCookie();
  clock.advance(hours(12) - 1);
  expect(await isSignedIn(cookie)).toBe(true);
  clock.advance(1);
  expect(await isSignedIn(cookie)).toBe(false);
});

it('a session that began while the clock was a year ahead is over when the clock is right again', async () => {
  const { clock, startCookie, isSignedIn } = create();
  clock.advance(hours(365 * 24));
  const cookie = await startCookie();
  expect(await isSignedIn(cookie)).toBe(true);
  clock.advance(-hours(365 * 24));
  expect(await isSignedIn(cookie)).toBe(false);
});

it('a replica whose clock is twenty minutes behind takes the session', async () => {
  const { clock, startCookie, isSignedIn } = create();
  const cookie = await startCookie();
  clock.advance(-hours(1 / 3));
  expect(await isSignedIn(cookie)).toBe(true);
});

it('every process with the same token knows the session, and none with another', async () => {
  const cookie = await create('tok_1').startCookie();
  expect(await create('tok_1').isSignedIn(cookie)).toBe(true);
  expect(await create('tok_2').isSignedIn(cookie)).toBe(false);
});

it('two sessions have nothing in common that one could guess the other by', async () => {
  const { startCookie } = create();
  const values = await Promise.all([startCookie(), startCookie()]);
  expect(new Set(values).size).toBe(2);
});

const forge = (cookie: string, change: (value: string) => string): string => {
  const valueAt = cookie.indexOf('=') + 1;
  return cookie.slice(0, valueAt) + encodeURIComponent(change(decodeURIComponent(cookie.slice(valueAt))));
};

it.each([
  ['empty', () => ''],
  ['anything', () => 'hello'],
  ['without a signature', (value: string) => value.slice(0, value.lastIndexOf('.'))],
  ['with an empty signature', (value: string) => value.slice(0, value.lastIndexOf('.') + 1)],
  ['with a signature of zeros', (value: string) => `${value.slice(0, value.lastIndexOf('.'))}.${'A'.repeat(43)}=`],
  ['made younger', (value: string) => value.replace(/\.\d+\./, '.1900000000000.')],
  ['of another id', (value: string) => value.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))],
  ['with something in front', (value: string) => `x${value}`],
  ['signed twice', (value: string) => `${value}${value.slice(value.lastIndexOf('.'))}`],
  ['in capitals', (value: string) => value.toUpperCase()],
  ['very long', (value: string) => value.repeat(50)],
])('a cookie that is %s is no session', async (_, change) => {
  const { startCookie, isSignedIn } = create();
  const cookie = await startCookie();
  expect(await isSignedIn(forge(cookie, (value) => value))).toBe(true);
  expect(await isSignedIn(forge(cookie, change))).toBe(false);
});

it('ending a session clears the cookie, and whoever has a copy of it is no longer signed in', async () => {
  const { startCookie, end, isSignedIn } = create();
  const [cookie, other] = [await startCookie(), await startCookie()];
  expect(await end(cookie)).toBe('vendor-signals-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict');
  expect(await isSignedIn(cookie)).toBe(false);
  expect(await isSignedIn(other)).toBe(true);
});

it('ending a session over https clears the cookie of https', async () => {
  const { startCookie, end } = create();
  expect(await end(await startCookie(https), https)).toBe(
    '__Host-vendor-signals-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict',
  );
});

it('ending what is no session clears the cookie all the same', async () => {
  expect(await create().end('vendor-signals-session=forged')).toContain('Max-Age=0');
});

it('memory is bounded: when very many sessions were ended, all of before are, and none comes back', async () => {
  const { clock, startCookie, end, isSignedIn } = create();
  const [ended, open] = [await startCookie(), await startCookie()];
  await end(ended);
  for (let n = 1; n < maxEnded; n += 1) await end(await startCookie());
  expect(await isSignedIn(ended)).toBe(false);
  expect(await isSignedIn(open)).toBe(true);
  await end(await startCookie());
  expect(await isSignedIn(ended)).toBe(false);
  expect(await isSignedIn(open)).toBe(false);
  clock.advance(1);
  expect(await isSignedIn(await startCookie())).toBe(true);
});

it('an ended session that would be over by now takes no room', async () => {
  const { clock, startCookie, end, isSignedIn } = create();
  for (let n = 0; n < maxEnded; n += 1) await end(await startCookie());
  clock.advance(hours(12));
  const open = await startCookie();
  await end(await startCookie());
  expect(await isSignedIn(open)).toBe(true);
});

const aSession = { id: '00000000-0000-4000-8000-000000000000', startedMs: createClock().now() };

it('whoever listens for the end of a session is told once, and not after taking that back', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const clock = createClock();
  const sessions = createSessions({ token: 'tok_1', now: clock.now });
  const [told, untold] = [vi.fn(), vi.fn()];
  sessions.onEnd(aSession, told);
  sessions.onEnd(aSession, untold)();
  clock.advance(hours(12));
  vi.advanceTimersByTime(hours(24));
  expect([told, untold].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);
  expect(vi.getTimerCount()).toBe(0);
});

it('whoever listens for the end of a session that is over is told at once', () => {
  const clock = createClock();
  const sessions = createSessions({ token: 'tok_1', now: clock.now });
  clock.advance(hours(12));
  const told = vi.fn();
  sessions.onEnd(aSession, told);
  expect(told).toHaveBeenCalledOnce();
});

it.each(['', 'a', `${aSession.id}.soon`])('a cookie with our signature that holds %j is no session', async (text) => {
  const key = hkdfSync('sha256', 'tok_1', '', 'vendor-signals session cookie', 32);
  const signedCookie = async (value: string) =>
    (await generateSignedCookie('vendor-signals-session', value, key)).split(';')[0] ?? '';
  const { isSignedIn, clock } = create();
  expect(await isSignedIn(await signedCookie(`${aSession.id}.${clock.now()}`))).toBe(true);
  expect(await isSignedIn(await signedCookie(text))).toBe(false);
});
