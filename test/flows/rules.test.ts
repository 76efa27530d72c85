// The rules file in a whole service: loaded, loaded again, refused; silences; a second destination that takes over.
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { network } from '../support/network.ts';
import { accepted, refused, routingKey } from '../support/pagerduty.ts';
import { playing } from '../support/playing.ts';
import { withRules } from '../support/rules-file.ts';
import { component, incident, statusUrl } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

const incidentId = 'acme_status:incident:1';
const minutes = 60_000;
const backupUrl = 'https://backup.acme.test/hook';

const header = `
version: 1
destinations:
  oncall: { type: pagerduty, routing_key: ${routingKey} }
  backup: { type: webhook, url: ${backupUrl}, secret: whsec_c2VjcmV0LW9mLXRoZS10ZXN0 }
`;
const critical = `${header}
routes: [{ name: critical wakes somebody, when: { severity: critical }, send: [oncall] }]
`;
const warnings = `${header}
routes:
  - { name: critical wakes somebody, when: { severity: critical }, send: [oncall] }
  - { name: warnings too, when: { severity: warning }, send: [backup] }
`;

const env = { PAGERDUTY_ROUTING_KEY: '' };

/** What the webhook got, as `action alert_id`. */
const fakeWebhook = (answer = () => new HttpResponse(null, { status: 204 })) => {
  const received: string[] = [];
  network.use(
    http.post(backupUrl, async ({ request }) => {
      const { action, alert } = JSON.parse(await request.text());
      received.push(`${action} ${alert.alert_id}`);
      return answer();
    }),
  );
  return received;
};

const rulesOf = async ({ service }: Awaited<ReturnType<typeof playing>>) => (await service.request('/rules')).json();

it('sends by the file, and names the rule that decided', async () => {
  const file = await withRules(critical);
  const play = await playing({ ...env, CONFIG_FILE: file.path });
  const { pagerDuty, service, poll } = play;
  await poll({});
  await poll({ incidents: [incident('1'), incident('2', { impact: 'minor', name: 'Slow' })] });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  expect((await service.event(incidentId)).routing_reason).toContain("route 'critical wakes somebody'");
  expect(await service.event('acme_status:incident:2')).toMatchObject({ routed: false });
  expect(await rulesOf(play)).toMatchObject({ file: file.path, last_load: { ok: true, problems: [] } });
});

it('opens the alert by the incident where the rules make its components no more serious', async () => {
  const received = fakeWebhook();
  const file = await withRules(`${warnings}\nstatus_pages: { acme: { component_severity: incident } }`);
  const { poll } = await playing({ ...env, CONFIG_FILE: file.path });
  await poll({});
  const api = component('api', 'partial_outage');
  await poll({ components: [api], incidents: [incident('1', { impact: 'minor', components: [api] })] });
  expect(received[0]).toBe(`trigger ${incidentId}`);
});

it('what the rules make the most serious opens the alert of the first look, and what names it later joins that', async () => {
  const page = `status_pages: { acme: { url: "${statusUrl}", uses: [Component a, Component b], component_severity: incident } }`;
  const file = await withRules(critical.replace('version: 1', `version: 1\n${page}`));
  const { pagerDuty, service, poll } = await playing({ ...env, STATUS_PAGES: '', CONFIG_FILE: file.path });
  const names = (id: string) => [{ id, name: `Component ${id}` }];
  const slow = incident('1', { impact: 'minor', components: names('a') });
  const components = [
    component('a', 'partial_outage', { updated_at: '2026-02-01T00:00:00Z' }),
    component('not used', 'major_outage', { updated_at: '2026-02-03T00:00:00Z' }),
    component('b', 'major_outage', { updated_at: '2026-02-02T00:00:00Z' }),
  ];
  await poll({ incidents: [slow], components });
  const alertId = 'acme_status:component:b:2026-02-02T00:00:00.000Z';
  expect(pagerDuty.accepted).toEqual([`trigger ${alertId}`]);

  const started = { started_at: '2026-03-01T12:01:00Z', updated_at: '2026-03-01T12:01:00Z' };
  await poll({ incidents: [slow, incident('2', { components: names('b'), ...started })], components });
  expect(pagerDuty.incidents()).toMatchObject([{ key: alertId, opened: 1 }]);
  expect(await service.alerts()).toMatchObject([{ alert_id: alertId, event_count: 4 }]);
});

it('tells of an incident that spreads to a group that is used, though nothing else of it has changed', async () => {
  const file = await withRules(`${critical}
status_pages: { acme: { url: "${statusUrl}", uses: [{ group: US }] } }
`);
  const { pagerDuty, service, poll } = await playing({ ...env, STATUS_PAGES: '', CONFIG_FILE: file.path });
  const group = (id: string) => component(id, 'operational', { group: true, name: id });
  const listed = (group_id: string) => [group('EU'), group('US'), component('c', 'operational', { group_id })];
  const incidents = [incident('1', { components: [component('c', 'operational')] })];
  await poll({ components: listed('EU') });
  await poll({ components: listed('EU'), incidents });
  expect(pagerDuty.accepted).toEqual([]);
  await poll({ components: listed('US'), incidents });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  expect((await service.event(incidentId)).history).toContainEqual(
    expect.objectContaining({ change: 'updated', fields: { groups: { old: ['EU'], new: ['US'] } } }),
  );
});

it('does not write anew to those who were told where only the groups of its components have changed', async () => {
  const file = await withRules(critical.replace('send: [oncall]', 'send: [oncall, backup]'));
  const received = fakeWebhook();
  const { service, poll } = await playing({ ...env, CONFIG_FILE: file.path });
  const group = component('US', 'operational', { group: true });
  const named = component('c', 'operational', { group_id: 'US' });
  const incidents = [incident('1', { components: [named] })];
  await poll({ components: [group, named] });
  await poll({ components: [group, named], incidents });
  await poll({ components: [group], incidents });
  expect((await service.event(incidentId)).history).toContainEqual(expect.objectContaining({ change: 'updated' }));
  expect(received).toEqual([`trigger ${incidentId}`]);
  await poll({ components: [group], incidents: [incident('1', { components: [named], status: 'monitoring' })] });
  expect(received).toEqual([`trigger ${incidentId}`, `update ${incidentId}`]);
});

it('loads the file again: what is newly sent and open is told, and nothing is told twice', async () => {
  const file = await withRules(critical);
  const received = fakeWebhook();
  const { pagerDuty, service, poll } = await playing({ ...env, CONFIG_FILE: file.path });
  await poll({});
  await poll({ incidents: [incident('1'), incident('2', { impact: 'minor', started_at: '2026-03-01T02:00:00Z' })] });
  expect(received).toEqual([]);
  await file.write(warnings);
  await service.app.reload();
  await service.app.idle();
  expect(received).toEqual(['trigger acme_status:incident:2']);
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  expect(service.logged.of('rules.loaded')).toHaveLength(2);
});

it('a load tells what new rules send of an outage whose alert has eased', async () => {
  const file = await withRules(critical);
  const received = fakeWebhook();
  const { pagerDuty, service, poll, wait } = await playing({ ...env, CONFIG_FILE: file.path });
  await poll({});
  await poll({ incidents: [incident('1')] });
  await poll({ incidents: [incident('1', { impact: 'minor' })] });
  await wait(31 * minutes);
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
  await file.write(warnings);
  await service.app.reload();
  await service.app.idle();
  expect(received).toEqual([`trigger ${incidentId}`]);
});

it('refuses a file that is not valid, says where, and goes on with the last good one', async () => {
  const file = await withRules(critical);
  const play = await playing({ ...env, CONFIG_FILE: file.path });
  const { pagerDuty, service, poll } = play;
  await file.write(critical.replace('severity: critical', 'severty: critical'));
  await service.app.reload();
  await poll({});
  await poll({ incidents: [incident('1')] });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  expect(service.logged.of('rules.refused')).toMatchObject([{ level: 'error' }]);
  expect(await rulesOf(play)).toMatchObject({
    last_load: { ok: false, problems: [{ message: expect.stringContaining('severity') }] },
  });
  const ready = await service.request('/readyz');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    checks: { rules: { ok: true, detail: expect.stringContaining('the rules file was refused') } },
  });
});

it('does not start with a file that is not valid, unless the store has a last good one', async () => {
  const file = await withRules('version: 2');
  await expect(playing({ ...env, CONFIG_FILE: file.path })).rejects.toMatchObject({ name: 'ConfigError' });
  const store = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  await file.write(critical);
  const first = await playing({ ...env, CONFIG_FILE: file.path }, { store });
  await first.service.app.stop();
  await file.write('version: 2');
  const { pagerDuty, poll } = await playing({ ...env, CONFIG_FILE: file.path }, { store });
  await poll({});
  await poll({ incidents: [incident('1')] });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
});

it('a silence stops what it matches, tells its end, and tells at its own end what is still open', async () => {
  const { pagerDuty, service, poll, wait } = await playing();
  await poll({});
  const silence = { when: { page: 'acme' }, until: '10m', by: 'jo', because: 'They move us.' };
  expect(await service.post('/silences', silence)).toMatchObject({ status: 201, body: { state: 'active' } });
  await poll({ incidents: [incident('1')] });
  await service.postStripe(stripeEvent('evt_1'));
  await service.app.idle();
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
  expect((await service.event(incidentId)).routing_reason).toContain('They move us.');
  await wait(10 * minutes);
  expect(pagerDuty.accepted).toEqual(['trigger evt_1', `trigger ${incidentId}`]);
});

it('a silence never stops the end of what was told', async () => {
  const { pagerDuty, service, poll } = await playing();
  await poll({});
  await poll({ incidents: [incident('1')] });
  const silence = { when: { page: 'acme' }, until: 'resolved', by: 'jo', because: 'We know.' };
  expect(await service.post('/silences', silence)).toMatchObject({ status: 201 });
  await poll({});
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it.each([
  ['refuses for good', () => refused(403), 0],
  ['does not accept in time', () => refused(503), 5 * minutes],
])(
  'a destination that %s hands over to another one, and the end is told where the trigger was',
  async (_, answer, ms) => {
    const file = await withRules(critical.replace('routing_key', 'fallback: { to: backup, after: 5m }, routing_key'));
    const received = fakeWebhook();
    const { pagerDuty, service, poll, wait } = await playing({
      ...env,
      CONFIG_FILE: file.path,
      DELIVERY_RETRY_MIN_MS: '60000',
    });
    pagerDuty.answer = answer;
    await poll({});
    await poll({ incidents: [incident('1')] });
    await wait(ms);
    expect(received).toEqual([`trigger ${incidentId}`]);
    pagerDuty.answer = accepted;
    await poll({});
    expect(received).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
    expect(pagerDuty.incidents()).toEqual([]);
    expect((await service.alert(incidentId)).deliveries.map(({ status }) => status)).toContain('delivered');
  },
);

it('a resolve goes where its trigger went, whatever the rules say by then', async () => {
  const file = await withRules(critical);
  const received = fakeWebhook();
  const { pagerDuty, service, poll } = await playing({ ...env, CONFIG_FILE: file.path });
  await poll({});
  await poll({ incidents: [incident('1')] });
  await file.write(`
version: 1
destinations:
  backup: { type: webhook, url: ${backupUrl}, secret: whsec_c2VjcmV0LW9mLXRoZS10ZXN0 }
routes: [{ name: all, when: { severity: critical }, send: [backup] }]
`);
  await service.app.reload();
  await service.app.idle();
  expect(service.logged.of('destinations.dropped')).toMatchObject([{ level: 'warn' }]);
  await poll({});
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
  expect(received).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it('the log names once what was told of a status page that is removed or renamed, and a restart names it again', async () => {
  const store = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  const pageNamed = (name: string) =>
    critical.replace('version: 1', `version: 1\nstatus_pages: { ${name}: "${statusUrl}" }`);
  const file = await withRules(pageNamed('acme'));
  const settings = { ...env, STATUS_PAGES: '', CONFIG_FILE: file.path };
  const before = await playing(settings, { store });
  await before.poll({});
  await before.poll({ incidents: [incident('1'), incident('2', { impact: 'minor', name: 'Slow' })] });
  expect(before.service.logged.of('page.not_read')).toEqual([]);
  const warning = {
    level: 'warn',
    source: 'acme_status',
    alerts: 1,
    alert_ids: [incidentId],
    what_to_do: expect.stringContaining('resolve them manually'),
  };
  for (const text of [pageNamed('renamed'), `${pageNamed('renamed')}\n# changed`]) {
    await file.write(text);
    await before.service.app.reload();
    await before.service.app.idle();
  }
  expect(before.service.logged.of('page.not_read')).toMatchObject([warning]);
  await before.service.app.stop();
  const after = await playing(settings, { store });
  await after.service.app.tick();
  expect(after.service.logged.of('page.not_read')).toMatchObject([warning]);
});

it('after a restart with another key what is open is told there, and the log says what nobody can close any more', async () => {
  const store = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  const before = await playing({}, { store });
  await before.poll({});
  await before.poll({ incidents: [incident('1')] });
  await before.service.app.stop();

  const otherKey = 'R'.repeat(32);
  const after = await playing({ PAGERDUTY_ROUTING_KEY: otherKey }, { store });
  after.service.clock.set('2026-03-01T13:00:00Z');
  await after.service.app.tick();
  expect(after.pagerDuty.requests).toMatchObject([{ event_action: 'trigger', routing_key: otherKey }]);
  expect(after.service.logged.of('destinations.unreachable')).toMatchObject([
    { level: 'warn', destination: 'pagerduty', alerts: 1, alert_ids: [incidentId], what_to_do: expect.any(String) },
  ]);
  await after.poll({ incidents: [incident('1')] });
  await after.poll({});
  expect(after.pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
  expect((await after.service.alert(incidentId)).deliveries).toMatchObject([
    { action: 'trigger', status: 'delivered' },
    { action: 'trigger', status: 'delivered' },
    { action: 'resolve', status: 'failed', last_error: 'the destination "pagerduty" has another key or address now' },
    { action: 'resolve', status: 'delivered' },
  ]);
  expect(after.service.logged.of('delivery.failed')).toMatchObject([{ level: 'error' }]);
});

it('a restart with the same key tells nobody anything, and a silence holds as before', async () => {
  const store = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  const before = await playing({}, { store });
  await before.poll({});
  await before.poll({ incidents: [incident('1')] });
  await before.service.post('/silences', { when: { page: 'acme' }, until: '2h', because: 'we know' });
  await before.poll({ incidents: [incident('1'), incident('2')] });
  expect(before.pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  await before.service.app.stop();
  const same = await playing({}, { store });
  await same.service.app.idle();
  expect(same.pagerDuty.requests).toEqual([]);
  expect(same.service.logged.of('destinations.unreachable')).toEqual([]);
  await same.service.app.stop();
  const other = await playing({ PAGERDUTY_ROUTING_KEY: 'R'.repeat(32) }, { store });
  await other.service.app.idle();
  expect(other.pagerDuty.requests).toEqual([]);
});

it('what was refused, and is accepted when it is retried, is not called refused any more', async () => {
  const file = await withRules(
    critical.replace(`${routingKey} }`, `${routingKey}, fallback: { to: backup, after: 5m } }`),
  );
  const { pagerDuty, service, poll } = await playing({ ...env, CONFIG_FILE: file.path });
  fakeWebhook();
  pagerDuty.answer = () => refused(400);
  await poll({});
  await poll({ incidents: [incident('1')] });
  await service.app.tick();
  expect((await service.event(incidentId)).routing_reason).toContain('oncall: Not sent: the destination refused it.');
  pagerDuty.answer = accepted;
  await service.post('/deliveries/retry', {});
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  expect((await service.event(incidentId)).routing_reason).not.toContain('refused');
});
