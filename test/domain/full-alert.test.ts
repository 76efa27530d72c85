// An alert keeps 500 events and counts the rest: what is worse, or goes on, must not be among the rest.
import { expect, it } from 'vitest';
import { maxMembers } from '../../src/domain/alert.ts';
import { component, incident } from '../support/acme-page.ts';
import { anAbsence } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const incidentId = 'acme_status:incident:1';
const names = Array.from({ length: maxMembers + 1 }, (_, n) => `c${n}`);
const aFullWorld = () => {
  const world = createWorld();
  world.observe(incident('1', { severity: 'warning', components: [...names, 'core'] }));
  world.observe(...names.slice(0, maxMembers - 1).map((name) => component(name, { severity: 'warning' })));
  expect(world.alert('acme_status:incident:1')?.members).toHaveLength(maxMembers);
  return world;
};
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
