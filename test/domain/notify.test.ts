// What each destination hears of an alert, and when: gathered updates, rises, holds, silences, windows, fallbacks.
import { describe, expect, it } from 'vitest';
import type { Severity } from '../../src/domain/event.ts';
import { notifyWakesAt } from '../../src/domain/notify.ts';
import type { Sighting } from '../../src/domain/observation.ts';
import { environmentRules, type Route } from '../../src/domain/rules/rules.ts';
import { compileSilence, type Silence } from '../../src/domain/rules/silences.ts';
import type { Policy } from '../../src/domain/ruling.ts';
import { at, component, incident } from '../support/acme-page.ts';
import { aDelivery, aMember, anAlert } from '../support/builders.ts';
import { rulesOf } from '../support/rules.ts';
import { aDestination, aPolicy, createWorld } from '../support/world.ts';

const base = environmentRules({ routeWarning: false, destinations: [] });
const aRoute = (severity: Severity, send: readonly string[], holdMinutes = 0): Route => ({
  name: severity,
  place: null,
  because: `${severity} goes there`,
  matches: ({ event }) => event.severity === severity,
  send,
  holdMs: holdMinutes * 60_000,
  atEndOfWindow: [],
  windows: [],
  resolveAfterMs: null,
});
const policyOf = (routes: readonly Route[], overrides: Partial<Policy> = {}): Policy =>
  aPolicy({ rules: { ...base, routes }, ...overrides });

const aSilence = (until: string, of?: string, item?: 'incident'): Silence =>
  compileSilence(
    {
      id: 's1',
      origin: 'api',
      when: { ...(of && { component: of }), ...(item && { item }) },
      from: at('11:00'),
      until: at(until),
      by: null,
      because: 'we know',
      alertIds: [],
      expired_at: null,
    },
    base,
  );

const both = [aRoute('critical', ['pagerduty']), aRoute('warning', ['pagerduty'])];
const key = (name: string) => `acme_status:component:${name}:${at('12:00')}`;
const eventIds = (world: ReturnType<typeof createWorld>) => world.sent.map((each) => each.eventIds);

describe('updates', () => {
  it('go out at once the first time, and then together after five minutes', () => {
    const world = createWorld();
    world.observe(component('a'), component('b'));
    world.pass(1);
    world.observe(component('c', { started: '12:01' }), component('d', { started: '12:01' }));
    world.pass(3);
    expect(world.sent).toHaveLength(2);
    world.pass(1);
    expect(eventIds(world).at(-1)).toEqual([
      `acme_status:component:c:${at('12:01')}`,
      `acme_status:component:d:${at('12:01')}`,
    ]);
  });

  it('that wait are not sent once the alert has ended', () => {
    const world = createWorld();
    world.observe(component('a'), component('b'));
    world.observe(component('c'));
    world.observe(...['a', 'b', 'c'].map((name) => component(name, { ended: '12:01' })));
    world.pass(10);
    expect(world.told().map((each) => each.split(' ')[0])).toEqual(['trigger', 'update', 'resolve']);
  });

  it('never hold up a rise, which carries what waits', () => {
    const world = createWorld(policyOf(both));
    const warning = { severity: 'warning' } as const;
    world.observe(component('a', warning), component('b', warning));
    world.observe(component('c', warning));
    world.observe(component('d'));
    expect(world.sent.map(({ action, severity }) => `${action} ${severity}`)).toEqual([
      'trigger warning',
      'update warning',
      'trigger critical',
    ]);
    expect(eventIds(world).at(-1)).toEqual([key('d'), key('c')]);
    world.pass(10);
    expect(world.sent).toHaveLength(3);
  });

  it('about an incident that becomes critical go out at once, and carry the one that waits', () => {
    const world = createWorld(policyOf(both));
    const parts = { components: ['a'] };
    world.observe(component('a'), incident('1', { ...parts, severity: 'warning' }));
    world.pass(1);
    world.observe(component('b'));
    expect(world.sent).toHaveLength(2);
    world.observe(incident('1', { ...parts, status: 'identified' }));
    expect(world.sent.at(-1)).toMatchObject({ at: at('12:01'), action: 'update', severity: 'critical' });
    expect(eventIds(world).at(-1)).toEqual([key('b'), 'acme_status:incident:1']);
    expect(world.alerts()[0]?.deliveries.at(-1)?.event_id).toBe('acme_status:incident:1');
    world.pass(10);
    expect(world.sent).toHaveLength(3);
  });

  it('about an incident that becomes critical go out at once also where it was too little before', () => {
    const world = createWorld(policyOf([aRoute('critical', ['pagerduty'])]));
    const parts = { components: ['a'] };
    world.observe(component('a'), component('b'), incident('1', { ...parts, severity: 'warning' }));
    world.pass(1);
    expect(world.sent).toHaveLength(2);
    world.observe(incident('1', { ...parts, status: 'identified' }));
    expect(world.sent.at(-1)).toMatchObject({ at: at('12:01'), action: 'update', severity: 'critical' });
  });

  it('about an incident that became critical under a silence go out when that ends', () => {
    const world = createWorld(policyOf(both));
    const parts = { components: ['a'] };
    world.observe(component('a'), incident('1', { ...parts, severity: 'warning' }));
    world.setSilences([aSilence('12:30', undefined, 'incident')]);
    world.observe(incident('1', parts));
    world.pass(29);
    expect(world.sent).toHaveLength(2);
    world.pass(1);
    expect(world.sent.at(-1)).toMatchObject({ action: 'update', severity: 'critical' });
  });

  it.each<[string, readonly Sighting[], Sighting]>([
    ['a component becomes as serious as its alert', [component('b', { severity: 'warning' })], component('b')],
    ['something joins what an incident was told with', [component('b'), incident('1')], component('c')],
    ['an incident joins that was not told', [component('b')], incident('1')],
  ])('keep their pause when %s', (_what, first, then) => {
    const world = createWorld(policyOf(both));
    world.observe(component('a'), ...first);
    world.pass(1);
    world.observe(then);
    expect(world.sent).toHaveLength(2);
  });

  it('that wait go out as what is most serious among them', () => {
    const world = createWorld(policyOf(both));
    world.observe(component('a'), component('b'));
    world.observe(component('c', { severity: 'warning' }));
    world.observe(component('d'));
    world.pass(5);
    expect(world.sent.at(-1)).toMatchObject({ severity: 'critical', eventIds: [key('c'), key('d')] });
    expect(world.alerts()[0]?.deliveries.at(-1)?.event_id).toBe(key('d'));
  });

  it('pause from when the one before was accepted, or from when it began to wait, and not at all in a new time', () => {
    const late = createWorld();
    late.observe(component('a'));
    late.answerWith(() => 'transient');
    late.observe(component('b'));
    late.observe(component('c'));
    late.pass(2);
    late.answerWith(() => 'delivered');
    late.pass(7);
    // What waited behind it began its pause when that was not accepted yet.
    expect(late.sent.filter(({ outcome }) => outcome === 'delivered').map((each) => each.at)).toEqual(
      ['12:00', '12:03', '12:05'].map(at),
    );
    late.observe(component('d', { started: '12:09' }));
    late.pass(1);
    expect(late.sent.at(-1)?.at).toBe(at('12:10'));
    late.observe(...['a', 'b', 'c'].map((name) => component(name, { ended: '12:10' })));
    late.observe(component('d', { started: '12:09', ended: '12:10' }));
    late.observe(component('a', { started: '12:11' }));
    late.observe(component('b', { started: '12:11' }));
    expect(late.sent.at(-1)).toMatchObject({ at: at('12:10'), action: 'update', cycle: 2 });
  });

  it('that wait are stopped by a silence only if it stops all of their events', () => {
    const world = createWorld();
    world.observe(component('a'), component('b'));
    world.observe(component('c'), component('d'));
    world.setSilences([aSilence('13:00', 'c')]);
    world.pass(5);
    expect(eventIds(world).at(-1)).toEqual([key('c'), key('d')]);
  });

  it('that wait about what has ended are stopped by a silence of all that goes on', () => {
    const world = createWorld();
    world.observe(component('a'), component('b'));
    world.observe(component('c'));
    world.observe(component('c', { ended: '12:01' }));
    world.setSilences([aSilence('13:00')]);
    world.pass(5);
    expect(world.sent).toHaveLength(2);
  });

  it('about words wait as well, and stay though the event is not sent there any more', () => {
    const chat = aDestination({ name: 'chat', showsWords: true });
    const world = createWorld(policyOf([aRoute('critical', ['chat'])], { destinations: [chat] }));
    world.observe(component('a'), incident('1', { components: ['a'] }));
    const fallen = { components: ['a'], severity: 'warning' } as const;
    world.observe(incident('1', { ...fallen, status: 'identified' }));
    world.observe(incident('1', { ...fallen, status: 'monitoring' }), component('b'));
    world.pass(10);
    expect(world.sent.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
      'trigger opened',
      'update joined',
      'update words',
    ]);
    expect(eventIds(world).at(-1)).toEqual(['acme_status:incident:1', key('b')]);
  });

  it('about an incident that falls and rises to what was told of it are none', () => {
    const world = createWorld(policyOf(both));
    world.observe(incident('1'));
    world.observe(incident('1', { severity: 'warning', status: 'monitoring' }));
    world.observe(incident('1'));
    expect(world.sent).toHaveLength(1);
  });

  it('about words are not sent of an event that goes elsewhere, or that is silenced', () => {
    const chat = aDestination({ name: 'chat', showsWords: true, updateEveryMs: 0 });
    const world = createWorld(policyOf([aRoute('critical', ['chat'])], { destinations: [chat] }));
    world.observe(component('a'), incident('1', { components: ['a'], severity: 'warning' }));
    world.observe(incident('1', { components: ['a'], severity: 'warning', status: 'monitoring' }));
    expect(world.told('chat')).toHaveLength(1);
    world.setSilences([aSilence('13:00', 'a')]);
    world.observe(component('a', { status: 'partial_outage' }));
    expect(world.told('chat')).toHaveLength(1);
  });
});

describe('a destination that gathers nothing', () => {
  const one = (overrides: Partial<Policy> = {}) =>
    policyOf([aRoute('critical', ['pagerduty'], 5), aRoute('warning', ['pagerduty'], 5)], {
      destinations: [aDestination({ updateEveryMs: null })],
      ...overrides,
    });
  const sentTo = (world: ReturnType<typeof createWorld>) =>
    world.sent.map(({ action, reason, eventIds: ids }) => `${action} ${reason} ${ids.join(' ')}`);

  it('gets each event by itself, when several are told first and when some join a rise', () => {
    const world = createWorld(one());
    const warning = { severity: 'warning' } as const;
    world.observe(component('a', warning), component('b', warning));
    world.pass(5);
    expect(sentTo(world)).toEqual([`trigger opened ${key('a')}`, `update joined ${key('b')}`]);
    world.setSilences([aSilence('12:10')]);
    world.observe(component('c', warning), component('d'));
    world.pass(5);
    expect(sentTo(world).slice(2)).toEqual([`trigger louder ${key('d')}`, `update joined ${key('c')}`]);
  });
});

describe('a hold', () => {
  const held = policyOf([aRoute('critical', ['pagerduty'], 5)]);

  it('counts from the first sight of the alert, and tells what is still open at its end', () => {
    const world = createWorld(held);
    world.observe(incident('1'));
    expect(world.event('acme_status:incident:1')?.routing_reason).toBe(
      `Held until ${at('12:05')}: critical goes there.`,
    );
    world.pass(4);
    expect(world.sent).toEqual([]);
    world.pass(1);
    expect(world.told()).toEqual(['trigger acme_status:incident:1 critical']);
    expect(world.event('acme_status:incident:1')).toMatchObject({
      routed: true,
      routing_reason: 'Sent: critical goes there.',
    });
  });

  it('lets what is over before go untold', () => {
    const world = createWorld(held);
    world.observe(incident('1'));
    world.observe(incident('1', { ended: '12:03' }));
    world.pass(10);
    expect(world.sent).toEqual([]);
    expect(world.event('acme_status:incident:1')?.routing_reason).toBe(
      'Not sent: it was over before it was to be sent.',
    );
  });

  it('goes on counting for what is down again', () => {
    const world = createWorld(held);
    world.observe(component('a'));
    world.pass(2);
    world.observe(component('a', { ended: '12:02' }));
    world.pass(4);
    world.observe(component('a', { started: '12:06' }));
    expect(world.told()).toEqual([`trigger ${key('a')} critical`]);
  });

  it('ends at a destination that is told of something else, and not at another', () => {
    const chat = aDestination({ name: 'chat' });
    const routes = [aRoute('critical', ['pagerduty', 'chat'], 10), aRoute('warning', ['chat'])];
    const world = createWorld(policyOf(routes, { destinations: [aDestination(), chat] }));
    world.observe(component('a'));
    expect(world.sent).toEqual([]);
    world.observe(component('b', { severity: 'warning' }));
    expect([world.told(), world.told('chat')]).toEqual([[], [`trigger ${key('a')} critical`]]);
    expect(world.event(key('a'))).toMatchObject({ routed: true });
  });

  it('an event that ends right after the decision about another one has sent it says that it was sent', () => {
    const chat = aDestination({ name: 'chat' });
    const routes = [aRoute('critical', ['chat'], 10), aRoute('warning', ['chat'])];
    const world = createWorld(policyOf(routes, { destinations: [chat] }));
    world.observe(component('a'));
    world.observe(component('b', { severity: 'warning' }), component('a', { ended: '12:01' }));
    expect(eventIds(world)).toEqual([[key('a'), key('b')]]);
    expect(world.event(key('a'))).toMatchObject({
      routed: true,
      routing_reason: 'Sent; it ended while its alert went on.',
    });
  });

  it('that was over once is not asked of again', () => {
    const world = createWorld(held);
    world.observe(incident('1'));
    world.pass(5);
    expect(world.alerts()[0]?.members[0]?.ruling.hold_until).toBeNull();
    expect(world.alerts()[0]?.wake_at).toBeNull();
  });
});

describe('a silence', () => {
  it('stops triggers until it ends, and tells what is still open then', () => {
    const world = createWorld(aPolicy({ silences: [aSilence('12:30')] }));
    world.observe(incident('1'));
    expect(world.event('acme_status:incident:1')?.routing_reason).toBe(`Silenced until ${at('12:30')}: we know.`);
    world.pass(29);
    expect(world.sent).toEqual([]);
    world.pass(1);
    expect(world.told()).toEqual(['trigger acme_status:incident:1 critical']);
  });

  it('that ends while something else is decided holds nothing back any longer', () => {
    const world = createWorld(aPolicy({ silences: [aSilence('12:30', 'a')] }));
    world.observe(component('a'), component('b'));
    world.step(30 * 60_000);
    world.observe(component('b', { status: 'partial_outage' }));
    expect(eventIds(world)).toEqual([[key('b')], [key('a')]]);
  });

  it('stops no end', () => {
    const world = createWorld();
    world.observe(incident('1'));
    world.setSilences([aSilence('13:00')]);
    world.observe(incident('1', { ended: '12:10' }));
    expect(world.told().at(-1)).toBe('resolve acme_status:incident:1');
  });

  it('withdraws nothing that was told, and eases nothing', () => {
    const world = createWorld();
    world.observe(incident('1'));
    world.setSilences([aSilence('13:00')]);
    world.pass(50);
    expect(world.told()).toEqual(['trigger acme_status:incident:1 critical']);
    expect(world.alerts()[0]?.state).toBe('open');
  });

  it('takes back what was not sent yet, and leaves what it does not match', () => {
    const world = createWorld();
    world.answerWith(() => 'transient');
    world.observe(component('a'), component('b'));
    world.setSilences([aSilence('13:00', 'a')]);
    world.answerWith(() => 'delivered');
    world.pass(2);
    expect(eventIds(world).at(-1)).toEqual([key('b')]);
    expect(world.alerts()[0]?.deliveries.filter(({ status }) => status === 'delivered')).toHaveLength(1);
  });

  it('stops an update that waits', () => {
    const world = createWorld();
    world.observe(component('a'), component('b'));
    world.observe(component('c'));
    world.setSilences([aSilence('12:30', 'c')]);
    world.pass(20);
    expect(world.sent).toHaveLength(2);
    world.pass(10);
    expect(eventIds(world).at(-1)).toEqual([key('c')]);
  });
});

describe('a window', () => {
  const rules = rulesOf(`
version: 1
destinations:
  oncall: { type: mock }
  chat: { type: mock }
windows:
  noon: { from: "11:00", to: "13:00" }
routes:
  - { name: later, when: { during: noon }, send: [chat], at_end_of_window: [oncall] }
  - { name: now, when: { severity: critical }, send: [oncall, chat] }
`);
  const policy = aPolicy({ rules, destinations: [aDestination({ name: 'oncall' }), aDestination({ name: 'chat' })] });

  it('that ends tells what is still open to whom it was kept from', () => {
    const world = createWorld(policy);
    world.observe(incident('1'));
    world.pass(59);
    expect([world.told('oncall'), world.told('chat')]).toEqual([[], ['trigger acme_status:incident:1 critical']]);
    world.pass(1);
    expect(world.told('oncall')).toEqual(['trigger acme_status:incident:1 critical']);
  });

  it('that ends tells nobody of what is over, and waits for a silence', () => {
    const world = createWorld(policy);
    world.observe(incident('1'), incident('2', { name: 'Other', components: ['x'] }));
    world.observe(incident('1', { ended: '12:30' }), incident('2', { name: 'Other', components: ['x'] }));
    world.setSilences([aSilence('14:00')]);
    world.pass(61);
    expect(world.told('oncall')).toEqual([]);
    world.pass(60);
    expect(world.told('oncall')).toEqual(['trigger acme_status:incident:2 critical']);
  });
});

describe('the end of a window that no other route follows', () => {
  const rules = rulesOf(`
version: 1
destinations:
  oncall: { type: mock }
windows:
  noon: { from: "11:00", to: "13:00" }
routes:
  - { name: later, when: { during: noon, severity: critical }, send: [], at_end_of_window: [oncall] }
`);
  const policy = aPolicy({ rules, destinations: [aDestination({ name: 'oncall' })] });
  const told = ['trigger acme_status:incident:1 critical'];

  it('is told after a silence that was longer, whatever the vendor says meanwhile, and after a restart', () => {
    const world = createWorld(policy);
    world.observe(incident('1'));
    world.setSilences([aSilence('14:00')]);
    world.pass(90);
    world.observe(incident('1', { status: 'monitoring' }));
    world.setPolicy(world.policy());
    expect(world.told('oncall')).toEqual([]);
    world.pass(30);
    expect(world.told('oncall')).toEqual(told);
    expect(world.event('acme_status:incident:1')?.routing_reason).toMatch(/^Sent: route 'later'/);
  });

  it('is told by a destination that answers later, whatever the vendor says meanwhile, and after a restart', () => {
    const world = createWorld(policy);
    world.answerWith(() => 'transient');
    world.observe(incident('1'));
    world.pass(61);
    world.observe(incident('1', { status: 'monitoring' }));
    world.setPolicy(world.policy());
    world.answerWith(() => 'delivered');
    world.pass(5);
    expect(world.sent.at(-1)).toMatchObject({ action: 'trigger', outcome: 'delivered' });
    expect(world.alert('acme_status:incident:1')?.deliveries.map(({ status }) => status)).toEqual(['delivered']);
  });

  it('is told by the fallback of a destination that gives no answer, whatever the vendor says meanwhile', () => {
    const oncall = aDestination({ name: 'oncall', fallback: { to: 'backup', afterMs: 300_000 } });
    const world = createWorld({ ...policy, destinations: [oncall, aDestination({ name: 'backup' })] });
    world.answerWith(({ destination }) => (destination === 'oncall' ? 'unknown' : 'delivered'));
    world.observe(incident('1'));
    world.pass(61);
    world.observe(incident('1', { status: 'monitoring' }));
    world.pass(5);
    expect(world.told('backup')).toEqual(told);
  });

  it('is not told any more when other rules tell nobody at the end of the window', () => {
    const world = createWorld(policy);
    world.observe(incident('1'));
    world.setSilences([aSilence('14:00')]);
    world.pass(90);
    world.setPolicy({ ...world.policy(), rules: { ...rules, routes: [] } });
    world.pass(60);
    expect(world.told('oncall')).toEqual([]);
  });

  it('is not told of what has become less serious during the silence', () => {
    const world = createWorld(policy);
    world.observe(incident('1'));
    world.setSilences([aSilence('14:00')]);
    world.pass(90);
    world.observe(incident('1', { severity: 'warning' }));
    world.pass(60);
    expect(world.told('oncall')).toEqual([]);
  });
});

describe('a silence that is planned', () => {
  it('stops what waits when it begins', () => {
    const world = createWorld();
    world.setSilences([{ ...aSilence('12:40'), from: at('12:10') }]);
    world.observe(component('a'), component('b'));
    world.pass(7);
    world.answerWith(() => 'transient');
    world.observe(component('c', { started: '12:07' }));
    world.pass(3);
    const before = world.sent.length;
    world.answerWith(() => 'delivered');
    world.pass(29);
    expect(world.sent).toHaveLength(before);
    world.pass(5);
    expect(world.sent.slice(before)).toMatchObject([{ action: 'update', outcome: 'delivered' }]);
  });

  it('is waited for also by what is just being sent', () => {
    const silence = { ...aSilence('12:40'), from: at('12:10') };
    const trigger = aDelivery({ leased_until: at('12:02'), attempt_started_at: at('12:01') });
    const policy = { destinations: [], silences: [silence] };
    expect(notifyWakesAt(anAlert({ deliveries: [trigger] }), policy, Date.parse(at('12:01')))).toEqual([
      Date.parse(at('12:10')),
    ]);
    const told = aDelivery({ status: 'delivered' });
    expect(notifyWakesAt(anAlert({ deliveries: [told] }), policy, Date.parse(at('12:01')))).toEqual([]);
  });
});

it('what is just being sent when a silence begins is looked at again after that', () => {
  const nowMs = Date.parse(at('12:10'));
  const trigger = aDelivery({ leased_until: at('12:11'), attempt_started_at: at('12:09') });
  const member = aMember();
  const silenced = { ...member, ruling: { ...member.ruling, silenced_until: at('13:00') } };
  const wakes = (of: typeof member) =>
    notifyWakesAt(anAlert({ members: [of], deliveries: [trigger] }), { destinations: [], silences: [] }, nowMs);
  expect(wakes(silenced)).toEqual([at('13:00'), at('12:11')].map((time) => Date.parse(time)));
  expect(wakes(member)).toEqual([]);
});

describe('a fallback', () => {
  const oncall = aDestination({ name: 'oncall', fallback: { to: 'backup', afterMs: 300_000 } });
  const destinations = [oncall, aDestination({ name: 'backup' })];
  const toOncall = policyOf([aRoute('critical', ['oncall']), aRoute('warning', ['backup'])], { destinations });

  it('tells at once what was refused for good, saying why', () => {
    const world = createWorld(toOncall);
    world.answerWith(({ destination }) => (destination === 'oncall' ? 'permanent' : 'delivered'));
    world.observe(incident('1'));
    expect(world.sent.map(({ to, reason }) => `${to} ${reason}`)).toEqual(['oncall opened', 'backup fallback']);
    expect(world.event('acme_status:incident:1')?.routing_reason).toContain(
      'backup: Sent here, because the destination that should tell it has not accepted it.',
    );
  });

  it('tells all that the one that it stands in for was to tell, in one notification', () => {
    const held = policyOf([aRoute('critical', ['oncall'], 5)], { destinations });
    const world = createWorld(held);
    world.answerWith(({ destination }) => (destination === 'oncall' ? 'permanent' : 'delivered'));
    world.observe(component('a'), component('b'));
    world.pass(5);
    expect(world.sent.filter(({ to }) => to === 'backup').map((each) => each.eventIds)).toEqual([[key('a'), key('b')]]);
  });

  it('tells what it was told as less before, as a rise', () => {
    const world = createWorld(toOncall);
    world.answerWith(({ destination }) => (destination === 'oncall' ? 'permanent' : 'delivered'));
    world.observe(component('a', { severity: 'warning' }), component('b'));
    expect(world.told('backup')).toEqual([`trigger ${key('a')} warning`, `trigger ${key('a')} critical`]);
  });

  it('is not put off by a rise, which is another trigger', () => {
    const all = policyOf([aRoute('critical', ['oncall']), aRoute('warning', ['oncall'])], { destinations });
    const world = createWorld(all);
    world.answerWith(({ destination }) => (destination === 'oncall' ? 'transient' : 'delivered'));
    world.observe(incident('1', { severity: 'warning' }));
    world.pass(4);
    world.observe(incident('1'));
    expect(world.told('backup')).toEqual([]);
    world.pass(1);
    expect(world.told('backup')).toEqual(['trigger acme_status:incident:1 critical']);
    world.pass(10);
    expect(world.told('backup')).toEqual(['trigger acme_status:incident:1 critical']);
  });

  it('goes no further than to the one that stands in', () => {
    const last = aDestination({ name: 'last' });
    const backup = aDestination({ name: 'backup', fallback: { to: 'last', afterMs: 300_000 } });
    const world = createWorld({ ...toOncall, destinations: [oncall, backup, last] });
    world.answerWith(({ destination }) => (destination === 'last' ? 'delivered' : 'permanent'));
    world.observe(incident('1'));
    world.pass(6);
    expect(world.told('backup')).toHaveLength(1);
    expect(world.told('last')).toEqual([]);
    world.observe(component('w', { severity: 'warning' }));
    world.pass(6);
    expect(world.told('last')).toEqual(['trigger acme_status:incident:1 warning']);
  });

  it('stands in for what joins later, and for the end', () => {
    const world = createWorld(toOncall);
    world.answerWith(({ destination }) => (destination === 'oncall' ? 'transient' : 'delivered'));
    world.observe(component('a'));
    world.pass(5);
    world.observe(component('b', { started: '12:05' }));
    expect(world.told('backup')).toEqual([`trigger ${key('a')} critical`, `update ${key('a')} critical`]);
    world.observe(component('a', { ended: '12:06' }), component('b', { started: '12:05', ended: '12:06' }));
    expect(world.told('backup').at(-1)).toBe(`resolve ${key('a')}`);
  });

  it('that was told of another event of the alert, as serious, is told of this one as an update', () => {
    const routeOf = (name: string, send: readonly string[]): Route => ({
      ...aRoute('critical', send),
      matches: ({ facts }) => facts.component === name,
    });
    const routes = [routeOf('a', ['backup']), routeOf('b', ['oncall'])];
    for (const updateEveryMs of [300_000, null]) {
      const backup = aDestination({ name: 'backup', updateEveryMs });
      const world = createWorld(policyOf(routes, { destinations: [oncall, backup] }));
      world.answerWith(({ destination }) => (destination === 'oncall' ? 'permanent' : 'delivered'));
      world.observe(component('a'), component('b'));
      const toBackup = world.sent.filter(({ to }) => to === 'backup');
      expect(toBackup.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
        'trigger opened',
        'update fallback',
      ]);
      expect(toBackup.at(-1)?.eventIds).toContain(key('b'));
    }
  });

  it('that was told of one event by a route of its own is told of the others that the trigger carries', () => {
    const routes = [aRoute('critical', ['oncall', 'backup']), aRoute('warning', ['oncall'])];
    for (const updateEveryMs of [300_000, null]) {
      const backup = aDestination({ name: 'backup', updateEveryMs });
      const world = createWorld(policyOf(routes, { destinations: [oncall, backup] }));
      world.answerWith(({ destination }) => (destination === 'oncall' ? 'permanent' : 'delivered'));
      world.observe(component('a'));
      expect(world.told('backup')).toEqual([`trigger ${key('a')} critical`]);
      world.observe(component('b', { severity: 'warning' }));
      expect(world.told('backup')).toEqual([`trigger ${key('a')} critical`, `update ${key('a')} warning`]);
      expect(world.sent.filter(({ to }) => to === 'backup').map((each) => each.eventIds)).toEqual([
        [key('a')],
        [key('b')],
      ]);
      world.pass(10);
      expect(world.told('backup')).toHaveLength(2);
    }
  });

  it('is not asked when its time comes after the destination has accepted, or the event was silenced', () => {
    const accepted = createWorld(toOncall);
    accepted.observe(incident('1'));
    accepted.pass(10);
    expect(accepted.told('backup')).toEqual([]);
    const silenced = createWorld(toOncall);
    silenced.answerWith(() => 'transient');
    silenced.observe(incident('1'));
    silenced.setSilences([aSilence('13:00')]);
    silenced.pass(10);
    expect(silenced.told('backup')).toEqual([]);
  });
});

describe('what was refused for good', () => {
  it('as a rise, is tried again when the vendor says something new, and not because time passes', () => {
    const world = createWorld(policyOf(both));
    world.observe(component('a', { severity: 'warning' }));
    world.answerWith(() => 'permanent');
    world.observe(component('a'));
    world.setPolicy(world.policy());
    world.setSilences([]);
    expect(world.sent).toHaveLength(2);
    world.observe(component('a', { status: 'partial_outage' }));
    expect(world.sent).toHaveLength(3);
  });
});

describe('the end', () => {
  it('that was called off because the alert opened again, as less, comes in the end', () => {
    const world = createWorld();
    world.observe(component('a'), component('b'));
    world.answerWith(() => 'lost');
    world.observe(component('c'));
    world.pass(5);
    world.observe(...['a', 'b', 'c'].map((name) => component(name, { ended: '12:05' })));
    world.observe(component('a', { started: '12:05', severity: 'warning' }));
    expect(world.alerts()[0]?.deliveries.map(({ action, status }) => `${action} ${status}`)).toEqual([
      'trigger delivered',
      'update delivered',
      'update pending',
      'resolve superseded',
    ]);
    world.answerWith(() => 'delivered');
    world.pass(5);
    expect(world.told().filter((each) => each.startsWith('resolve'))).toEqual([]);
    world.observe(component('a', { started: '12:05', severity: 'warning', ended: '12:10' }));
    expect(world.told().at(-1)).toBe(`resolve ${key('a')}`);
  });
});
