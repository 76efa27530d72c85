import { expect, it } from 'vitest';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { compileSilence } from '../../src/domain/rules/silences.ts';
import { createWindow } from '../../src/domain/rules/windows.ts';
import { askRules } from '../../src/domain/ruling.ts';
import { joinStorm, stormAmong, stormKeyOf } from '../../src/domain/storm.ts';
import { incident, payment } from '../support/acme-page.ts';
import { anAlert, aRecord } from '../support/builders.ts';
import { aPolicy, createWorld } from '../support/world.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const minute = 60_000;
const ago = (minutes: number): string => new Date(now - minutes * minute).toISOString();

const rules = environmentRules({ routeWarning: true, destinations: ['pagerduty', 'chat'] });
const keyOf = (
  event: Parameters<typeof aRecord>[0],
  facts: NonNullable<Parameters<typeof aRecord>[1]>['facts'] = {},
) => {
  const record = aRecord(event, { facts });
  return stormKeyOf(record, askRules(record, rules, now), [], now);
};

it.each([
  ['type', {}, { type: 'payout.canceled' }],
  ['severity', { severity: 'warning' as const }, { type: 'payout.failed' }],
  ['account', {}, { type: 'payout.failed', account: 'acct_1' }],
  ['source', { source: 'acme_status' }, { type: 'payout.failed' }],
])('events of another %s are of another kind', (_what, event, facts) => {
  expect(keyOf({ source: 'stripe', ...event }, facts)).not.toBe(keyOf({ source: 'stripe' }, { type: 'payout.failed' }));
});

it('events that go to other destinations are of another kind, and the order of their names does not matter', () => {
  const record = aRecord();
  const ruling = askRules(record, rules, now);
  expect(stormKeyOf(record, { ...ruling, send: ['chat', 'pagerduty'] }, [], now)).toBe(
    stormKeyOf(record, ruling, [], now),
  );
  expect(stormKeyOf(record, { ...ruling, send: ['pagerduty'] }, [], now)).not.toBe(stormKeyOf(record, ruling, [], now));
});

it.each([
  ['twenty were told', 20, {}, false],
  ['more than twenty were told', 21, {}, true],
  ['it goes on', 0, { storm_since: ago(30), storm_until: ago(-1) }, true],
  ['it has been quiet for ten minutes', 0, { storm_since: ago(30), storm_until: ago(0) }, false],
  [
    'it was quiet, and begins no second time with the same alert',
    30,
    { storm_since: ago(30), storm_until: ago(0) },
    false,
  ],
  ['it has lasted for less than an hour', 0, { storm_since: ago(59), storm_until: ago(-1) }, true],
  ['it has lasted for an hour', 0, { storm_since: ago(60), storm_until: ago(-1) }, false],
  ['the newest has ended', 21, { state: 'resolved' as const }, false],
])('when %s, what follows joins: %s', (_when, opened, overrides, joins) => {
  const newest = anAlert(overrides);
  const joined = joinStorm({ opened, newest }, now);
  expect(joined !== undefined).toBe(joins);
  if (joined) expect(joined.storm_until).toBe(ago(-10));
});

it('there is no storm of what was never told', () => {
  expect(joinStorm(undefined, now)).toBeUndefined();
  expect(stormAmong([anAlert()], 'key', now)).toBeUndefined();
});

it('the newest of its kind is the one, and those of the last ten minutes are counted', () => {
  const of = (id: string, minutes: number, key = 'key') =>
    anAlert({ alert_id: id, opened_at: ago(minutes), storm_key: key });
  const storm = stormAmong([of('a', 11), of('b', 10), of('c', 1), of('other', 0, 'other')], 'key', now);
  expect(storm).toMatchObject({ opened: 2, newest: { alert_id: 'c' } });
  expect(stormAmong([of('a', 1)], 'key', now, 25)).toMatchObject({ opened: 25 });
});

const fail = (n: number, overrides: Parameters<typeof payment>[4] = {}) =>
  payment(`evt_${n}`, 'payout.failed', `po_${n}`, '12:00', overrides);

it('of payouts that fail together twenty-one are told alone, and what follows as updates of the newest', () => {
  const world = createWorld();
  for (let n = 1; n <= 40; n++) world.observe(fail(n));
  expect(world.alerts()).toHaveLength(21);
  expect(world.alert('evt_21')?.members).toHaveLength(20);
  expect(world.told().filter((each) => each.startsWith('trigger'))).toHaveLength(21);
  world.pass(5);
  expect(new Set(world.sent.flatMap(({ eventIds }) => eventIds)).size).toBe(40);
});

const always = environmentRules({ routeWarning: true, destinations: ['pagerduty'] });
const routed = (changes: Partial<(typeof always.routes)[number]>) =>
  aPolicy({ rules: { ...always, routes: always.routes.map((route) => ({ ...route, ...changes })) } });

it('payouts that are held are a storm too, and told together when the hold is over', () => {
  const world = createWorld(routed({ holdMs: 2 * minute }));
  for (let n = 1; n <= 40; n++) world.observe(fail(n));
  expect(world.alerts()).toHaveLength(21);
  expect(world.told()).toEqual([]);
  world.pass(2);
  expect(world.told()).toHaveLength(21);
  expect(new Set(world.sent.flatMap(({ eventIds }) => eventIds)).size).toBe(40);
});

it('payouts that wait for the end of a window are a storm too', () => {
  const windows = [createWindow({ from: '11:00', to: '13:00' }, 'UTC')];
  const world = createWorld(routed({ send: [], atEndOfWindow: ['pagerduty'], windows }));
  for (let n = 1; n <= 40; n++) world.observe(fail(n));
  expect(world.alerts()).toHaveLength(21);
  const ruling = askRules(aRecord(), always, now);
  expect(stormKeyOf(aRecord(), { ...ruling, atEndOfWindow: ['chat'] }, [], now)).not.toBe(
    stormKeyOf(aRecord(), ruling, [], now),
  );
});

it('what goes to nobody is no storm, silenced as well', () => {
  const world = createWorld(routed({ send: [] }));
  const silence = { id: 's', origin: 'api', when: { source: 'acme_status' }, from: world.now(), by: null } as const;
  const until = '2026-03-01T15:00:00.000Z';
  world.setSilences([compileSilence({ ...silence, until, because: 'known', alertIds: [], expired_at: null }, always)]);
  for (let n = 1; n <= 25; n++) world.observe(incident(`${n}`, { name: `Outage ${n}` }));
  expect(world.alerts()).toHaveLength(25);
});

it('what is silenced is a storm of its own, told together at the end of the silence, and no other joins it', () => {
  const world = createWorld();
  const silence = { id: 's', origin: 'api', when: { source: 'stripe' }, from: world.now(), by: null } as const;
  const until = '2026-03-01T15:00:00.000Z';
  world.setSilences([compileSilence({ ...silence, until, because: 'known', alertIds: [], expired_at: null }, always)]);
  for (let n = 1; n <= 40; n++) world.observe(fail(n));
  expect(world.alerts()).toHaveLength(21);
  expect(world.told()).toEqual([]);
  world.setSilences([]);
  expect(world.told()).toHaveLength(21);
  expect(new Set(world.sent.flatMap(({ eventIds }) => eventIds)).size).toBe(40);
  world.observe(fail(41));
  expect(world.alert('evt_41')?.members).toHaveLength(1);
  expect(world.told().at(-1)).toBe('trigger evt_41 critical');
});

it('another account has an alert of its own, and so has what is more serious', () => {
  const world = createWorld(aPolicy({ rules: environmentRules({ routeWarning: true, destinations: ['pagerduty'] }) }));
  for (let n = 1; n <= 25; n++) world.observe(fail(n, { severity: 'warning' }));
  expect(world.alerts()).toHaveLength(21);
  world.observe(fail(26), fail(27, { severity: 'warning', account: 'acct_1' }));
  expect(
    world
      .alerts()
      .map(({ alert_id: id }) => id)
      .slice(21),
  ).toEqual(['evt_26', 'evt_27']);
});

it('after ten quiet minutes, or an hour, the next one is told again', () => {
  const quiet = createWorld();
  for (let n = 1; n <= 25; n++) quiet.observe(fail(n));
  quiet.pass(10);
  quiet.observe(fail(26));
  expect(quiet.alerts().at(-1)?.alert_id).toBe('evt_26');

  const long = createWorld();
  for (let n = 1; n <= 25; n++) long.observe(fail(n));
  for (let n = 26; n <= 32; n++) {
    long.pass(9);
    long.observe(fail(n));
  }
  expect(long.alerts().at(-1)?.alert_id).toBe('evt_32');
});
