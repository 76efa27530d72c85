// One outage, one alert: what the person on call is told of it, and of its end.
import { expect, it } from 'vitest';
import { playing } from '../support/playing.ts';
import { component, incident } from '../support/status-page.ts';

const incidentId = 'acme_status:incident:1';
const minutes = 60_000;
const operational = (id: string) => component(id, 'operational');
const down = (id: string, at: string, status = 'major_outage') => component(id, status, { updated_at: at });

it('thirty components that go down with an incident wake one person once, and all of them are told', async () => {
  const { pagerDuty, service, poll, wait } = await playing();
  const ids = Array.from({ length: 30 }, (_, at) => `c${at}`);
  await poll({ components: ids.map(operational) });
  const outage = {
    incidents: [incident('1', { started_at: '2026-03-01T12:01:00Z', updated_at: '2026-03-01T12:01:00Z' })],
    components: ids.map((id) => down(id, '2026-03-01T12:01:00Z')),
  };
  expect(await poll(outage)).toMatchObject({ stored: 31, routed: 31 });
  await service.app.idle();

  const [alert, ...others] = await service.alerts();
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ alert_id: incidentId, title: 'Incident 1', state: 'open', event_count: 31 });
  expect(pagerDuty.incidents()).toMatchObject([{ key: incidentId, opened: 1, isOpen: true, severity: 'critical' }]);
  // The trigger and the first update go out at once, the others wait to be told together.
  expect(pagerDuty.accepted.length).toBeLessThanOrEqual(3);
  await wait(5 * minutes);
  expect((await service.events('?limit=100')).map(({ delivered_to: to }) => to)).toEqual(Array(31).fill(['pagerduty']));
  expect(pagerDuty.accepted.length).toBeLessThanOrEqual(4);
  expect((await service.alert(incidentId)).events).toHaveLength(31);

  expect(await poll({ components: ids.map(operational) })).toMatchObject({ resolved: 31 });
  expect(pagerDuty.incidents()).toMatchObject([{ key: incidentId, opened: 1, isOpen: false }]);
  expect(pagerDuty.accepted.filter((call) => call.startsWith('resolve'))).toEqual([`resolve ${incidentId}`]);
  expect(await service.alert(incidentId)).toMatchObject({ state: 'resolved', open_event_count: 0 });
});

it('an alert that becomes more serious is told again at once, under its key and with its new severity', async () => {
  const { pagerDuty, service, poll } = await playing({ ROUTE_WARNING: 'true' });
  await poll({});
  await poll({ incidents: [incident('1', { impact: 'minor' })] });
  expect(pagerDuty.incidents()).toMatchObject([{ severity: 'warning' }]);
  expect(await poll({ incidents: [incident('1', { impact: 'critical' })] })).toMatchObject({ updated: 1, routed: 1 });
  expect(pagerDuty.requests.map(({ payload }) => payload.severity)).toEqual(['warning', 'critical']);
  expect(pagerDuty.incidents()).toMatchObject([{ key: incidentId, opened: 1, severity: 'critical' }]);
  expect((await service.alert(incidentId)).deliveries).toMatchObject([
    { action: 'trigger', status: 'delivered', reason: 'opened' },
    { action: 'trigger', status: 'delivered', reason: 'louder' },
  ]);
});

it('an event that ends hours after its alert has ended there too, and nobody is told', async () => {
  const { pagerDuty, service, poll, wait } = await playing();
  await poll({});
  await poll({ incidents: [incident('1', { impact: 'critical' })] });
  await poll({ incidents: [incident('1', { impact: 'minor' })] });
  await wait(31 * minutes);
  expect(await service.alert(incidentId)).toMatchObject({ state: 'resolved', open_event_count: 1 });
  await wait(3 * 60 * minutes);
  await poll({ incidents: [incident('1', { impact: 'minor', status: 'monitoring' })] });
  await poll({});
  const { events, ...alert } = await service.alert(incidentId);
  expect(alert).toMatchObject({ state: 'resolved', open_event_count: 0 });
  expect(events).toMatchObject([{ event_id: incidentId, state: 'resolved' }]);
  expect(pagerDuty.incidents()).toMatchObject([{ isOpen: false, opened: 1 }]);
  expect(pagerDuty.requests).toHaveLength(2);
});

it('what is no longer serious is closed after half an hour, and opened again when it rises', async () => {
  const { pagerDuty, service, poll, wait } = await playing();
  const at = (impact: string) => poll({ incidents: [incident('1', { impact })] });
  await poll({});
  await at('critical');
  await at('minor');
  await wait(29 * minutes - 1);
  await at('minor');
  expect(pagerDuty.incidents()).toMatchObject([{ isOpen: true }]);
  await wait(1);
  expect(pagerDuty.incidents()).toMatchObject([{ isOpen: false, opened: 1 }]);
  const eased = await service.alert(incidentId);
  expect(eased.state).toBe('resolved');
  expect(eased.history.map(({ change }) => change)).toContain('eased');
  expect(await service.event(incidentId)).toMatchObject({ resolved_at: null, severity: 'warning' });

  await at('major');
  expect(pagerDuty.incidents()).toMatchObject([{ key: incidentId, isOpen: true, opened: 2 }]);
  await poll({});
  expect(pagerDuty.accepted).toEqual(
    ['trigger', 'resolve', 'trigger', 'resolve'].map((action) => `${action} ${incidentId}`),
  );
});

it('a component that flaps is told twice at most in an hour, and of its end when it has been well for long', async () => {
  const { pagerDuty, service, poll, wait } = await playing();
  const upAndDown = async () => {
    const at = new Date(service.clock.now()).toISOString();
    await poll({ components: [down('a', at)] });
    await poll({ components: [operational('a')] });
  };
  await poll({ components: [operational('a')] });
  for (let round = 0; round < 6; round++) await upAndDown();
  const [shown, ...others] = await service.alerts();
  expect(others).toEqual([]);
  expect(shown?.wake_at).toMatchObject({ at: '2026-03-01T12:28:00.000Z' });
  expect(pagerDuty.incidents()).toMatchObject([{ isOpen: true, opened: 3 }]);
  expect(pagerDuty.accepted.filter((call) => call.startsWith('resolve'))).toHaveLength(2);

  await wait(15 * minutes);
  expect(pagerDuty.incidents()).toMatchObject([{ isOpen: false, opened: 3 }]);
  expect(await service.alerts('?state=open')).toEqual([]);
});

it('the first look at a status page opens one alert, which attracts nothing that comes later', async () => {
  const { pagerDuty, service, poll } = await playing();
  const old = ['2025-11-01', '2025-12-01', '2026-01-05'].map((day, at) => down(`old${at}`, `${day}T00:00:00Z`));
  expect(await poll({ components: old })).toMatchObject({ stored: 3, routed: 3 });
  expect(pagerDuty.incidents()).toMatchObject([{ opened: 1 }]);
  expect(await service.alerts()).toMatchObject([{ event_count: 3 }]);

  const names = [{ id: 'old1', name: 'Component old1' }];
  const started = { started_at: '2026-03-01T12:01:00Z', updated_at: '2026-03-01T12:01:00Z' };
  await poll({ components: old, incidents: [incident('1', { components: names, ...started })] });
  expect(await service.alerts()).toMatchObject([{ alert_id: incidentId, event_count: 1 }, { event_count: 3 }]);
  expect(pagerDuty.incidents()).toHaveLength(2);
});

it('an alert tells its story: who was told of what, when, and why', async () => {
  const { service, poll } = await playing();
  await poll({ components: [operational('a')] });
  const names = [{ id: 'a', name: 'Component a' }];
  const started = { started_at: '2026-03-01T12:01:00Z', updated_at: '2026-03-01T12:01:00Z', components: names };
  await poll({ incidents: [incident('1', started)], components: [operational('a')] });
  await poll({ incidents: [incident('1', started)], components: [down('a', '2026-03-01T12:02:30Z')] });
  await poll({ components: [operational('a')] });

  const alert = await service.alert(incidentId);
  expect(alert).toMatchObject({
    state: 'resolved',
    resolved_at: '2026-03-01T12:04:00.000Z',
    delivered_to: ['pagerduty'],
  });
  expect(alert.history.map(({ change, reason }) => [change, reason])).toEqual([
    ['opened', 'it belongs to no open alert'],
    ['delivered', undefined],
    ['joined', 'the incident names the component'],
    ['delivered', undefined],
    ['resolved', expect.any(String)],
    ['delivered', undefined],
  ]);
  expect(alert.deliveries.map(({ action, status }) => `${action} ${status}`)).toEqual([
    'trigger delivered',
    'update delivered',
    'resolve delivered',
  ]);
  const shown = await service.alerts('?state=resolved&severity=critical&source=acme_status');
  expect(shown.map(({ alert_id: id }) => id)).toEqual([incidentId]);
  expect(await service.events(`?alert_id=${incidentId}`)).toHaveLength(2);
});

it('a person closes an alert, and what its vendor lists on stays closed', async () => {
  const { pagerDuty, service, poll } = await playing();
  const parts = { incidents: [incident('1')], components: [down('a', '2026-03-01T11:05:00Z')] };
  await poll({});
  await poll(parts);
  await service.app.idle();
  const { status, body } = await service.post(`/alerts/${incidentId}/resolve`, { note: 'We have left them.' });
  await service.app.idle();
  expect(status).toBe(200);
  expect(body.resolved).toHaveLength(2);
  expect(await poll(parts)).toMatchObject({ stored: 0, resolved: 0, routed: 0 });
  expect(await service.events('?state=open')).toEqual([]);
  expect(pagerDuty.incidents()).toMatchObject([{ key: incidentId, isOpen: false, opened: 1 }]);
});
