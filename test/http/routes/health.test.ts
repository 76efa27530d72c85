import { afterEach, expect, it, vi } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { startService } from '../../support/service.ts';

afterEach(() => {
  vi.useRealTimers();
});

const memory = () => createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
const away = () => Promise.reject(new StoreUnavailable('store_unavailable', 'it is away'));
const readiness = async ({ request }: Awaited<ReturnType<typeof startService>>) => {
  const response = await request('/readyz');
  return { status: response.status, body: await response.json() };
};
const result = (ok: boolean) => (ok ? { ok } : { ok, detail: expect.any(String) });
const checks = (store: boolean, recovery: boolean, accepting: boolean) => ({
  store: result(store),
  recovery: result(recovery),
  accepting: result(accepting),
  rules: { ok: true },
});

it('is alive, in exactly these bytes', async () => {
  const { request } = await startService();
  const response = await request('/healthz');
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('{"ok":true}');
});

it('is alive although the store is away and the service is stopping', async () => {
  const service = await startService({}, { store: { ...memory(), ping: away } });
  await service.app.stop();
  expect((await service.request('/healthz')).status).toBe(200);
});

it('is ready once it has started', async () => {
  const service = await startService();
  expect(await readiness(service)).toEqual({ status: 200, body: { ok: true, checks: checks(true, true, true) } });
});

it('is not ready while the store does not answer', async () => {
  let ping: EventStore['ping'] = away;
  const service = await startService({}, { store: { ...memory(), ping: () => ping() } });
  const { status, body } = await readiness(service);
  expect({ status, body }).toEqual({ status: 503, body: { ok: false, checks: checks(false, true, true) } });
  // Anybody may ask: the reason, which may name a host or a file, is in the log only.
  expect(JSON.stringify(body)).not.toContain('it is away');
  expect(service.logged.of('store.not_ready')).toMatchObject([{ level: 'warn', error: 'it is away' }]);
  ping = async () => undefined;
  expect(await readiness(service)).toMatchObject({ status: 200 });
});

it('is not ready when it is stopping', async () => {
  const service = await startService();
  await service.app.stop();
  expect(await readiness(service)).toEqual({ status: 503, body: { ok: false, checks: checks(true, true, false) } });
});

it('is not ready before recovery has run, which is tried again until it has', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const store = memory();
  let dueAlerts: EventStore['dueAlerts'] = away;
  const service = await startService(
    {},
    { store: { ...store, dueAlerts: (...query) => dueAlerts(...query) }, recoveryIntervalMs: 1000 },
  );
  expect(await readiness(service)).toEqual({ status: 503, body: { ok: false, checks: checks(true, false, true) } });
  expect(service.logged.of('recovery.failed')).toMatchObject([{ level: 'warn', error: 'it is away' }]);
  dueAlerts = store.dueAlerts;
  await vi.advanceTimersByTimeAsync(1000);
  expect(await readiness(service)).toMatchObject({ status: 200 });
});
