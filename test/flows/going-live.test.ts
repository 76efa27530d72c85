// Somebody tries the service with its mock, and sets up a destination that reaches people later, over the same store.

import { HttpResponse, http } from 'msw';
import { beforeEach, expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { network } from '../support/network.ts';
import { fakePagerDuty, routingKey } from '../support/pagerduty.ts';
import { playing } from '../support/playing.ts';
import { withRules } from '../support/rules-file.ts';
import { startService } from '../support/service.ts';
import { component, fakePage, incident, statusUrl, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

const incidentId = 'acme_status:incident:1';
const dayMs = 86_400_000;
const mock = { PAGERDUTY_ROUTING_KEY: '' };
const rules = `
version: 1
destinations: { oncall: { type: pagerduty, routing_key: ${routingKey} } }
routes: [{ name: critical wakes somebody, when: { severity: critical }, send: [oncall] }]
`;

let store: EventStore;
beforeEach(() => {
  store = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  network.use(http.post('http://127.0.0.1:9/destinations/pagerduty', () => new HttpResponse(null, { status: 202 })));
});

/** How it goes live: by a key in the environment, or by a rules file. */
const ways: readonly (readonly [string, () => Promise<Readonly<Record<string, string>>>])[] = [
  ['with a key', async () => ({})],
  ['with a rules file', async () => ({ ...mock, CONFIG_FILE: (await withRules(rules)).path })],
];

it.each(ways)('%s, fixtures that were read for trying wake nobody', async (_how, envOf) => {
  const tried = await startService({ ...mock, STATUS_PAGES: '' }, { store });
  await tried.pull();
  expect(await tried.events('?state=open')).not.toEqual([]);
  await tried.app.stop();
  const pagerDuty = fakePagerDuty();
  const live = await startService({ STATUS_PAGES: '', ...(await envOf()) }, { store, recoveryIntervalMs: 0 });
  await live.app.tick();
  expect(pagerDuty.requests).toEqual([]);
});

it('by rules that are loaded while it runs, fixtures that were read for trying wake nobody', async () => {
  const pagerDuty = fakePagerDuty();
  const file = await withRules('version: 1');
  const service = await startService({ ...mock, STATUS_PAGES: '', CONFIG_FILE: file.path }, { store });
  await service.pull();
  await file.write(rules);
  await service.app.reload();
  await service.app.idle();
  expect(pagerDuty.requests).toEqual([]);
});

it('a fixture gives way to its status page at once, and what it said is over', async () => {
  const tried = await startService({ ...mock, STATUS_PAGES: '' }, { store });
  await tried.pull();
  await tried.app.stop();
  const page = fakePage();
  const addresses = { SPREEDLY_STATUS_SUMMARY_URL: statusUrl, BRAZE_STATUS_SUMMARY_URL: statusUrl };
  const live = await startService({ STATUS_PAGES: '', ...addresses }, { store });
  const pull = () => {
    const updatedAt = new Date(live.clock.now()).toISOString();
    page.serve(summary({ updatedAt, components: [component('a', 'operational')] }));
    return live.pull();
  };
  expect(await pull()).toMatchObject({ fetched: { spreedly: 1, braze: 1 }, resolved: 1 });
  // A component that a status page does not list is not over at once.
  live.clock.advance(16 * 60_000);
  await pull();
  expect(await live.events('?state=open')).toEqual([]);
});

it.each(ways)('%s, a payment that was sent for trying wakes nobody', async (_how, envOf) => {
  const tried = await startService(mock, { store });
  await tried.postStripe(stripeEvent('evt_1'));
  await tried.app.idle();
  expect(await tried.event('evt_1')).toMatchObject({ delivered_to: ['pagerduty'] });
  await tried.app.stop();
  const pagerDuty = fakePagerDuty();
  const live = await startService(await envOf(), { store, recoveryIntervalMs: 0 });
  await live.app.tick();
  expect(pagerDuty.requests).toEqual([]);
  await live.postStripe(stripeEvent('evt_2'));
  await live.app.idle();
  expect(pagerDuty.accepted).toEqual(['trigger evt_2']);
});

/** Two failed payments of one object, the second a day later, which the mock alone was told. */
const tryPayments = async () => {
  const tried = await startService(mock, { store, recoveryIntervalMs: 0 });
  const data = { object: { id: 'po_1' } };
  await tried.postStripe(stripeEvent('evt_1', 'payout.failed', { data }));
  tried.clock.advance(dayMs);
  await tried.postStripe(stripeEvent('evt_2', 'payout.failed', { data }));
  await tried.app.idle();
  expect(await tried.alert('evt_1')).toMatchObject({ event_count: 2 });
  await tried.app.stop();
};

it.each(ways)('%s, a payment that was sent for trying wakes nobody when another one ends', async (_how, envOf) => {
  await tryPayments();
  const pagerDuty = fakePagerDuty();
  const live = await startService(await envOf(), { store, recoveryIntervalMs: 0 });
  live.clock.advance(7 * dayMs);
  await live.app.tick();
  expect(await live.alert('evt_1')).toMatchObject({ state: 'open', open_event_count: 1 });
  expect(pagerDuty.requests).toEqual([]);
});

it.each(ways)('%s, a payment that was sent for trying wakes nobody when a silence is planned', async (_how, envOf) => {
  await tryPayments();
  const pagerDuty = fakePagerDuty();
  const live = await startService(await envOf(), { store, recoveryIntervalMs: 0 });
  live.clock.advance(dayMs);
  const [from, until] = [dayMs, 2 * dayMs].map((ms) => new Date(live.clock.now() + ms).toISOString());
  const made = await live.post('/silences', { when: { kind: 'payment' }, from, until, by: 'me', because: 'tomorrow' });
  expect(made.status).toBe(201);
  await live.app.idle();
  expect(pagerDuty.requests).toEqual([]);
});

it.each(ways)('%s, an outage that goes on is told once, and its end', async (_how, envOf) => {
  const tried = await playing(mock, { store });
  await tried.poll({});
  await tried.poll({ incidents: [incident('1')] });
  await tried.service.app.stop();
  const env = await envOf();
  const live = await playing(env, { store });
  live.service.clock.advance(180_000);
  await live.service.app.tick();
  expect(live.pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  await live.service.app.stop();
  const again = await playing(env, { store });
  again.service.clock.advance(240_000);
  await again.service.app.tick();
  await again.poll({ incidents: [incident('1')] });
  expect(again.pagerDuty.accepted).toEqual([]);
  await again.poll({});
  expect(again.pagerDuty.accepted).toEqual([`resolve ${incidentId}`]);
});

it.each(ways)('%s, an outage of a status page that is not read any more wakes nobody', async (_how, envOf) => {
  const tried = await playing(mock, { store });
  await tried.poll({});
  await tried.poll({ incidents: [incident('1')] });
  await tried.service.app.stop();
  const { service, pagerDuty } = await playing({ ...(await envOf()), STATUS_PAGES: `other=${statusUrl}` }, { store });
  service.clock.advance(180_000);
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([]);
});

it.each(ways)('%s, an outage that goes on is told as soon as the store can say what is open', async (_how, envOf) => {
  const tried = await playing(mock, { store });
  await tried.poll({});
  await tried.poll({ incidents: [incident('1')] });
  await tried.service.app.stop();
  let isAway = true;
  const listAlerts: EventStore['listAlerts'] = (...asked) =>
    isAway ? Promise.reject(new StoreUnavailable('store_unavailable', 'away')) : store.listAlerts(...asked);
  const { service, pagerDuty } = await playing(await envOf(), { store: { ...store, listAlerts } });
  service.clock.advance(180_000);
  await service.app.tick();
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([]);
  isAway = false;
  await service.app.tick();
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  const lines = service.logged.of('rules.open_alerts_not_asked');
  expect(lines.filter(({ level }) => level !== 'debug')).toHaveLength(1);
});

it.each(ways)(
  '%s, an outage that goes on is told although the store went away while it was asked',
  async (_how, envOf) => {
    const tried = await playing(mock, { store });
    await tried.poll({});
    await tried.poll({ incidents: [incident('1')] });
    await tried.service.app.stop();
    let isAway = true;
    const transact: EventStore['transact'] = (keys, decide) =>
      isAway ? Promise.reject(new StoreUnavailable('store_unavailable', 'away')) : store.transact(keys, decide);
    const { service, pagerDuty } = await playing(await envOf(), { store: { ...store, transact } });
    service.clock.advance(180_000);
    await service.app.tick();
    isAway = false;
    await service.app.tick();
    await service.app.tick();
    expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  },
);

/** The store, which is away until it is woken. */
const sleeping = () => {
  let isAway = true;
  const unlessAway = <Asked extends unknown[], T>(ask: (...asked: Asked) => Promise<T>) => {
    return (...asked: Asked): Promise<T> =>
      isAway ? Promise.reject(new StoreUnavailable('store_unavailable', 'away')) : ask(...asked);
  };
  const waking = {
    ...store,
    listAlerts: unlessAway(store.listAlerts),
    loadState: unlessAway(store.loadState),
    dueAlerts: unlessAway(store.dueAlerts),
  };
  return { store: waking, wake: () => (isAway = false) };
};

it('what is silenced is not told when the store answers later than the service starts', async () => {
  const tried = await playing(mock, { store });
  await tried.poll({});
  await tried.poll({ incidents: [incident('1')] });
  const silence = { when: { source: 'acme_status' }, until: '2h', because: 'known' };
  expect(await tried.service.post('/silences', silence)).toMatchObject({ status: 201 });
  await tried.service.app.stop();
  const away = sleeping();
  const { service, pagerDuty } = await playing({}, { store: away.store });
  service.clock.advance(180_000);
  away.wake();
  await service.app.tick();
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([]);
});

it('what comes before the silences could be read waits for them, and is refused while the store is away', async () => {
  const tried = await playing(mock, { store });
  const silence = { when: { source: 'stripe' }, until: '2h', because: 'known' };
  expect(await tried.service.post('/silences', silence)).toMatchObject({ status: 201 });
  await tried.service.app.stop();
  const away = sleeping();
  const { service, pagerDuty } = await playing({}, { store: away.store });
  expect(await service.postStripe(stripeEvent('evt_1'))).toMatchObject({ status: 503 });
  away.wake();
  expect(await service.postStripe(stripeEvent('evt_1'))).toEqual({ received: true });
  await service.app.idle();
  expect(pagerDuty.requests).toEqual([]);
  expect((await service.event('evt_1')).routing_reason).toContain('known');
});

it('what a former key never accepted is told under the present one', async () => {
  const before = await playing({}, { store });
  before.pagerDuty.answer = () => new HttpResponse(null, { status: 400 });
  await before.service.postStripe(stripeEvent('evt_1'));
  await before.service.app.idle();
  await before.service.app.stop();
  const { service, pagerDuty } = await playing({ PAGERDUTY_ROUTING_KEY: `${routingKey.slice(1)}F` }, { store });
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
});
