import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listSilences, readReadiness } from '../../src/dashboard/api.js';
import { nowMs, serverNow, setServerTime } from '../../src/dashboard/clock.js';
import { heardAtMs } from '../../src/dashboard/heard.js';

const startMs = Date.parse('2026-03-01T03:00:00Z');
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: startMs });
  setServerTime(new Date(startMs).toUTCString());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const answerWith = (body: string, init: ResponseInit = {}) =>
  vi.stubGlobal('fetch', async () => new Response(body, init));

it.each([
  ['<h1>Bad Gateway</h1>', 502],
  ['{"message":"no upstream"}', 503],
  ['<h1>Sign in to the network</h1>', 200],
])('what a proxy answers (%s) is no word from the service', async (body, status) => {
  const heardAt = heardAtMs.value;
  vi.setSystemTime(startMs + 5000);
  answerWith(body, { status });
  await expect(listSilences()).rejects.toThrow(
    `The service does not answer, but something before it does (${status}).`,
  );
  expect(heardAtMs.value).toBe(heardAt);
});

it('a refusal of the service is a word from it, and says why', async () => {
  vi.setSystemTime(startMs + 5000);
  answerWith(JSON.stringify({ detail: 'the store does not answer', request_id: 'req_1' }), { status: 503 });
  await expect(listSilences()).rejects.toThrow('the store does not answer');
  expect(heardAtMs.value).toBe(startMs + 5000);
});

it('a service that is not ready says so with 503, and that is its answer', async () => {
  const readiness = { ok: false, checks: { store: { ok: false, detail: 'no' } } };
  answerWith(JSON.stringify(readiness), { status: 503 });
  expect(await readReadiness()).toEqual(readiness);
});

it.each([3, -3])(
  'ages are counted by the clock of the service where the one of the browser is wrong by %i h',
  async (hours) => {
    const serviceMs = startMs - hours * 3_600_000;
    answerWith('{}', { headers: { date: new Date(serviceMs).toUTCString() } });
    await listSilences();
    expect([serverNow(), nowMs.value, heardAtMs.value]).toEqual([serviceMs, serviceMs, serviceMs]);
  },
);

it('an answer that took some seconds does not move the clock', async () => {
  answerWith('{}', { headers: { date: new Date(startMs - 20_000).toUTCString() } });
  await listSilences();
  expect(serverNow()).toBe(startMs);
});
