// Rules that throw cost nobody a notification: the event is kept, and told by the environment's table.
import { expect, it } from 'vitest';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import type { Policy } from '../../src/domain/ruling.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createSignalOutcomes } from '../../src/pipeline/signal-outcome.ts';
import { subscribeStages } from '../../src/pipeline/stages.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { anEvent, aSighting } from '../support/builders.ts';
import { aDestination, aPolicy } from '../support/world.ts';

const brokenRules = () => ({
  ...environmentRules({ routeWarning: false, destinations: ['mock'] }),
  get routes(): never {
    throw new Error('a rule broke');
  },
});

it.each([
  ['a payment', aSighting({ event_id: 'evt_1', kind: 'payment', source: 'stripe' })],
  ['an incident', aSighting()],
])('keeps %s whose rules threw, sends it by the table of the environment, and says why', async (_what, sighting) => {
  const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  const bus = createBus();
  const outcomes = createSignalOutcomes(bus);
  const broken: unknown[] = [];
  const policy = aPolicy({ destinations: [aDestination({ name: 'oncall' })] });
  subscribeStages(bus, {
    store,
    normalizers: new Map([['acme', () => [sighting]]]),
    policy: () => ({ ...policy, rules: brokenRules() }),
    now: () => Date.parse('2026-03-01T12:00:00Z'),
    onBroken: (_at, error) => broken.push(error),
  });
  const waiting = outcomes.expect('s1');
  bus.publish('signal.received', {
    signalId: 's1',
    requestId: 'r1',
    vendor: 'acme',
    source: 'acme',
    payload: {},
  });
  const { event_id: eventId } = anEvent(sighting.event);
  expect(await waiting).toEqual([{ kind: 'stored', eventId, routed: true }]);
  expect(broken).toEqual([new Error('a rule broke')]);
  const detail = await store.readEvent(eventId);
  expect(detail?.record.routing_reason).toContain('the rules could not be applied (a rule broke)');
  expect(detail?.deliveries).toMatchObject([{ destination: 'oncall', action: 'trigger', status: 'pending' }]);
});

it.each(['time', 'rules'] as const)(
  'tells what was held back, when the rules throw as it is looked at by %s',
  async (cause) => {
    const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
    const bus = createBus();
    const outcomes = createSignalOutcomes(bus);
    const broken: unknown[] = [];
    const policy = aPolicy({ destinations: [aDestination({ name: 'oncall' })] });
    const holding = { ...policy.rules, routes: policy.rules.routes.map((route) => ({ ...route, holdMs: 300_000 })) };
    let rules: Policy['rules'] = holding;
    let nowMs = Date.parse('2026-03-01T12:00:00Z');
    const sighting = aSighting();
    subscribeStages(bus, {
      store,
      normalizers: new Map([['acme', () => [sighting]]]),
      policy: () => ({ ...policy, rules }),
      now: () => nowMs,
      onBroken: (_at, error) => broken.push(error),
    });
    const waiting = outcomes.expect('s1');
    const thread = { signalId: 's1', requestId: 'r1' };
    bus.publish('signal.received', { ...thread, vendor: 'acme', source: 'acme', payload: {} });
    await waiting;
    const { event_id: eventId } = anEvent(sighting.event);
    const deliveries = async () => (await store.readAlert(eventId))?.alert.deliveries;
    expect(await deliveries()).toEqual([]);
    rules = brokenRules();
    nowMs += 300_000;
    bus.publish('alert.due', { ...thread, alertId: eventId, scope: sighting.scope, cause });
    await bus.idle();
    expect(broken).toEqual([new Error('a rule broke')]);
    expect(await deliveries()).toMatchObject([{ destination: 'oncall', action: 'trigger', status: 'pending' }]);
    expect((await store.readAlert(eventId))?.alert.wake_at).toBe(null);
  },
);
