// Every sentence that says why an event was or was not sent.
import { describe, expect, it } from 'vitest';
import { needsAlert } from '../../src/domain/needs-alert.ts';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { compileSilence } from '../../src/domain/rules/silences.ts';
import { createWindow } from '../../src/domain/rules/windows.ts';
import { askRules } from '../../src/domain/ruling.ts';
import { at, component, incident } from '../support/acme-page.ts';
import { anAbsence, aRecord, aSighting } from '../support/builders.ts';
import { type Answer, aDestination, aPolicy, createWorld, type World } from '../support/world.ts';

const id = 'acme_status:incident:1';
const because = 'critical events are always sent';
const loud = aPolicy({ rules: environmentRules({ routeWarning: true, destinations: ['pagerduty'] }) });

const answering = (world: World, answer: Answer): void => world.answerWith(() => answer);

it.each<[string, (world: World) => void, string]>([
  ['is told', (world) => world.observe(incident('1')), `Sent: ${because}.`],
  [
    'is not serious enough',
    (world) => world.observe(incident('1', { severity: 'warning' })),
    'Not sent: warning events are sent only if ROUTE_WARNING=true.',
  ],
  [
    'is only information',
    (world) => world.observe(incident('1', { severity: 'info' })),
    'Not sent: info events are never sent.',
  ],
  [
    'was over when it was first seen',
    (world) => world.observe(incident('1', { ended: '12:00' })),
    'Not sent: it was already over when it was first seen.',
  ],
  [
    'was over when it was first seen, and would not have been sent',
    (world) => world.observe(incident('1', { ended: '12:00', severity: 'warning' })),
    'Not sent: warning events are sent only if ROUTE_WARNING=true.',
  ],
  [
    'rose to what is sent only when it was over',
    (world) => world.observe(incident('1', { severity: 'info' }), incident('1', { ended: '12:05' })),
    'Not sent: it was over before it was to be sent.',
  ],
  [
    'fell after it was told, and its alert has eased',
    (world) => {
      world.observe(incident('1'));
      world.observe(incident('1', { severity: 'warning' }));
      world.pass(30);
    },
    'Sent, and its end is sent too.',
  ],
  [
    'is open again with others',
    (world) => {
      const own = incident('1', { components: ['a'] });
      world.observe(own, component('a'));
      world.observe(component('a', { ended: '12:01' }), anAbsence({ eventId: id }));
      world.observe(own);
    },
    `Sent again, because the alert ${id} is open again.`,
  ],
  [
    'joins what was told',
    (world) => world.observe(component('a'), incident('1', { components: ['a'] })),
    `Sent as an update of the alert acme_status:component:a:${at('12:00')}: ${because}.`,
  ],
  [
    'has another text',
    (world) => world.observe(incident('1'), incident('1', { status: 'monitoring' })),
    `Sent once: ${because}; later changes send no second notification.`,
  ],
  [
    'fell after it was told',
    (world) => {
      world.observe(incident('1'));
      world.observe(incident('1', { severity: 'warning' }));
    },
    'Sent before. Now it would not be: warning events are sent only if ROUTE_WARNING=true; but an alert that was sent stays open until it ends.',
  ],
  [
    'ended after it was told',
    (world) => {
      world.observe(incident('1'));
      world.observe(incident('1', { ended: '12:05' }));
    },
    'Sent, and its end is sent too.',
  ],
  [
    'ended, and others go on',
    (world) =>
      world.observe(
        incident('1', { components: ['a'] }),
        component('a'),
        incident('1', { components: ['a'], ended: '12:05' }),
      ),
    'Sent; it ended while its alert went on.',
  ],
  [
    'is open again',
    (world) => {
      world.observe(incident('1'));
      world.observe(anAbsence({ eventId: id }));
      world.observe(incident('1'));
    },
    'Sent again, because the event is open again.',
  ],
  [
    'ended before it was accepted',
    (world) => {
      answering(world, 'transient');
      world.observe(incident('1'));
      world.observe(incident('1', { ended: '12:01' }));
    },
    'Not sent: it ended before its notification was accepted.',
  ],
  [
    'fell before it was accepted',
    (world) => {
      answering(world, 'transient');
      world.observe(incident('1'));
      world.observe(incident('1', { severity: 'warning' }));
    },
    'Not sent: warning events are sent only if ROUTE_WARNING=true, and its notification had not been accepted before.',
  ],
  [
    'was refused, and is sent again',
    (world) => {
      answering(world, 'permanent');
      world.observe(incident('1'));
      world.observe(incident('1', { status: 'identified' }));
    },
    'Sent again, because the notification before was not accepted.',
  ],
  [
    'got no answer and then a refusal, and may have arrived',
    (world) => {
      answering(world, 'unknown');
      world.observe(incident('1'));
      answering(world, 'permanent');
      world.pass(1);
      world.observe(incident('1', { status: 'identified' }));
    },
    `Sent, but no answer came, so it may not have arrived: ${because}.`,
  ],
  [
    'got no answer, may have arrived, and ended',
    (world) => {
      answering(world, 'unknown');
      world.observe(incident('1'));
      answering(world, 'permanent');
      world.pass(1);
      world.observe(incident('1', { ended: '12:01' }));
    },
    'Sent, and its end is sent too.',
  ],
  [
    'was refused, and ended',
    (world) => {
      answering(world, 'permanent');
      world.observe(incident('1'));
      world.observe(incident('1', { ended: '12:01' }));
    },
    'Not sent: its notification was never accepted, so there is nothing to close.',
  ],
  [
    'is a maintenance',
    (world) => {
      const traits = { item: 'maintenance', name: null, components: [], group: null, pageSize: 3 } as const;
      world.observe(aSighting({ severity: 'critical' }, { traits }));
    },
    'Not sent: a maintenance is not an alert.',
  ],
  [
    'was a maintenance',
    (world) => {
      const traits = { item: 'maintenance', name: null, components: [], group: null, pageSize: 3 } as const;
      for (const end of [null, at('12:05')])
        world.observe(aSighting({ severity: 'critical', resolved_at: end }, { traits }));
    },
    'Not sent: a maintenance is not an alert.',
  ],
])('an event that %s', (_what, happen, reason) => {
  const world = createWorld();
  happen(world);
  expect(world.event(id)?.routing_reason).toBe(reason);
});

it('an event that became more serious than what was told', () => {
  const world = createWorld(loud);
  world.observe(incident('1', { severity: 'warning' }), incident('1', { severity: 'critical' }));
  expect(world.event(id)?.routing_reason).toBe(
    `Sent again, because it is more serious than what was told: ${because}.`,
  );
});

it('destinations that do not agree are named', () => {
  const destinations = [aDestination(), aDestination({ name: 'chat' })];
  const rules = environmentRules({ routeWarning: false, destinations: ['chat'] });
  const world = createWorld(aPolicy({ destinations, rules }));
  world.observe(incident('1'));
  expect(world.event(id)?.routing_reason).toBe(
    `pagerduty: Not sent here, but to chat: ${because}. chat: Sent: ${because}.`,
  );
});

const both = [aDestination({ name: 'oncall' }), aDestination({ name: 'chat' })];
const base = environmentRules({ routeWarning: true, destinations: ['chat'] });
const sending = (changes: Partial<(typeof base.routes)[number]>) =>
  aPolicy({ destinations: both, rules: { ...base, routes: base.routes.map((route) => ({ ...route, ...changes })) } });

it('destinations of which the same is said are named together', () => {
  const world = createWorld(sending({ send: ['oncall', 'chat'] }));
  world.observe(incident('1'));
  expect(world.event(id)?.routing_reason).toBe(`Sent: ${because}.`);
  const three = [...both, aDestination({ name: 'backup' })];
  const one = createWorld({ ...sending({ send: ['oncall'] }), destinations: three });
  one.observe(incident('1'));
  expect(one.event(id)?.routing_reason).toBe(
    `oncall: Sent: ${because}. chat, backup: Not sent here, but to oncall: ${because}.`,
  );
});

it('what is over was not sent where no route sends it', () => {
  const world = createWorld(sending({ send: ['oncall'] }));
  world.observe(incident('1'));
  world.observe(incident('1', { ended: '12:05' }));
  expect(world.event(id)?.routing_reason).toBe(
    `oncall: Sent, and its end is sent too. chat: Not sent here, but to oncall: ${because}.`,
  );
});

it('what waits for the end of a window says until when', () => {
  const windows = [createWindow({ from: '12:00', to: '13:00' }, 'UTC')];
  const world = createWorld(sending({ send: ['chat'], atEndOfWindow: ['oncall'], windows }));
  world.observe(incident('1'));
  expect(world.event(id)?.routing_reason).toContain(
    'oncall: Sent at 2026-03-01T13:00:00.000Z if it is still open then',
  );
});

it('who is told neither now nor at the end of the window is not said to wait for it', () => {
  const windows = [createWindow({ from: '12:00', to: '13:00' }, 'UTC')];
  const destinations = [...both, aDestination({ name: 'backup' })];
  const world = createWorld({ ...sending({ send: ['chat'], atEndOfWindow: ['oncall'], windows }), destinations });
  world.observe(incident('1'));
  expect(world.event(id)?.routing_reason).toContain(`backup: Not sent here, but to chat: ${because}.`);
  world.observe(incident('1', { ended: '12:05' }));
  expect(world.event(id)?.routing_reason).toContain('oncall: Not sent: it was over before it was to be sent.');
});

it('new words are sent as an update, which names the alert only where others are in it', () => {
  const destinations = [aDestination({ name: 'chat', showsWords: true, updateEveryMs: 0 })];
  const world = createWorld(aPolicy({ destinations }));
  world.observe(incident('1'), incident('1', { status: 'identified' }));
  expect(world.event(id)?.routing_reason).toBe(`Sent as an update: ${because}.`);
});

it('a payment in test mode is not sent for that, unless no rule sends it anyway', () => {
  const world = createWorld();
  const ofTest = (severity: 'warning' | 'critical') =>
    aSighting({ event_id: `evt_${severity}`, source: 'stripe', kind: 'payment', severity }, { testMode: true });
  world.observe(ofTest('critical'), ofTest('warning'));
  expect(world.event('evt_critical')?.routing_reason).toContain('ROUTE_TEST_MODE');
  expect(world.event('evt_warning')?.routing_reason).toContain('ROUTE_WARNING');
});

it('what ends in test mode was not sent for that, and not because it was over', () => {
  const world = createWorld();
  const ofTest = (end: string | null) =>
    aSighting({ source: 'stripe', kind: 'status', severity: 'critical', resolved_at: end }, { testMode: true });
  world.observe(ofTest(null));
  world.observe(ofTest(at('12:05')));
  expect(world.event(id)?.routing_reason).toBe('Not sent: test-mode events reach people only if ROUTE_TEST_MODE=true.');
});

it('a destination that is told for the first time when the alert opens again was not sent it before', () => {
  const world = createWorld(sending({ send: ['oncall'] }));
  world.observe(incident('1'));
  world.observe(anAbsence({ eventId: id }));
  world.setPolicy(sending({ send: ['oncall', 'chat'] }));
  world.observe(incident('1'));
  expect(world.event(id)?.routing_reason).toBe(
    `oncall: Sent again, because the event is open again. chat: Sent: ${because}.`,
  );
});

it('what was sent, and is silenced since, says both', () => {
  const world = createWorld();
  world.observe(incident('1'));
  const from = world.now();
  const silence = { id: 's', origin: 'api', when: {}, from, until: '2026-03-01T13:00:00.000Z', by: null } as const;
  world.setSilences([compileSilence({ ...silence, because: 'we know', alertIds: [], expired_at: null }, base)]);
  world.observe(incident('1', { status: 'monitoring' }));
  expect(world.event(id)?.routing_reason).toBe('Sent before. Silenced until 2026-03-01T13:00:00.000Z: we know.');
});

it('what a silence keeps back when its hold is over is called silenced, and no longer held', () => {
  const world = createWorld(sending({ send: ['oncall', 'chat'], holdMs: 5 * 60_000 }));
  world.observe(incident('1'));
  expect(world.event(id)?.routing_reason).toMatch(/^Held until/);
  const silence = { id: 's', origin: 'api', when: {}, from: world.now(), by: null, alertIds: [], expired_at: null };
  const until = '2026-03-01T13:00:00.000Z';
  world.setSilences([compileSilence({ ...silence, origin: 'api', until, because: 'we know' }, base)]);
  world.pass(6);
  expect(world.event(id)?.routing_reason).toBe(`Silenced until ${until}: we know.`);
});

it('what goes where no route sends it any more names no route as its reason', () => {
  const destinations = [...both.map((each) => ({ ...each, showsWords: true, updateEveryMs: 0 }))];
  const world = createWorld({ ...sending({ send: ['oncall', 'chat'] }), destinations });
  world.observe(incident('1'));
  world.setPolicy({ ...sending({ send: ['oncall'] }), destinations });
  world.observe(incident('1', { status: 'identified' }));
  expect(world.event(id)?.routing_reason).toBe(
    `oncall: Sent as an update: ${because}. chat: Sent as an update, because what was sent before has changed.`,
  );
});

it('without any destination there is nothing to say of one', () => {
  const world = createWorld(aPolicy({ destinations: [] }));
  world.observe(incident('1'));
  expect(world.event(id)?.routing_reason).toBe('Not sent: there is no destination.');
});

describe('which events have an alert', () => {
  const needs = (record: ReturnType<typeof aRecord>, policy = aPolicy()) =>
    needsAlert(record, askRules(record, policy.rules, 0), policy);

  it.each([
    ['a critical incident', aRecord(), true],
    ['a warning that nobody is sent', aRecord({ severity: 'warning' }), true],
    ['information', aRecord({ severity: 'info' }), false],
    ['what is over', aRecord({ resolved_at: at('12:00') }), false],
    [
      'a maintenance',
      aRecord({}, { traits: { item: 'maintenance', name: null, components: [], group: null, pageSize: 1 } }),
      false,
    ],
    ['a status page that cannot be read', aRecord({ kind: 'status', severity: 'warning' }), true],
    ['a payment that is sent', aRecord({ source: 'stripe', kind: 'payment' }), true],
    ['a payment that nobody is sent', aRecord({ source: 'stripe', kind: 'payment', severity: 'warning' }), false],
    ['a payment in test mode', aRecord({ source: 'stripe', kind: 'payment' }, { test_mode: true }), false],
  ])('%s: %s', (_what, record, has) => {
    expect(needs(record)).toBe(has);
  });

  it('a payment in test mode has one where the mock can be told', () => {
    const record = aRecord({ source: 'stripe', kind: 'payment' }, { test_mode: true });
    expect(needs(record, aPolicy({ destinations: [aDestination({ reachesPeople: false })] }))).toBe(true);
    expect(needs(record, aPolicy({ routeTestMode: true }))).toBe(true);
  });
});
