// A rule that ends an alert after a time, though its vendor goes on: `resolve_after`. It is as if somebody had resolved it.
import { expect, it } from 'vitest';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { component, incident } from '../support/acme-page.ts';
import { aManualResolve, anAbsence } from '../support/builders.ts';
import { aPolicy, createWorld } from '../support/world.ts';

const rules = environmentRules({ routeWarning: true, destinations: ['pagerduty'] });
const policy = aPolicy({
  rules: { ...rules, routes: rules.routes.map((route) => ({ ...route, resolveAfterMs: 2 * 3_600_000 })) },
});
const id = 'acme_status:incident:1';
const resolvedByRule = () => {
  const world = createWorld(policy);
  world.observe(incident('1', { severity: 'warning' }));
  world.pass(120);
  expect(world.told()).toEqual([`trigger ${id} warning`, `resolve ${id}`]);
  return world;
};

it.each([10, 70, 24 * 60])(
  'an incident that is listed on is not told again, with other words after %d minutes',
  (minutes) => {
    const world = resolvedByRule();
    world.pass(minutes);
    world.observe(incident('1', { severity: 'warning', status: 'monitoring' }));
    world.pass(180);
    world.observe(incident('1', { severity: 'warning', status: 'identified' }));
    expect(world.told()).toEqual([`trigger ${id} warning`, `resolve ${id}`]);
    expect(world.event(id)).toMatchObject({
      event: { resolved_at: '2026-03-01T14:00:00.000Z' },
      closed_by_hand: 'warning',
    });
  },
);

it('its event says in its history why it is over', () => {
  const world = resolvedByRule();
  expect(world.histories.get(id)?.filter(({ change }) => change === 'resolved')).toMatchObject([
    { event_id: id, reason: 'resolved by resolve_after, though its vendor may still list it' },
    { reason: 'all of its events have ended' },
  ]);
});

it.each([
  [10, `trigger ${id} critical`],
  [70, `trigger ${id}#2 critical`],
])('one that becomes more serious after %d minutes is told, and resolved again as long after that', (minutes, told) => {
  const world = resolvedByRule();
  world.pass(minutes);
  world.observe(incident('1'));
  expect(world.told().slice(2)).toEqual([told]);
  world.pass(119);
  expect(world.told().slice(3)).toEqual([]);
  world.pass(1);
  expect(world.told().slice(3)).toEqual([told.replace('trigger', 'resolve').replace(' critical', '')]);
});

it('one that its vendor ends is told when it begins again', () => {
  const world = resolvedByRule();
  world.pass(70);
  world.observe(anAbsence({ eventId: id, resolvedAt: world.now() }));
  world.observe(incident('1', { severity: 'warning' }));
  expect(world.told().slice(2)).toEqual([`trigger ${id}#2 warning`]);
});

it('an event that comes as the time is over is told no more after that', () => {
  const world = createWorld(policy);
  world.observe(incident('1', { components: ['a'] }));
  world.step(121 * 60_000);
  world.observe(component('a', { started: '12:05' }));
  expect(world.told().at(-1)).toBe(`resolve ${id}`);
  expect(world.alerts()).toMatchObject([{ state: 'resolved' }]);
  world.pass(120);
  expect(world.told().filter((each) => each.startsWith('trigger'))).toEqual([`trigger ${id} critical`]);
});

it('what somebody has resolved already stays as it is', () => {
  const world = createWorld(policy);
  world.observe(incident('1', { components: ['a'] }), component('a'));
  world.observe(aManualResolve({ eventId: id }));
  const byHand = world.event(id);
  world.pass(120);
  expect(world.event(id)).toEqual(byHand);
  expect(world.told().at(-1)).toBe(`resolve ${id}`);
});
