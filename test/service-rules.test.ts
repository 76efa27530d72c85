// What a running service does when its rules are loaded again.
import { HttpResponse, http } from 'msw';
import { expect, it, onTestFinished, vi } from 'vitest';
import { StoreUnavailable } from '../src/lib/errors.ts';
import { createMemoryStore } from '../src/stores/memory/store.ts';
import { network } from './support/network.ts';
import { routingKey } from './support/pagerduty.ts';
import { playing } from './support/playing.ts';
import { withRules } from './support/rules-file.ts';
import { incident, statusUrl } from './support/status-page.ts';

const rules = (uses: string) => `
version: 1
status_pages: { acme: { url: ${statusUrl}${uses} } }
destinations: { oncall: { type: pagerduty, routing_key: ${routingKey} } }
routes: [{ name: critical wakes somebody, when: { severity: critical }, send: [oncall] }]
`;
const env = { PAGERDUTY_ROUTING_KEY: '', STATUS_PAGES: '' };

it('a load tells what was not used until now, and goes on', async () => {
  const file = await withRules(rules(', uses: [Payments], unattributed: ignore_all'));
  const { pagerDuty, service, poll } = await playing({ ...env, CONFIG_FILE: file.path });
  await poll({});
  await poll({ incidents: [incident('1')] });
  expect(await service.event('acme_status:incident:1')).toMatchObject({ alert_id: null });
  expect(pagerDuty.accepted).toEqual([]);
  await file.write(rules(''));
  await service.app.reload();
  await vi.waitFor(() => expect(pagerDuty.accepted).toEqual(['trigger acme_status:incident:1']));
});

it('a load without a rules file changes nothing, and the log says why', async () => {
  const { service } = await playing({ ...env, PAGERDUTY_ROUTING_KEY: routingKey });
  await service.app.reload();
  expect(service.logged.of('rules.no_file')).toMatchObject([
    { level: 'warn', hint: expect.stringContaining('restart') },
  ]);
});

it('rules are loaded although the store cannot say what is open, which is logged', async () => {
  const file = await withRules(rules(''));
  const memory = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  const listAlerts = () => Promise.reject(new StoreUnavailable('store_unavailable', 'away'));
  const overrides = { store: { ...memory, listAlerts } };
  const { service } = await playing({ ...env, CONFIG_FILE: file.path }, overrides);
  await vi.waitFor(() =>
    expect(service.logged.of('rules.open_alerts_not_asked')).toMatchObject([{ level: 'error', error: 'away' }]),
  );
  expect(await (await service.request('/rules')).json()).toMatchObject({ last_load: { ok: true } });
});

it.each([
  ['of the file, as often as it says', 'heartbeat: { url: "https://hc.test/file", every: 10s }', 'file', 10],
  ['of the file, as often as the environment says', 'heartbeat: { url: "https://hc.test/file" }', 'file', 30],
  ['of the environment, where the file names none', '', 'environment', 30],
])('the heartbeat goes to the address %s', async (_, ofFile, name, seconds) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const beats: string[] = [];
  network.use(
    http.all('https://hc.test/*', ({ request }) => {
      beats.push(new URL(request.url).pathname.slice(1));
      return new HttpResponse();
    }),
  );
  const file = await withRules(`${rules('')}${ofFile}\n`);
  const beating = { HEARTBEAT_URL: 'https://hc.test/environment', HEARTBEAT_INTERVAL_SECONDS: '30' };
  const given = { ...env, ...beating, CONFIG_FILE: file.path };
  const { service } = await playing(given, { recoveryIntervalMs: 1000 });
  const beatsAfter = async (ms: number) => {
    service.clock.advance(ms);
    vi.advanceTimersByTime(1000);
    await service.app.tick();
  };
  await beatsAfter(0);
  await vi.waitFor(() => expect(beats).toEqual([name]));
  await beatsAfter(seconds * 1000 - 1);
  await beatsAfter(1);
  await vi.waitFor(() => expect(beats).toEqual([name, name]));
});
