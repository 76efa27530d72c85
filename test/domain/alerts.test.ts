// What people are told of an outage, from its first sign to its end: the real stages over a world without I/O.
import { describe, expect, it } from 'vitest';
import { environmentRules, type SeverityRow } from '../../src/domain/rules/rules.ts';
import { at, component, incident } from '../support/acme-page.ts';
import { aManualResolve } from '../support/builders.ts';
import { aDestination, aPolicy, createWorld } from '../support/world.ts';

describe('one outage is one alert', () => {
  it('an incident and a component that it names are told once, in either order', () => {
    const first = createWorld();
    first.observe(incident('1', { components: ['api'] }));
    first.observe(component('api'));
    expect(first.alerts()).toHaveLength(1);
    expect(first.told()).toEqual(['trigger acme_status:incident:1 critical', 'update acme_status:incident:1 critical']);

    const second = createWorld();
    second.observe(component('api'));
    second.observe(incident('1', { components: ['api'] }));
    expect(second.alerts()).toHaveLength(1);
    expect(second.told().filter((each) => each.startsWith('trigger'))).toHaveLength(1);
  });

  it('thirty components that go down together are one notification and one update, and what joins later waits for the next', () => {
    const world = createWorld();
    const components = Array.from({ length: 40 }, (_, n) => component(`c${n}`));
    world.observe(incident('1', { components: ['c0'] }), ...components.slice(0, 30));
    expect(world.alerts()).toHaveLength(1);
    expect(world.told()).toEqual(['trigger acme_status:incident:1 critical', 'update acme_status:incident:1 critical']);
    expect(world.sent.at(-1)?.eventIds).toHaveLength(30);
    for (const each of components.slice(30)) {
      world.pass(0);
      world.observe(each);
    }
    expect(world.told()).toHaveLength(2);
    world.pass(5);
    expect(world.told()).toHaveLength(3);
    expect(world.sent.at(-1)?.eventIds).toHaveLength(10);
  });

  it('components that went down together while we were away for hours are one alert', () => {
    const world = createWorld(aPolicy(), at('15:00'));
    const names = ['a', 'b', 'c', 'd'];
    world.observe(...names.map((name, n) => component(name, { started: `12:0${2 * n}` })));
    expect(world.alerts()).toHaveLength(1);
    expect(world.told()).toHaveLength(2);
    world.observe(component('e', { started: '14:59' }));
    expect(world.alerts()).toHaveLength(2);
  });

  it('components of a large status page fold by their group alone', () => {
    const world = createWorld();
    const large = { pageSize: 400 };
    world.observe(component('a', { ...large, group: 'eu' }), component('b', { ...large, group: 'us' }));
    world.observe(component('c', { ...large, group: 'eu' }), component('d', large));
    expect(world.alerts().map(({ members }) => members.length)).toEqual([2, 1, 1]);
  });

  it('an incident that names no component takes in what goes down around it on a small status page', () => {
    const world = createWorld();
    world.observe(incident('1', { started: '12:00' }));
    world.pass(120);
    world.observe(component('api', { started: '14:00' }));
    expect(world.alerts()).toHaveLength(1);
  });

  it('two outages that have nothing in common are two alerts', () => {
    const world = createWorld();
    world.observe(incident('1', { components: ['api'] }));
    world.pass(30);
    world.observe(component('mail', { started: '12:30' }));
    expect(world.alerts()).toHaveLength(2);
  });

  it('what begins more than six hours after the last trigger has an alert of its own', () => {
    const world = createWorld();
    world.observe(incident('1', { components: ['api'] }));
    world.pass(7 * 60);
    world.observe(incident('2', { components: ['api'], started: '19:00' }));
    expect(world.alerts().map(({ alert_id: id }) => id)).toEqual(['acme_status:incident:1', 'acme_status:incident:2']);
  });

  it('a warning that nobody is told of has an alert, which a rise then tells', () => {
    const world = createWorld();
    world.observe(incident('1', { severity: 'warning' }));
    expect(world.alerts()).toHaveLength(1);
    expect(world.told()).toEqual([]);
    world.observe(incident('1', { severity: 'critical', status: 'identified' }));
    expect(world.told()).toEqual(['trigger acme_status:incident:1 critical']);
    expect(world.event('acme_status:incident:1')?.routed).toBe(true);
  });
});

describe('louder, quieter, over', () => {
  const loud = aPolicy({
    rules: environmentRules({ routeWarning: true, destinations: ['pagerduty'] }),
  });

  it('a rise triggers again under the same key', () => {
    const world = createWorld(loud);
    world.observe(incident('1', { severity: 'warning' }));
    world.observe(incident('1', { severity: 'critical', status: 'identified' }));
    expect(world.told()).toEqual(['trigger acme_status:incident:1 warning', 'trigger acme_status:incident:1 critical']);
    expect(world.event('acme_status:incident:1')?.routing_reason).toMatch(/^Sent again, because it is more serious/);
  });

  it('an event that the hour makes more serious while a hold goes on remembers what it was before', () => {
    const row: SeverityRow = {
      name: 'row',
      place: 'rules.yaml:2',
      matches: (_, nowMs) => nowMs !== null && nowMs < Date.parse(at('12:05')),
      is: 'warning',
    };
    const rules = { ...environmentRules({ routeWarning: true, destinations: ['pagerduty'] }), severity: [row] };
    const routes = rules.routes.map((route) => ({ ...route, holdMs: 10 * 60_000 }));
    const world = createWorld(aPolicy({ rules: { ...rules, routes } }));
    world.observe(incident('1'));
    world.pass(10);
    expect(world.alerts()[0]?.members).toMatchObject([{ severity: 'critical', was: [['warning', at('12:10')]] }]);
  });

  it('an event remembers how serious it was, and until when, whatever new rules make of it', () => {
    const world = createWorld(loud);
    for (const severity of ['warning', 'critical', 'critical', 'warning'] as const) {
      world.observe(incident('1', { severity, status: world.now() }));
      world.pass(1);
    }
    const was = [
      ['warning', at('12:01')],
      ['critical', at('12:03')],
    ];
    expect(world.alerts()[0]?.members).toMatchObject([{ severity: 'warning', was }]);
    world.setPolicy(loud);
    expect(world.alerts()[0]?.members).toMatchObject([{ was }]);
    for (let n = 0; n < 30; n++) world.observe(incident('1', { severity: n % 2 ? 'warning' : 'critical' }));
    expect(world.alerts()[0]?.members[0]?.was).toHaveLength(20);
  });

  it('an incident that becomes major in an alert that is critical already is told at once, as an update', () => {
    const world = createWorld();
    world.observe(component('api'));
    world.observe(incident('1', { components: ['api'], severity: 'warning' }));
    expect(world.told()).toEqual([`trigger acme_status:component:api:${at('12:00')} critical`]);
    world.pass(2);
    world.observe(incident('1', { components: ['api'], severity: 'critical', status: 'identified' }));
    expect(world.told().at(-1)).toBe(`update acme_status:component:api:${at('12:00')} critical`);
  });

  it('an alert that became less serious is resolved after half an hour, and a rise within it tells nobody anew', () => {
    const world = createWorld();
    world.observe(incident('1'));
    world.observe(incident('1', { severity: 'warning', status: 'monitoring' }));
    world.pass(20);
    world.observe(incident('1', { status: 'investigating' }));
    world.observe(incident('1', { severity: 'warning', status: 'monitoring' }));
    world.pass(29);
    expect(world.told()).toEqual(['trigger acme_status:incident:1 critical']);
    world.pass(2);
    expect(world.told()).toEqual(['trigger acme_status:incident:1 critical', 'resolve acme_status:incident:1']);
    world.pass(10);
    world.observe(incident('1', { status: 'investigating' }));
    expect(world.told().at(-1)).toBe('trigger acme_status:incident:1 critical');
    expect(world.alerts()).toHaveLength(1);
  });

  it('what rises more than an hour after it eased has a new alert', () => {
    const world = createWorld();
    world.observe(incident('1'));
    world.observe(incident('1', { severity: 'warning', status: 'monitoring' }));
    world.pass(31 + 61);
    world.observe(incident('1', { status: 'investigating' }));
    expect(world.alerts().map(({ alert_id: id }) => id)).toEqual([
      'acme_status:incident:1',
      'acme_status:incident:1#2',
    ]);
  });

  it('an alert ends when the last of its events does, with one resolve', () => {
    const world = createWorld();
    world.observe(incident('1', { components: ['api'] }), component('api'));
    world.observe(component('api', { ended: '12:30' }));
    expect(world.told()).not.toContain('resolve acme_status:incident:1');
    world.observe(incident('1', { components: ['api'], ended: '12:40' }));
    expect(world.told().filter((each) => each.startsWith('resolve'))).toEqual(['resolve acme_status:incident:1']);
    expect(world.alerts().map(({ state }) => state)).toEqual(['resolved']);
  });

  it('what is down again within an hour opens the same alert, and the third end waits until all is well', () => {
    const world = createWorld();
    const flap = (from: string, to: string) => {
      world.observe(component('api', { started: from }));
      world.pass(2);
      world.observe(component('api', { started: from, ended: to }));
      world.pass(8);
    };
    flap('12:00', '12:02');
    flap('12:10', '12:12');
    flap('12:20', '12:22');
    const key = `acme_status:component:api:${at('12:00')}`;
    expect(world.alerts()).toHaveLength(1);
    expect(world.told()).toEqual([
      `trigger ${key} critical`,
      `resolve ${key}`,
      `trigger ${key} critical`,
      `resolve ${key}`,
      `trigger ${key} critical`,
    ]);
    world.pass(10);
    expect(world.told().at(-1)).toBe(`resolve ${key}`);
  });

  it('an event that was closed by hand before ends nobody’s wait when its vendor adds a word', () => {
    const world = createWorld();
    for (const [from, to] of [
      ['12:00', '12:02'],
      ['12:10', '12:12'],
    ] as const) {
      world.observe(component('api', { started: from }));
      world.pass(2);
      world.observe(component('api', { started: from, ended: to }));
      world.pass(8);
    }
    world.observe(component('api', { started: '12:20' }), incident('1', { components: ['api'], started: '12:20' }));
    world.observe(aManualResolve());
    world.observe(component('api', { started: '12:20', ended: '12:22' }));
    world.observe(incident('1', { components: ['api'], started: '12:20', status: 'identified' }));
    expect(world.alerts().map(({ state }) => state)).toEqual(['open']);
    world.pass(15);
    expect(world.alerts().map(({ state }) => state)).toEqual(['resolved']);
  });

  it('what is over before anybody accepted it is told to nobody', () => {
    const world = createWorld();
    world.answerWith(() => 'transient');
    world.observe(incident('1'));
    world.observe(incident('1', { ended: '12:01' }));
    world.answerWith(() => 'delivered');
    world.pass(10);
    expect(world.alerts()[0]?.deliveries.map(({ action, status }) => `${action} ${status}`)).toEqual([
      'trigger superseded',
      'resolve superseded',
    ]);
  });

  it('what was refused for good is tried again when the vendor says something new, and not because time passes', () => {
    const world = createWorld();
    world.answerWith(() => 'permanent');
    world.observe(incident('1'));
    world.pass(60);
    expect(world.sent).toHaveLength(1);
    world.answerWith(() => 'delivered');
    world.observe(incident('1', { status: 'identified' }));
    expect(world.told()).toHaveLength(2);
    expect(world.event('acme_status:incident:1')?.routing_reason).toBe(
      'Sent again, because the notification before was not accepted.',
    );
  });
});

describe('the first look at a status page', () => {
  it('opens one alert, whose others attract nothing', () => {
    const world = createWorld();
    world.observe(
      component('old', { started: '01:00', firstLook: true }),
      component('older', { started: '02:00', firstLook: true, severity: 'critical' }),
      component('oldest', { started: '03:00', firstLook: true }),
    );
    expect(world.alerts()).toHaveLength(1);
    expect(world.told().filter((each) => each.startsWith('trigger'))).toHaveLength(1);
    world.pass(60);
    world.observe(incident('1', { components: ['older'], started: '13:00' }));
    expect(world.alerts()).toHaveLength(2);
  });

  it('is closed under all ids where nothing outlives the process', () => {
    const world = createWorld(aPolicy({ forgetsOnRestart: true }));
    world.observe(component('a', { firstLook: true }), component('b', { firstLook: true }));
    world.observe(component('a', { ended: '12:10' }), component('b', { ended: '12:10' }));
    expect(world.told().filter((each) => each.startsWith('resolve'))).toEqual([
      `resolve acme_status:component:a:${at('12:00')}`,
      `resolve acme_status:component:b:${at('12:00')}`,
    ]);
  });
});

describe('several destinations', () => {
  it('the mock gets each event as an update of its own, at once', () => {
    const mock = aDestination({ reachesPeople: false, updateEveryMs: null });
    const world = createWorld(aPolicy({ destinations: [mock] }));
    world.observe(incident('1', { components: ['a', 'b', 'c'] }), component('a'), component('b'), component('c'));
    expect(world.told()).toHaveLength(4);
  });

  it('a trigger that is refused is told by the fallback, which is told of the end too', () => {
    const oncall = aDestination({ name: 'oncall', fallback: { to: 'backup', afterMs: 300_000 } });
    const backup = aDestination({ name: 'backup' });
    const world = createWorld(
      aPolicy({
        destinations: [oncall, backup],
        rules: environmentRules({ routeWarning: false, destinations: ['oncall'] }),
      }),
    );
    world.answerWith(({ destination }) => (destination === 'oncall' ? 'transient' : 'delivered'));
    world.observe(incident('1'));
    world.pass(4);
    expect(world.told('backup')).toEqual([]);
    world.pass(2);
    expect(world.told('backup')).toEqual(['trigger acme_status:incident:1 critical']);
    world.observe(incident('1', { ended: '12:20' }));
    world.pass(1);
    expect(world.told('backup').at(-1)).toBe('resolve acme_status:incident:1');
  });

  it('words are told where they are shown, and never alone to PagerDuty', () => {
    const slack = aDestination({ name: 'slack', showsWords: true, updateEveryMs: 0 });
    const destinations = [aDestination(), slack];
    const rules = environmentRules({ routeWarning: false, destinations: ['pagerduty', 'slack'] });
    const world = createWorld(aPolicy({ destinations, rules }));
    world.observe(incident('1'));
    world.observe(incident('1', { status: 'monitoring' }));
    expect(world.told('slack')).toHaveLength(2);
    expect(world.told('pagerduty')).toHaveLength(1);
  });
});

it.each([
  [
    'the critical one ends first',
    [component('a', { ended: '12:10' }), component('b', { severity: 'warning', ended: '12:20' })],
  ],
  [
    'it becomes less serious before it ends',
    [
      component('a', { severity: 'warning' }),
      component('b', { severity: 'warning', ended: '12:20' }),
      component('a', { severity: 'warning', ended: '12:20' }),
    ],
  ],
])('a resolved alert shows the worst that it was: %s', (_how, then) => {
  const world = createWorld(aPolicy({ rules: environmentRules({ routeWarning: true, destinations: ['pagerduty'] }) }));
  world.observe(component('a'), component('b', { severity: 'warning' }));
  world.observe(...then);
  expect(world.alerts()).toMatchObject([{ state: 'resolved', severity: 'critical' }]);
});
