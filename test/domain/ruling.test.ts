// What is asked of the rules for an event, and what is remembered of the answer.
import { expect, it } from 'vitest';
import type { MemberRuling } from '../../src/domain/alert.ts';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { compileSilence } from '../../src/domain/rules/silences.ts';
import {
  askOfSighting,
  askRules,
  rulingOf,
  withEndedWindow,
  withRuling,
  withSeverityOf,
} from '../../src/domain/ruling.ts';
import { component } from '../support/acme-page.ts';
import { aMember, anAlert, aRecord } from '../support/builders.ts';
import { rulesOf } from '../support/rules.ts';
import { aSilence } from '../support/silences.ts';
import { aPolicy } from '../support/world.ts';

const nowMs = Date.parse('2026-03-01T12:30:00.000Z');
const at = (time: string) => `2026-03-01T${time}:00.000Z`;

it('a sighting has the severity that the rules give, and the built-in one beside it where that is another', () => {
  const sighting = component('a');
  const ruling = { ...askRules(aRecord(), environmentRules({ routeWarning: false, destinations: [] }), nowMs) };
  expect(withSeverityOf(sighting, { ...ruling, severity: 'critical' })).toBe(sighting);
  expect(withSeverityOf(sighting, { ...ruling, severity: 'warning' })).toEqual({
    ...sighting,
    event: { ...sighting.event, severity: 'warning' },
    facts: { ...sighting.facts, built_in_severity: 'critical' },
  });
  const record = aRecord({}, { facts: { status: 'x', built_in_severity: 'info' } });
  const rated = { ...ruling, severity: 'warning', builtInSeverity: 'critical' } as const;
  expect(withRuling(record, rated).facts).toEqual({ status: 'x', built_in_severity: 'critical' });
});

it('the incident that names a component decides, for a sighting and for what is stored of it', () => {
  const rules = rulesOf(`
version: 1
status_pages: { acme: { url: "https://status.acme.example", component_severity: incident, uses: [{ group: US }] } }
`);
  const facts = { page: 'acme', item: 'component', component: 'a', status: 'partial_outage' } as const;
  const seen = { ...component('a'), facts, incidentSeverity: 'warning' } as const;
  expect(askOfSighting(seen, rules, nowMs)).toMatchObject({ rules, ruling: { severity: 'warning' } });
  const stored = aRecord({ kind: 'status' }, { facts, incident_severity: 'warning' });
  expect(askRules(stored, rules, nowMs).severity).toBe('warning');
  const incident = { facts: { page: 'acme', item: 'incident' as const, components: ['a'] } };
  for (const [group, used] of [
    ['US', true],
    ['EU', false],
  ] as const) {
    const named = [{ component: 'a', group }];
    expect(askOfSighting({ ...component('a'), ...incident, namedComponents: named }, rules, nowMs).ruling.used).toBe(
      used,
    );
    expect(askRules(aRecord({}, { ...incident, named_components: named }), rules, nowMs).used).toBe(used);
  }
});

it.each([
  ['what the silence matches', { page: 'acme' }, '2026-03-01T14:00:00.000Z', 'They move'],
  ['what it does not match', { page: 'other' }, null, null],
])('of %s it is remembered until when it is silenced', (_what, facts, until, because) => {
  const policy = aPolicy();
  const silence = compileSilence(aSilence('s1'), policy.rules);
  const record = aRecord({}, { facts });
  const silenced = { ...policy, silences: [silence] };
  const ruling = rulingOf(record, askRules(record, policy.rules, nowMs), silenced, 'a', undefined, nowMs);
  expect([ruling.silenced_until, ruling.silenced_because]).toEqual([until, because]);
});

it('a hold is counted from the opening of the alert, and `resolve_after` from when it was opened last', () => {
  const policy = aPolicy();
  const record = aRecord();
  const ruling = { ...askRules(record, policy.rules, nowMs), holdMs: 3_600_000, resolveAfterMs: 3_600_000 };
  const timesIn = (alert: ReturnType<typeof anAlert> | undefined) => {
    const { hold_until: hold, resolve_at: end } = rulingOf(record, ruling, policy, 'a', alert, nowMs);
    return [hold, end];
  };
  expect(timesIn(undefined)).toEqual([at('13:30'), at('13:30')]);
  const opened = anAlert({ opened_at: at('12:00') });
  expect(timesIn(opened)).toEqual([at('13:00'), at('13:00')]);
  expect(timesIn({ ...opened, reopened_at: [at('12:10'), at('12:20')] })).toEqual([at('13:00'), at('13:20')]);
  expect(timesIn(anAlert({ opened_at: at('11:30') }))).toEqual([null, at('12:30')]);
});

const { ruling: nothing } = aMember();
const owed: MemberRuling = { ...nothing, at_end_of_window: ['oncall'], window_ends_at: at('12:00'), because: 'then' };

it.each<[string, Partial<MemberRuling>, Partial<MemberRuling>, readonly string[], string]>([
  ['has come', {}, {}, ['oncall'], 'then'],
  ['has come, and others are told now', {}, { send: ['chat'] }, ['oncall'], 'now'],
  ['has not come', { window_ends_at: at('12:31') }, {}, [], 'now'],
  ['has come for nobody', { at_end_of_window: [] }, {}, [], 'now'],
  ['has come, and another one is waited for', {}, { at_end_of_window: ['chat'] }, ['chat'], 'now'],
  ['has come for what is less serious since', {}, { severity: 'warning' }, [], 'now'],
  ['has come for what is more serious since', { severity: 'warning' }, {}, ['oncall'], 'then'],
])('who was to be told at the end of a window that %s', (_which, before, now, told, because) => {
  const ruling = withEndedWindow({ ...nothing, because: 'now', ...now }, { ...owed, ...before }, nowMs);
  expect([ruling.at_end_of_window, ruling.because]).toEqual([told, because]);
  expect(ruling.window_ends_at).toBe(told.includes('oncall') ? at('12:00') : null);
});
