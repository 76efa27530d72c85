// "An incident has a life, and the event follows it": each bullet of the contract, played as a sequence of polls.
// Every test asserts the pull's counts, the event with its history, and what PagerDuty accepted, in order.
import { HttpResponse } from 'msw';
import { expect, it, vi } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { accepted, fakePagerDuty, refused } from '../support/pagerduty.ts';
import { type EventView, type Service, startService } from '../support/service.ts';
import { component, fakePage, incident, type SummaryParts, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

const incidentId = 'acme_status:incident:1';

/** A service whose page is served, and pulled a minute later, in one step. */
const playing = async (env: Readonly<Record<string, string>> = {}) => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await startService(env);
  const poll = async (parts: SummaryParts) => {
    service.clock.advance(60_000);
    page.serve(summary({ updatedAt: new Date(service.clock.now()).toISOString(), ...parts }));
    return service.pull();
  };
  return { pagerDuty, page, service, poll };
};

const none = {
  stored: 0,
  updated: 0,
  resolved: 0,
  duplicates: 0,
  routed: 0,
  errors: {},
  skipped: ['spreedly', 'braze'],
};
const changesOf = ({ history }: EventView): readonly string[] => history.map(({ change }) => change);
const open = async (service: Service) => (await service.events('?state=open')).map(({ event_id: id }) => id);

it('stores an incident when it is first seen, and counts it as a duplicate while nothing changes', async () => {
  const { pagerDuty, service, poll } = await playing();

  expect(await poll({ incidents: [incident('1')] })).toEqual({ ...none, fetched: { acme: 1 }, stored: 1, routed: 1 });
  const first = await service.event(incidentId);
  expect(await poll({ incidents: [incident('1')] })).toEqual({ ...none, fetched: { acme: 1 }, duplicates: 1 });

  const event = await service.event(incidentId);
  expect(event).toEqual({ ...first, seen_count: 2, last_seen_at: '2026-03-01T12:02:00.000Z' });
  expect(changesOf(event)).toEqual(['stored', 'routing_decided', 'opened', 'delivered']);
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
});

it('pages when a minor incident becomes major, and closes the page when it is resolved', async () => {
  const { pagerDuty, service, poll } = await playing();

  expect(await poll({ incidents: [incident('1', { impact: 'minor' })] })).toMatchObject({ stored: 1, routed: 0 });
  expect(await poll({ incidents: [incident('1', { impact: 'major' })] })).toMatchObject({ updated: 1, routed: 1 });
  const resolved = { impact: 'major', status: 'resolved', resolved_at: '2026-03-01T05:02:30-07:00' };
  expect(await poll({ incidents: [incident('1', resolved)] })).toMatchObject({ resolved: 1, updated: 0, routed: 0 });

  const event = await service.event(incidentId);
  expect(event).toMatchObject({ severity: 'critical', resolved_at: '2026-03-01T12:02:30.000Z', routed: true });
  expect(event.history).toMatchObject([
    { change: 'stored' },
    { change: 'routing_decided', reason: 'Not sent: warning events are sent only if ROUTE_WARNING=true.' },
    { change: 'opened', reason: 'it belongs to no open alert' },
    { change: 'updated', fields: { severity: { old: 'warning', new: 'critical' } } },
    { change: 'routing_decided', reason: 'Sent: critical events are always sent.' },
    { change: 'delivered', fields: { status: { old: 'pending', new: 'delivered' } } },
    { change: 'resolved', fields: { resolved_at: { old: null, new: '2026-03-01T12:02:30.000Z' } } },
    { change: 'routing_decided' },
    { change: 'delivered' },
  ]);
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it('leaves the page open when the severity falls, sends no second one when it rises again, and closes it in the end', async () => {
  const { pagerDuty, service, poll } = await playing();

  for (const impact of ['critical', 'minor', 'major']) await poll({ incidents: [incident('1', { impact })] });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  expect(await poll({})).toMatchObject({ resolved: 1 });

  expect(changesOf(await service.event(incidentId)).filter((change) => change !== 'routing_decided')).toEqual([
    'stored',
    'opened',
    'delivered',
    'updated',
    'updated',
    'resolved',
    'delivered',
  ]);
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it('keeps the text of an incident up to date, with the old text in its history', async () => {
  const { pagerDuty, service, poll } = await playing();
  const update = (body: string, at: string) => ({ body, created_at: at });
  const older = update('Looking into it', '2026-03-01T11:00:00Z');

  await poll({ incidents: [incident('1', { incident_updates: [older] })] });
  const more = { name: 'Renamed', incident_updates: [update('Found it', '2026-03-01T11:30:00Z'), older] };
  expect(await poll({ incidents: [incident('1', more)] })).toMatchObject({ updated: 1, routed: 0 });

  const event = await service.event(incidentId);
  expect(event).toMatchObject({ summary: 'Renamed', description: 'Found it' });
  expect(event.history.find(({ change }) => change === 'updated')?.fields).toEqual({
    summary: { old: 'Incident 1', new: 'Renamed' },
    description: { old: 'Looking into it', new: 'Found it' },
  });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
});

it('resolves an incident that a whole summary no longer lists, at the time at which the page changed', async () => {
  const { pagerDuty, service, poll } = await playing();

  await poll({ incidents: [incident('1')] });
  expect(await poll({ updatedAt: '2026-03-01T12:01:45.000Z' })).toEqual({ ...none, fetched: { acme: 0 }, resolved: 1 });
  expect(await poll({})).toEqual({ ...none, fetched: { acme: 0 } });

  const event = await service.event(incidentId);
  expect(event.resolved_at).toBe('2026-03-01T12:01:45.000Z');
  expect(event.history.find(({ change }) => change === 'resolved')?.reason).toBe(
    'the status page no longer lists it as open',
  );
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it.each([
  ['the page gives no time', {}],
  ['the page changed before the incident began', { updatedAt: '2026-03-01T10:00:00.000Z' }],
])('resolves by absence at the time of the fetch when %s', async (_why, parts) => {
  const page = fakePage();
  const service = await startService({}, {});
  fakePagerDuty();
  page.serve(summary({ ...parts, incidents: [incident('1')] }));
  await service.pull();
  service.clock.advance(60_000);
  page.serve(summary(parts));
  expect(await service.pull()).toMatchObject({ resolved: 1 });

  expect((await service.event(incidentId)).resolved_at).toBe('2026-03-01T12:01:00.000Z');
});

it('opens an event again, and pages again, when the incident is listed again', async () => {
  const { pagerDuty, service, poll } = await playing();

  await poll({ incidents: [incident('1')] });
  await poll({});
  expect(await poll({ incidents: [incident('1')] })).toMatchObject({ stored: 0, updated: 1, routed: 1 });
  expect(await open(service)).toEqual([incidentId]);
  expect(await poll({})).toMatchObject({ resolved: 1 });

  const event = await service.event(incidentId);
  expect(changesOf(event).filter((change) => /stored|resolved|reopened/.test(change))).toEqual([
    'stored',
    'resolved',
    // The event, and the alert that it belongs to.
    'reopened',
    'reopened',
    'resolved',
  ]);
  expect(event.deliveries).toMatchObject([
    { action: 'trigger', status: 'delivered', attempts: 2, attempt_log: [{ number: 1 }, { number: 2 }] },
    { action: 'resolve', status: 'delivered', attempts: 2 },
  ]);
  expect(pagerDuty.accepted).toEqual(
    ['trigger', 'resolve', 'trigger', 'resolve'].map((action) => `${action} ${incidentId}`),
  );
});

it('follows a component down, worse, up and down again: two outages, two events', async () => {
  const { pagerDuty, service, poll } = await playing();
  const at = (time: string) => ({ updated_at: `2026-03-01T${time}Z` });
  const firstId = 'acme_status:component:a:2026-03-01T11:30:00.000Z';
  const secondId = 'acme_status:component:a:2026-03-01T12:30:00.000Z';

  const down = component('a', 'degraded_performance', at('11:30:00'));
  expect(await poll({ components: [down] })).toMatchObject({ stored: 1, routed: 0 });
  const worse = component('a', 'major_outage', at('11:45:00'));
  expect(await poll({ components: [worse] })).toMatchObject({ updated: 1, stored: 0, routed: 1 });
  const up = component('a', 'operational', at('12:00:00'));
  expect(await poll({ components: [up] })).toMatchObject({ fetched: { acme: 1 }, resolved: 1 });
  const again = component('a', 'partial_outage', at('12:30:00'));
  expect(await poll({ components: [again] })).toMatchObject({ stored: 1, routed: 1 });

  const first = await service.event(firstId);
  expect(first).toMatchObject({ summary: 'Component a: major_outage', started_at: '2026-03-01T11:30:00.000Z' });
  expect(first.history.find(({ change }) => change === 'resolved')?.reason).toBe('the component is operational again');
  expect(await open(service)).toEqual([secondId]);
  // The same component within an hour of the end: the alert is opened again, under its key.
  expect(pagerDuty.accepted).toEqual([`trigger ${firstId}`, `resolve ${firstId}`, `trigger ${firstId}`]);
  expect((await service.event(secondId)).alert_id).toBe(firstId);
});

it('resolves nothing by absence from a page with a malformed item, processes the rest, and names the item', async () => {
  const { pagerDuty, service, poll } = await playing();
  await poll({ incidents: [incident('1'), incident('2')], components: [component('a', 'major_outage')] });

  const counts = await poll({
    incidents: [incident('3'), { id: '2', status: 'investigating' }],
    components: [component('a', 'operational')],
  });

  expect(counts).toEqual({
    ...none,
    fetched: { acme: 2 },
    stored: 1,
    resolved: 1,
    routed: 1,
    errors: { acme: 'incidents[1]: name: Invalid input: expected string, received undefined' },
  });
  expect(service.logged.of('page.item_skipped')).toHaveLength(1);
  expect((await open(service)).toSorted()).toEqual(['1', '2', '3'].map((id) => `acme_status:incident:${id}`));
  // One outage is one alert, which goes on as long as one of its events does.
  expect(pagerDuty.accepted.filter((call) => call.startsWith('resolve'))).toEqual([]);
  expect(await poll({ incidents: [incident('3')] })).toMatchObject({ resolved: 2 });
  expect(await poll({})).toMatchObject({ resolved: 1 });
  // The first look found it, so on a store that forgets it is closed under every key that it may have had.
  expect(pagerDuty.accepted.filter((call) => call.startsWith('resolve')).toSorted()).toEqual([
    'resolve acme_status:component:a:2026-03-01T11:30:00.000Z',
    ...['1', '2', '3'].map((id) => `resolve acme_status:incident:${id}`),
  ]);
});

it.each([
  ['HTML instead of JSON', () => new HttpResponse('<html>disabled</html>'), /looks like HTML/],
  ['an error object with a 200', () => HttpResponse.json({ status: 500, error: 'x' }), /no statuspage summary/],
  ['an empty body', () => new HttpResponse(''), /it is empty/],
  ['a list', () => HttpResponse.json([]), /no statuspage summary/],
  ['endless nesting', () => new HttpResponse(`${'['.repeat(5000)}${']'.repeat(5000)}`), /200 levels deep/],
  ['a summary without a page', () => HttpResponse.json({ components: [] }), /page: /],
  ['a summary without components', () => HttpResponse.json({ page: { id: 'acme' } }), /components: /],
  ['a server error', () => new HttpResponse(null, { status: 503 }), /HTTP 503/],
  ['no answer at all', () => HttpResponse.error(), /Network error|fetch failed|Failed to fetch/],
])('resolves nothing when the page answers with %s', async (_what, answer, reason) => {
  const { pagerDuty, page, service, poll } = await playing();
  await poll({ incidents: [incident('1')], components: [component('a', 'major_outage')] });
  const before = await service.event(incidentId);

  page.serve(answer);
  const problem = await service.pull();

  expect(problem).toMatchObject({ status: 502, errors: { acme: expect.stringMatching(reason) } });
  expect(await service.event(incidentId)).toEqual(before);
  expect(pagerDuty.accepted).toHaveLength(2);
});

it('drops a stale copy whole, so that nothing is resolved and paged again', async () => {
  const { pagerDuty, service, poll } = await playing();
  await poll({ updatedAt: '2026-03-01T11:00:00Z', components: [component('a', 'operational')] });
  await poll({
    updatedAt: '2026-03-01T12:00:00Z',
    incidents: [incident('1')],
    components: [component('a', 'major_outage')],
  });
  const before = await service.event(incidentId);

  const stale = await poll({ updatedAt: '2026-03-01T04:00:00-07:00', components: [component('a', 'operational')] });

  expect(stale).toEqual({ ...none, fetched: { acme: 0 } });
  expect(service.logged.of('page.stale')).toMatchObject([{ page: 'acme', newest: '2026-03-01T12:00:00.000Z' }]);
  expect(await service.event(incidentId)).toEqual(before);
  expect(pagerDuty.accepted).toHaveLength(2);
});

it('ignores an old copy of one incident, and takes a change under an equal time', async () => {
  const { pagerDuty, service, poll } = await playing();
  const at = (updatedAt: string, impact: string) => ({ incidents: [incident('1', { updated_at: updatedAt, impact })] });
  await poll(at('2026-03-01T11:10:00Z', 'minor'));

  expect(await poll(at('2026-03-01T11:05:00Z', 'critical'))).toMatchObject({ duplicates: 1, updated: 0 });
  expect(await service.event(incidentId)).toMatchObject({ severity: 'warning', seen_count: 1 });
  expect(await poll(at('2026-03-01T11:10:00Z', 'critical'))).toMatchObject({ updated: 1, routed: 1 });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
});

it("uses nothing of another customer's page, until its id has answered long enough without a break", async () => {
  const { pagerDuty, service, poll } = await playing({ STATUS_STALE_AFTER_SECONDS: '150' });
  await poll({ incidents: [incident('1')] });
  const other = { pageId: 'other', incidents: [incident('9')] };

  expect(await poll(other)).toMatchObject({ status: 502, errors: { acme: expect.stringContaining('"other"') } });
  expect(await poll({ incidents: [incident('1')] })).toMatchObject({ duplicates: 1 });
  for (let minute = 0; minute < 3; minute++) expect(await poll(other)).toMatchObject({ status: 502 });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  expect(await poll(other)).toMatchObject({ fetched: { acme: 1 }, stored: 1, resolved: 1 });

  expect(service.logged.of('page.id_adopted')).toMatchObject([{ level: 'warn', from: 'acme', to: 'other' }]);
  // The two deliveries of the last pull are of different events, so either may come first.
  expect(pagerDuty.accepted.toSorted()).toEqual([
    `resolve ${incidentId}`,
    `trigger ${incidentId}`,
    'trigger acme_status:incident:9',
  ]);
});

it('pages nobody for what is over before its page was accepted', async () => {
  const { pagerDuty, service, poll } = await playing();
  pagerDuty.answer = () => refused(503, { 'retry-after': '600' });
  await poll({ incidents: [incident('1')] });
  pagerDuty.answer = accepted;
  expect(await poll({})).toMatchObject({ resolved: 1 });

  expect(await service.event(incidentId)).toMatchObject({
    routing_reason: 'Not sent: it ended before its notification was accepted.',
    deliveries: [
      { action: 'trigger', status: 'superseded', attempts: 1 },
      { action: 'resolve', status: 'superseded', attempts: 0 },
    ],
  });
  expect(pagerDuty.requests).toHaveLength(1);
  expect(pagerDuty.accepted).toEqual([]);
});

it('sends the resolve when an attempt of the trigger may have arrived', async () => {
  const { pagerDuty, service, poll } = await playing({ DELIVERY_RETRY_MIN_MS: '60000' });
  pagerDuty.answer = () => refused(504);
  await poll({ incidents: [incident('1')] });
  pagerDuty.answer = accepted;
  await poll({});

  expect(await service.event(incidentId)).toMatchObject({
    deliveries: [
      { action: 'trigger', status: 'superseded' },
      { action: 'resolve', status: 'delivered' },
    ],
  });
  expect(pagerDuty.accepted).toEqual([`resolve ${incidentId}`]);
});

it('awaits a trigger in flight before it closes the page', async () => {
  const { pagerDuty, page, service } = await playing();
  const gate = Promise.withResolvers<Response>();
  const asked = Promise.withResolvers<void>();
  pagerDuty.answer = () => {
    asked.resolve();
    return gate.promise;
  };
  page.serve(summary({ incidents: [incident('1')] }));
  await service.request('/ingest/pull-status', { method: 'POST' });
  await asked.promise;
  pagerDuty.answer = accepted;
  page.serve(summary({}));
  await service.request('/ingest/pull-status', { method: 'POST' });

  expect(pagerDuty.requests).toHaveLength(1);
  gate.resolve(accepted());
  await service.app.idle();

  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
  expect((await service.event(incidentId)).deliveries).toMatchObject([
    { status: 'delivered' },
    { status: 'delivered' },
  ]);
});

it('does not send what was already resolved when it was first seen, and says so', async () => {
  const { pagerDuty, service, poll } = await playing();
  const over = { status: 'resolved', resolved_at: '2026-03-01T11:40:00Z' };

  expect(await poll({ incidents: [incident('1', over)] })).toMatchObject({ stored: 1, resolved: 0, routed: 0 });
  expect(await poll({})).toMatchObject({ resolved: 0 });

  expect(await service.event(incidentId)).toMatchObject({
    routed: false,
    routing_reason: 'Not sent: it was already over when it was first seen.',
    history: [{ change: 'stored' }, { change: 'routing_decided' }],
  });
  expect(pagerDuty.requests).toEqual([]);
});

it('keeps the derived end of an incident that is listed as resolved without a time', async () => {
  const { service, poll } = await playing();
  fakePagerDuty();
  await poll({ incidents: [incident('1')] });
  expect(await poll({ incidents: [incident('1', { status: 'resolved' })] })).toMatchObject({ resolved: 1 });
  expect(await poll({ incidents: [incident('1', { status: 'postmortem' })] })).toMatchObject({
    stored: 0,
    updated: 0,
    resolved: 0,
  });

  expect((await service.event(incidentId)).resolved_at).toBe('2026-03-01T12:02:00.000Z');
});

it('closes a page that was sent for a warning after warnings are switched off', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const store = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  const minor = incident('1', { impact: 'minor' });

  const before = await startService({ ROUTE_WARNING: 'true' }, { store });
  page.serve(summary({ incidents: [minor] }));
  expect(await before.pull()).toMatchObject({ stored: 1, routed: 1 });
  const after = await startService({ ROUTE_WARNING: 'false' }, { store });
  expect(await after.pull()).toMatchObject({ duplicates: 1 });
  page.serve(summary({}));
  expect(await after.pull()).toMatchObject({ resolved: 1 });

  expect(await after.event(incidentId)).toMatchObject({ routed: true, delivered_to: ['pagerduty'] });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it('counts leaf components only, and takes scheduled maintenances as incidents that wake nobody', async () => {
  const { pagerDuty, service, poll } = await playing();
  const maintenance = incident('m', {
    impact: 'critical',
    status: 'scheduled',
    started_at: null,
    scheduled_for: '2026-03-02T01:00:00-07:00',
  });

  const counts = await poll({
    maintenances: [maintenance],
    components: [component('g', 'major_outage', { group: true }), component('a', 'under_maintenance')],
  });

  expect(counts).toEqual({ ...none, fetched: { acme: 2 }, stored: 2 });
  expect(await service.event('acme_status:incident:m')).toMatchObject({
    severity: 'info',
    started_at: '2026-03-02T08:00:00.000Z',
  });
  expect(pagerDuty.requests).toEqual([]);
});

it('a maintenance that is moved begins when its vendor says now, and one without a time when it was seen first', async () => {
  const { service, poll } = await playing();
  const planned = (id: string, scheduledFor: string | null) =>
    incident(id, { status: 'scheduled', started_at: null, created_at: null, scheduled_for: scheduledFor });
  await poll({ maintenances: [planned('m', '2026-03-02T08:00:00Z'), planned('n', null)] });
  const { started_at: firstSeen } = await service.event('acme_status:incident:n');
  expect(await poll({ maintenances: [planned('m', '2026-03-09T08:00:00Z'), planned('n', null)] })).toMatchObject({
    updated: 1,
    duplicates: 1,
  });
  expect(await service.event('acme_status:incident:m')).toMatchObject({ started_at: '2026-03-09T08:00:00.000Z' });
  expect(await service.event('acme_status:incident:n')).toMatchObject({ started_at: firstSeen });
});

it('describes an incident by its newest update although one of them is malformed', async () => {
  const { service, poll } = await playing();
  const update = (body: string, at: string) => ({ body, created_at: at });
  const updates = [update('old', '2026-03-01T11:00:00Z'), null, update('new', '2026-03-01T11:10:00Z'), 7];
  await poll({ incidents: [incident('1', { incident_updates: updates })] });
  expect((await service.event(incidentId)).description).toBe('new');
});

it('knows a stale copy even if only a part of the newer one could be stored', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const memory = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  let refuses = false;
  const transact: typeof memory.transact = (keys, decide) =>
    refuses && keys.eventId?.endsWith(':2')
      ? Promise.reject(new StoreUnavailable('store_full', 'full'))
      : memory.transact(keys, decide);
  const service = await startService({}, { store: { ...memory, transact } });
  const at = (hour: number, ids: readonly string[]) => {
    const updatedAt = `2026-03-01T0${hour}:00:00Z`;
    page.serve(summary({ updatedAt, incidents: ids.map((id) => incident(id)) }));
    return service.pull();
  };
  await at(1, []);
  refuses = true;
  expect(await at(3, ['1', '2'])).toMatchObject({ status: 503 });
  refuses = false;
  expect(await at(2, [])).toMatchObject({ fetched: { acme: 0 }, resolved: 0 });
  expect(await at(3, ['1', '2'])).toMatchObject({ stored: 1, duplicates: 1 });
  expect(pagerDuty.accepted.toSorted()).toEqual(['trigger acme_status:incident:1', 'trigger acme_status:incident:2']);
});

it('pages nobody for a test-mode event or a fixture that was owed to the mock before a key was set', async () => {
  const pagerDuty = fakePagerDuty();
  const store = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  const onMock = await startService({ PAGERDUTY_ROUTING_KEY: '', STATUS_PAGES: '' }, { store });
  await onMock.postStripe({ ...stripeEvent('evt_test'), livemode: false });
  await onMock.pull();
  await onMock.app.stop();

  const onPagerDuty = await startService({ STATUS_PAGES: '' }, { store, recoveryIntervalMs: 5 });
  onPagerDuty.clock.advance(60_000);
  await vi.waitFor(() => expect(onPagerDuty.logged.of('delivery.failed')).toHaveLength(2));
  expect(pagerDuty.requests).toEqual([]);
  expect((await onPagerDuty.event('evt_test')).deliveries).toMatchObject([
    { status: 'failed', last_error: 'the destination "pagerduty" has another key or address now' },
  ]);
});

it('an end that PagerDuty refused, with its key revoked, is told when it accepts again', async () => {
  const { pagerDuty, service, poll } = await playing();
  await poll({ incidents: [incident('1')] });
  pagerDuty.answer = () => refused(403);
  await poll({});
  expect(await service.alert(incidentId)).toMatchObject({ state: 'resolved' });
  service.clock.advance(3_600_000);
  pagerDuty.answer = accepted;
  await poll({ incidents: [incident('2', { started_at: '2026-03-01T13:02:00Z' })] });
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([
    `trigger ${incidentId}`,
    'trigger acme_status:incident:2',
    `resolve ${incidentId}`,
  ]);
  expect(pagerDuty.incidents()).toMatchObject([{ isOpen: false }, { isOpen: true }]);
});
