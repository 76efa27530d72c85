// An alert that became less serious, or well for a moment: when it ends.
import { describe, expect, it } from 'vitest';
import { maxMembers } from '../../src/domain/alert.ts';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { askRules } from '../../src/domain/ruling.ts';
import { at, component, incident } from '../support/acme-page.ts';
import { aRecord } from '../support/builders.ts';
import { aPolicy, createWorld } from '../support/world.ts';

const warning = { severity: 'warning', status: 'monitoring' } as const;
const rulesOf = (routeWarning: boolean) => environmentRules({ routeWarning, destinations: ['pagerduty'] });

describe('easing', () => {
  it('begins when the last event that is sent ends, and what is left is less serious', () => {
    const world = createWorld();
    world.observe(component('a'), component('b', { severity: 'warning' }));
    world.observe(component('a', { ended: '12:10' }));
    world.pass(29);
    expect(world.alerts()[0]?.state).toBe('open');
    world.pass(1);
    expect(world.told().at(-1)).toBe(`resolve acme_status:component:a:${at('12:00')}`);
  });

  it('is noted as one of an earlier time when the alert is opened again, by its vendor or by new rules', () => {
    const world = createWorld();
    const ends = () =>
      world.alerts()[0]?.deliveries.flatMap(({ action, was_reopened: was }) => (action === 'resolve' ? [was] : []));
    const rise = () => {
      world.observe(incident('1'));
      world.observe(incident('1', warning));
      world.pass(30);
    };
    rise();
    expect(ends()).toEqual([false]);
    rise();
    expect(ends()).toEqual([true, false]);
    world.setPolicy(aPolicy({ rules: rulesOf(true) }));
    expect(ends()).toEqual([true, true]);
    expect(
      world.histories.get('acme_status:incident:1')?.findLast(({ change }) => change === 'reopened'),
    ).toMatchObject({
      reason: 'new rules send what its vendor still lists',
    });
  });

  it('does not begin while the vendor is still sent, as less', () => {
    const world = createWorld(aPolicy({ rules: rulesOf(true) }));
    world.observe(incident('1'));
    world.observe(incident('1', warning));
    world.pass(120);
    expect(world.told()).toEqual(['trigger acme_status:incident:1 critical']);
  });

  it('never begins by new rules, nor later by words of the vendor', () => {
    const world = createWorld(aPolicy({ rules: rulesOf(true) }));
    world.observe(incident('1', { severity: 'warning' }));
    world.setPolicy(aPolicy({ rules: rulesOf(false) }));
    world.observe(incident('1', warning));
    world.pass(60);
    expect(world.alerts()[0]).toMatchObject({ state: 'open', eased_since: null });
    world.observe(incident('1', { ...warning, ended: '13:00' }));
    expect(world.told()).toEqual(['trigger acme_status:incident:1 warning', 'resolve acme_status:incident:1']);
  });

  it('does not begin by words of the vendor about what new rules have stopped', () => {
    const world = createWorld(aPolicy({ rules: rulesOf(true) }));
    world.observe(incident('1'));
    world.observe(incident('1', warning));
    world.setPolicy(aPolicy({ rules: rulesOf(false) }));
    world.observe(incident('1', { ...warning, status: 'identified' }));
    world.pass(60);
    expect(world.alerts()[0]).toMatchObject({ state: 'open', eased_since: null });
  });

  it('ends when the vendor is sent again, and begins anew after that', () => {
    const world = createWorld();
    world.observe(incident('1'));
    world.observe(incident('1', warning));
    world.pass(20);
    world.observe(incident('1'));
    world.observe(incident('1', warning));
    world.pass(29);
    expect(world.alerts()[0]?.state).toBe('open');
    world.observe(incident('1', { ...warning, status: 'identified' }));
    world.pass(1);
    expect(world.alerts()[0]).toMatchObject({ state: 'resolved', eased_since: null });
    expect(world.histories.get('acme_status:incident:1')?.at(-1)).toMatchObject({
      change: 'eased',
      request_id: 'req-wake',
    });
  });

  it('an alert that eased is opened again by rules that send what is left', () => {
    const world = createWorld();
    world.observe(incident('1'));
    world.observe(incident('1', warning));
    world.pass(30);
    world.setPolicy(aPolicy({ rules: rulesOf(true) }));
    expect(world.told()).toEqual([
      'trigger acme_status:incident:1 critical',
      'resolve acme_status:incident:1',
      'trigger acme_status:incident:1 warning',
    ]);
  });

  it('leaves what was told as it was, whatever its vendor says later of what it still lists', () => {
    const world = createWorld();
    const told = () => world.alerts().map(({ state, severity, title, worst }) => ({ state, severity, title, worst }));
    world.observe(incident('1'));
    world.observe(incident('1', warning));
    world.pass(30);
    const before = told();
    expect(before).toEqual([{ state: 'resolved', severity: 'critical', title: 'Incident 1', worst: undefined }]);
    for (const minutes of [1, 120]) {
      world.pass(minutes);
      world.observe(incident('1', { ...warning, name: `Other name ${minutes}` }));
      expect(told()).toEqual(before);
    }
    world.observe(incident('1', { ...warning, name: 'Another', ended: '15:00' }));
    expect(told()).toEqual(before);
  });

  it('what was told to nobody and is only information ends without a word', () => {
    const world = createWorld();
    world.observe(incident('1', { severity: 'warning' }), incident('1', { severity: 'info' }));
    expect(world.alerts()[0]).toMatchObject({ state: 'resolved', deliveries: [] });
  });

  it.each([30, 90])('what was only information for %i minutes and is a warning again has an open alert', (minutes) => {
    const world = createWorld();
    world.observe(incident('1', { severity: 'warning' }), incident('1', { severity: 'info' }));
    world.pass(minutes);
    world.observe(incident('1', { severity: 'warning' }));
    const alertId = world.event('acme_status:incident:1')?.alert_id ?? '';
    expect(world.alert(alertId)).toMatchObject({ state: 'open', severity: 'warning' });
    expect(world.told()).toEqual([]);
  });

  it('an event that went over to another alert leaves nothing open in its old one', () => {
    const world = createWorld();
    const own = { components: ['web'], severity: 'warning' } as const;
    world.observe(component('api', { severity: 'warning' }), incident('1', own), incident('1', { severity: 'info' }));
    world.observe(incident('1', { severity: 'critical' }));
    expect(world.event('acme_status:incident:1')?.alert_id).toBe(`acme_status:component:api:${at('12:00')}`);
    expect(world.alert('acme_status:incident:1')?.members.map(({ ended_at: end }) => end)).toEqual([at('12:00')]);
  });
});

describe('new rules', () => {
  it('tell nobody twice', () => {
    const world = createWorld(aPolicy({ rules: rulesOf(true) }));
    world.observe(incident('1'), component('a', { severity: 'warning' }));
    const before = world.sent.length;
    for (const routeWarning of [false, true, false, true]) world.setPolicy(aPolicy({ rules: rulesOf(routeWarning) }));
    expect(world.sent).toHaveLength(before);
  });

  it('tell what they send and the old ones did not', () => {
    const world = createWorld();
    world.observe(incident('1', { severity: 'warning' }));
    world.setPolicy(aPolicy({ rules: rulesOf(true) }));
    expect(world.told()).toEqual(['trigger acme_status:incident:1 warning']);
    expect(world.event('acme_status:incident:1')?.routed).toBe(true);
  });

  it('give an open event the severity that they say, and keep the built-in one beside it', () => {
    const world = createWorld();
    world.observe(incident('1'));
    const row = { name: 'severity row 1', place: 'f:1', matches: () => true, is: 'warning' } as const;
    const lowered = { ...rulesOf(true), severity: [row] };
    world.setPolicy(aPolicy({ rules: lowered }));
    expect(world.event('acme_status:incident:1')).toMatchObject({
      event: { severity: 'warning' },
      facts: { built_in_severity: 'critical' },
    });
    expect(world.alerts()[0]?.severity).toBe('warning');
    world.setPolicy(aPolicy());
    expect(world.event('acme_status:incident:1')?.event.severity).toBe('critical');
    expect(world.event('acme_status:incident:1')?.facts).not.toHaveProperty('built_in_severity');
    expect(world.sent).toHaveLength(1);
  });

  it('are asked with the built-in severity, not with what the rules before made of it', () => {
    const record = aRecord({ severity: 'info' }, { facts: { built_in_severity: 'critical' } });
    expect(askRules(record, rulesOf(false), 0)).toMatchObject({ severity: 'critical', builtInSeverity: 'critical' });
  });
});

describe('an alert', () => {
  it('keeps five hundred events, and counts the rest', () => {
    const world = createWorld();
    for (let n = 0; n < maxMembers + 3; n++) world.observe(component(`c${n}`));
    expect(world.alerts()[0]).toMatchObject({ uncounted: 3 });
    expect(world.alerts()[0]?.members).toHaveLength(maxMembers);
    expect(world.event(`acme_status:component:c${maxMembers}:${at('12:00')}`)?.routing_reason).toContain(
      'has too many events to name each',
    );
  });

  it('has the title of its most serious event, among equals the incident’s', () => {
    const world = createWorld();
    world.observe(component('a', { severity: 'warning' }));
    world.observe(component('b'));
    expect(world.alerts()[0]?.title).toBe('b: major_outage');
    world.observe(incident('1', { components: ['a'], name: 'All is slow' }));
    expect(world.alerts()[0]?.title).toBe('All is slow');
  });

  it('that folds nothing is one for each event, and reopens with its own', () => {
    const world = createWorld(aPolicy({ rules: { ...rulesOf(false), fold: 'none' } }));
    world.observe(incident('1', { components: ['a'], firstLook: true }), component('a', { firstLook: true }));
    expect(world.alerts()).toHaveLength(2);
    world.observe(incident('1', { components: ['a'], ended: '12:05' }), incident('1', { components: ['a'] }));
    expect(world.alert('acme_status:incident:1')).toMatchObject({ state: 'open', cycle: 2 });
    expect(world.alerts()).toHaveLength(2);
  });
});
