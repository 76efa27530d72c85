// An alert keeps 500 events and counts the rest: what is worse, or goes on, must not be among the rest.
import { expect, it } from 'vitest';
import { maxMembers } from '../../src/domain/alert.ts';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { compileSilence } from '../../src/domain/rules/silences.ts';
import { at, component, incident } from '../support/acme-page.ts';
import { anAbsence } from '../support/builders.ts';
import { aSilence } from '../support/silences.ts';
import { aPolicy, createWorld, type World, worldsThat } from '../support/world.ts';

const incidentId = 'acme_status:incident:1';
const names = Array.from({ length: maxMembers + 1 }, (_, n) => `c${n}`);
const aFullWorld = worldsThat(() => {
  const world = createWorld();
  world.observe(incident('1', { severity: 'warning', components: [...names, 'core'] }));
  world.observe(...names.slice(0, maxMembers - 1).map((name) => component(name, { severity: 'warning' })));
  expect(world.alert('acme_status:incident:1')?.members).toHaveLength(maxMembers);
  return world;
});
const eventOf = (name: string) => `acme_status:component:${name}:2026-03-01T12:00:00.000Z`;

it('an event that is worse than those of a full alert is told', () => {
  const world = aFullWorld();
  world.observe(component('core'));
  expect(world.told()).toEqual(['trigger acme_status:incident:1 critical']);
  expect(world.alerts()).toMatchObject([{ severity: 'critical', uncounted: 1 }]);
});

it('an event that goes on takes the place of one that has ended, and holds the alert open', () => {
  const world = aFullWorld();
  for (const name of names.slice(0, maxMembers - 1))
    world.observe(anAbsence({ eventId: eventOf(name), resolvedAt: '2026-03-01T12:00:00.000Z' }));
  world.observe(component('core'));
  world.observe(anAbsence());
  expect(world.alerts()).toMatchObject([{ state: 'open', severity: 'critical' }]);
  expect(world.told()).toEqual(['trigger acme_status:incident:1 critical']);
});

it('an event beyond those that a full alert keeps is counted once, however often it changes', () => {
  const world = aFullWorld();
  world.observe(component('core', { severity: 'warning' }));
  world.observe(component('core', { severity: 'warning', status: 'partial_outage' }));
  expect(world.alerts()).toMatchObject([{ uncounted: 1 }]);
});

it('an event that made room for a worse one holds the alert open until it has ended itself', () => {
  const world = aFullWorld();
  world.observe(component('core'));
  const left = names.slice(0, maxMembers - 1).map(eventOf);
  const displaced = left.filter((id) => !world.alert(incidentId)?.members.some(({ event_id: each }) => each === id));
  expect(displaced).toHaveLength(1);
  const kept = left.filter((id) => !displaced.includes(id));
  for (const eventId of [incidentId, eventOf('core'), ...kept])
    world.observe(anAbsence({ eventId, resolvedAt: '2026-03-01T12:00:00.000Z' }));
  expect(world.alerts()).toMatchObject([{ state: 'open', severity: 'warning' }]);
  expect(world.told()).toEqual([`trigger ${incidentId} critical`]);
  for (const eventId of displaced) world.observe(anAbsence({ eventId, resolvedAt: '2026-03-01T12:00:00.000Z' }));
  expect(world.alerts()).toMatchObject([{ state: 'resolved' }]);
  expect(world.told()).toEqual([`trigger ${incidentId} critical`, `resolve ${incidentId}`]);
});

const withWarnings = environmentRules({ routeWarning: true, destinations: ['pagerduty'] });

/** A full alert of which people were told, and its updates too. */
const tellAll = (severity: 'warning' | 'critical', policy = aPolicy({ rules: withWarnings })) => {
  const world = createWorld(policy);
  world.observe(incident('1', { severity, components: [...names, 'core'] }));
  world.observe(...names.slice(0, maxMembers - 1).map((name) => component(name, { severity })));
  world.pass(10);
  return world;
};
const aWarnedWorld = worldsThat(() => tellAll('warning'));
const aToldWorld = worldsThat(() => tellAll('critical'));
const sinceFull = (world: World, happen: () => void): readonly string[] => {
  const before = world.told().length;
  happen();
  world.pass(10);
  return world.told().slice(before);
};

it.each<[string, (world: World) => void]>([
  ['an event that it keeps', (world) => world.observe(component('c3'))],
  [
    'an event that it does not keep',
    (world) => world.observe(component('core', { severity: 'warning' }), component('core')),
  ],
  ['a new event', (world) => world.observe(component('core'))],
  ['its incident', (world) => world.observe(incident('1', { components: names }))],
])('people are told that a full alert becomes more serious by %s', (_what, happen) => {
  const world = aWarnedWorld();
  expect(sinceFull(world, () => happen(world))).toEqual([`trigger ${incidentId} critical`]);
});

it('people are told what is left of a full alert that it did not keep, and that it is over once that has ended too', () => {
  const world = aToldWorld();
  const end = (eventId: string) => world.observe(anAbsence({ eventId, resolvedAt: '2026-03-01T13:00:00.000Z' }));
  const told = sinceFull(world, () => {
    world.observe(component('core'));
    for (const id of [incidentId, ...names.slice(0, maxMembers - 1).map(eventOf)]) end(id);
  });
  expect(told).toEqual([`update ${incidentId} critical`]);
  expect(world.sent.at(-1)?.eventIds).toEqual([eventOf('core')]);
  expect(sinceFull(world, () => end(eventOf('core')))).toEqual([`resolve ${incidentId}`]);
});

it('one more of what people know is counted, and not told', () => {
  const world = aToldWorld();
  expect(sinceFull(world, () => world.observe(component('core')))).toEqual([]);
  expect(world.alerts()).toMatchObject([{ uncounted: 1 }]);
  expect(world.event(eventOf('core'))?.routing_reason).toMatch(/too many events to name each/);
});

it('an incident takes the place of a component that is as serious, and people are told of it', () => {
  const world = createWorld();
  world.observe(...names.slice(0, maxMembers).map((name) => component(name)));
  world.pass(10);
  const named = incident('2', { name: 'All is down', components: ['c1'] });
  expect(sinceFull(world, () => world.observe(named))).toEqual([`update ${eventOf('c0')} critical`]);
  expect(world.alerts()).toMatchObject([{ title: 'All is down', uncounted: 1 }]);
  expect(sinceFull(world, () => world.observe(component('core')))).toEqual([]);
  expect(world.alerts()).toMatchObject([{ title: 'All is down', uncounted: 2 }]);
});

it('an event that no silence stops is told, though a full alert is silenced', () => {
  // All that the alert keeps; a component called core is none of them.
  const when = { summary: '!core*' };
  const silence = compileSilence({ ...aSilence('sil_1'), until: at('18:00'), when }, withWarnings);
  const world = tellAll('critical', aPolicy({ silences: [silence] }));
  expect(world.told()).toEqual([]);
  expect(sinceFull(world, () => world.observe(component('core')))).toEqual([`trigger ${incidentId} critical`]);
});
