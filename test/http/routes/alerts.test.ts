import { expect, it, vi } from 'vitest';
import { maxMembers } from '../../../src/domain/alert.ts';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { refuses, startApi } from '../../support/api.ts';
import { component, incident, summary } from '../../support/status-page.ts';
import { stripeEvent } from '../../support/stripe.ts';

const incidentId = 'acme_status:incident:1';
const componentId = 'acme_status:component:a:2026-03-01T11:30:00.000Z';
const parts = {
  incidents: [incident('1', { status: 'identified', components: [{ id: 'a', name: 'Payments' }] })],
  components: [component('a', 'partial_outage', { name: 'Payments' })],
};

/** An outage of one incident and its component, and a payout that failed a minute before. */
const withOutage = async () => {
  const api = startApi();
  await api.postStripe(stripeEvent('evt_1'));
  api.clock.advance(60_000);
  // Not the first look at the status page, which would fold whatever it finds.
  await api.pull(summary({}));
  await api.pull(summary(parts));
  return api;
};

it('lists one alert for an outage, with its events, phase, components and deliveries', async () => {
  const api = await withOutage();
  const [alert, payout] = await api.alerts();
  expect(alert).toEqual({
    alert_id: incidentId,
    dedup_key: incidentId,
    title: 'Incident 1',
    severity: 'critical',
    state: 'open',
    source: 'acme_status',
    opened_at: '2026-03-01T12:01:00.000Z',
    resolved_at: null,
    reopened_at: [],
    related: [],
    event_ids: [incidentId, componentId],
    event_count: 2,
    open_event_count: 2,
    phase: 'identified',
    affects: ['Payments'],
    delivered_to: ['pagerduty'],
    told_to: ['pagerduty'],
    wake_at: null,
    deliveries: [
      expect.objectContaining({ destination: 'pagerduty', action: 'trigger', status: 'delivered', attempts: 1 }),
      expect.objectContaining({ destination: 'pagerduty', action: 'update', status: 'delivered', attempts: 1 }),
    ],
  });
  expect(payout).toMatchObject({ alert_id: 'evt_1', phase: null, affects: [], event_count: 1 });
  expect(payout.wake_at).toEqual({
    at: '2026-03-08T12:00:00.000Z',
    because: 'after a week a payment is closed without telling anybody',
  });
});

it('of an alert that was opened again, what was told before its end is marked, in the list, by its id and of its event', async () => {
  const api = startApi();
  await api.pull(summary({}));
  await api.pull(summary({ incidents: [incident('1')] }));
  await api.pull(summary({}));
  const silence = { when: { page: 'acme' }, until: '2h', because: 'It flaps', by: 'jo' };
  expect(await api.post('/silences', silence)).toMatchObject({ status: 201 });
  api.clock.advance(60_000);
  await api.pull(summary({ incidents: [incident('1')] }));
  const [alert] = await api.alerts();
  const isEarlier = { deliveries: [{ earlier: true }, { earlier: true }] };
  expect(alert).toMatchObject({ state: 'open', reopened_at: [expect.any(String)], ...isEarlier });
  expect(await api.json(`/alerts/${incidentId}`)).toMatchObject(isEarlier);
  expect(await api.event(incidentId)).toMatchObject(isEarlier);
});

it.each([
  ['', [incidentId, 'evt_1']],
  ['?source=stripe', ['evt_1']],
  ['?state=open', [incidentId, 'evt_1']],
  ['?state=resolved', []],
  ['?severity=critical', [incidentId, 'evt_1']],
  ['?severity=warning', []],
  ['?since=2026-03-01T12:01:00Z', [incidentId]],
  ['?until=2026-03-01T13:01:00%2B01:00', ['evt_1']],
  ['?limit=1', [incidentId]],
])('GET /alerts%s lists the right alerts, newest first', async (query, ids) => {
  const api = await withOutage();
  const alerts: readonly { readonly alert_id: string }[] = await api.alerts(query);
  expect(alerts.map(({ alert_id: id }) => id)).toEqual(ids);
});

it('goes on after a cursor, and ends with none', async () => {
  const api = await withOutage();
  const first = await api.json('/alerts?limit=1');
  const second = await api.json(`/alerts?limit=1&cursor=${first.next_cursor}`);
  expect(second).toMatchObject({ alerts: [{ alert_id: 'evt_1' }], next_cursor: null });
});

it('asks the store once for a list, and twice for one alert, however many events there are', async () => {
  const api = await withOutage();
  const listEvents = vi.spyOn(api.store, 'listEvents');
  const readAlert = vi.spyOn(api.store, 'readAlert');
  const readEvent = vi.spyOn(api.store, 'readEvent');
  await api.alerts();
  expect([listEvents.mock.calls.length, readAlert.mock.calls.length]).toEqual([0, 0]);
  await api.alert(incidentId);
  expect([listEvents.mock.calls.length, readAlert.mock.calls.length]).toEqual([1, 1]);
  expect(readEvent).not.toHaveBeenCalled();
});

it.each([
  ['state=closed', 'state'],
  ['severity=grave', 'severity'],
  ['source=', 'source'],
  ['limit=0', 'limit'],
  ['cursor=x', 'cursor'],
  ['kind=payment', 'kind'],
])('GET /alerts?%s is answered 400 and names the parameter', async (query, path) => {
  const response = await startApi().request(`/alerts?${query}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ path }] });
});

it('shows one alert with the state of each event, each attempt, and its history in words', async () => {
  const api = await withOutage();
  api.answerWith(() => refuses);
  await api.pull(summary({ ...parts, components: [] }));
  await api.pull(summary({ components: [component('a', 'partial_outage', { name: 'Payments' })] }));
  const alert = await api.alert(incidentId);
  expect(alert.events).toMatchObject([
    {
      event_id: incidentId,
      item: 'incident',
      state: 'resolved',
      ended_at: expect.any(String),
      facts: { item: 'incident', page: 'acme' },
      routed: true,
      routing_reason: expect.stringContaining('Sent'),
    },
    { event_id: componentId, item: 'component', state: 'open', ended_at: null, facts: { component: 'Payments' } },
  ]);
  expect(alert).toMatchObject({
    phase: null,
    affects: ['Payments'],
    open_event_count: 1,
    title: 'Payments: partial_outage',
  });
  expect(alert.deliveries).toMatchObject([
    { action: 'trigger', reason: 'opened', event_ids: [incidentId], attempt_log: [{ number: 1, status_code: 202 }] },
    { action: 'update', reason: 'joined', event_ids: [componentId], attempt_log: [{ outcome: 'delivered' }] },
  ]);
  const texts = alert.history.map(({ text }: { readonly text: string }) => text);
  expect(texts[0]).toBe('Opened by "Incident 1": it belongs to no open alert.');
  // Whatever state the component has by now.
  expect(texts).toContainEqual(expect.stringMatching(/^"Payments" joined: .+\.$/));
  expect(texts).toContain('pagerduty accepted the trigger.');
});

it('an alert that is not stored is not found', async () => {
  const api = await withOutage();
  for (const path of ['/alerts/evt_9', '/alerts/__proto__', `/alerts/${encodeURIComponent(componentId)}`]) {
    const response = await api.request(path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(await response.json()).toMatchObject({
      detail: expect.stringMatching(/^no alert with this id is stored: .* test message/),
    });
  }
});

const resolve = (id: string) => `/alerts/${encodeURIComponent(id)}/resolve`;

it('resolves all events of an alert at once, and closes it where it was told', async () => {
  const api = await withOutage();
  const { status, body } = await api.post(resolve(incidentId), { note: 'Braze says so.\nOn the phone.' });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    resolved: [incidentId, componentId],
    alert: { state: 'resolved', open_event_count: 0, events: [{ state: 'resolved' }, { state: 'resolved' }] },
  });
  expect(api.sent.filter(({ action }) => action === 'resolve')).toMatchObject([{ alertId: incidentId }]);
  expect(await api.event(componentId)).toMatchObject({
    resolved_at: expect.any(String),
    history: expect.arrayContaining([
      expect.objectContaining({ reason: 'resolved manually: Braze says so.\nOn the phone.' }),
    ]),
  });
  expect(api.logged.of('alert.resolved_by_hand')).toMatchObject([
    { alert_id: incidentId, events: 2, note: 'Braze says so. On the phone.' },
  ]);
});

it('resolves the events of a full alert that it does not keep, too', async () => {
  const api = startApi();
  await api.pull(summary({}));
  const ids = Array.from({ length: maxMembers + 2 }, (_, n) => `c${n}`);
  const named = ids.map((id) => ({ id, name: `Component ${id}` }));
  const components = named.map(({ id, name }) => component(id, 'major_outage', { name }));
  await api.pull(summary({ incidents: [incident('1', { components: named })], components }));
  expect(await api.alert(incidentId)).toMatchObject({ event_count: maxMembers + 3 });
  const { body } = await api.post(resolve(incidentId));
  expect(body.resolved).toHaveLength(maxMembers + 3);
  await api.idle();
  expect(await api.alert(incidentId)).toMatchObject({ state: 'resolved' });
  expect((await api.events('?state=open')).length).toBe(0);
});

it('what the vendor goes on listing stays closed', async () => {
  const api = await withOutage();
  await api.post(resolve(incidentId));
  await api.pull(summary(parts));
  expect(await api.alert(incidentId)).toMatchObject({ state: 'resolved' });
});

it('resolves the alert of a payment, which has no end of its own', async () => {
  const api = await withOutage();
  expect(await api.post(resolve('evt_1'))).toMatchObject({ status: 200, body: { alert: { state: 'resolved' } } });
});

it('an alert that is over is not resolved again, and the answer says since when', async () => {
  const api = await withOutage();
  await api.post(resolve(incidentId));
  expect(await api.post(resolve(incidentId))).toMatchObject({
    status: 409,
    body: { detail: 'the alert was resolved at 2026-03-01T12:01:00.000Z' },
  });
});

it('an alert whose events have ended, and which only waits, cannot be resolved', async () => {
  const api = await withOutage();
  const well = summary({ components: [component('a', 'operational', { name: 'Payments' })] });
  for (const next of [well, summary(parts), well, summary(parts), well]) {
    await api.pull(next);
    await api.timePasses(60_000);
  }
  const alert = await api.alert(incidentId);
  expect(alert).toMatchObject({ state: 'open', open_event_count: 0 });
  expect(alert.wake_at.because).toBe('it was opened again twice within an hour, and is resolved if all stays well');
  expect(await api.post(resolve(incidentId))).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('all of its events have ended: it is resolved at 2026-03-01T12:') },
  });
});

it.each([{ note: 7 }, { note: 'x'.repeat(1001) }, { why: 'done' }, [], null])(
  'to resolve an alert with %j is refused, and resolves nothing',
  async (body) => {
    const api = await withOutage();
    expect((await api.post(resolve(incidentId), body)).status).toBe(400);
    expect(await api.alert(incidentId)).toMatchObject({ state: 'open' });
  },
);

it('a store that fails meanwhile is told, and nothing is said to be resolved', async () => {
  const api = await withOutage();
  vi.spyOn(api.store, 'transact').mockRejectedValue(new StoreUnavailable('store_unavailable', 'it is away'));
  expect((await api.post(resolve(incidentId))).status).toBe(503);
  expect(api.logged.of('alert.resolved_by_hand')).toEqual([]);
});
