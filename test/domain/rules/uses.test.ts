import { expect, it } from 'vitest';
import type { Facts } from '../../../src/domain/facts.ts';
import { evaluate, type RulingContext } from '../../../src/domain/rules/evaluate.ts';
import { compileUse } from '../../../src/domain/rules/uses.ts';
import { aSubject, rulesOf } from '../../support/rules.ts';

const file = (unattributed: string) => `version: 1
status_pages:
  braze: { uses: [{ group: US-03, component: REST API }, Dashboard, { group: "EU-*" }], unattributed: ${unattributed} }
routes: [{ name: all, send: [mock] }]
`;
const ruling = (facts: Facts, unattributed = 'keep', context: Partial<RulingContext> = {}) =>
  evaluate(
    rulesOf(file(unattributed)),
    { ...aSubject(), facts: { page: 'braze', ...facts } },
    { nowMs: 0, ...context },
  );

it.each([
  ['REST API', 'US-03', true],
  ['rest api', 'us-03', true],
  ['REST API', 'US-01', false],
  ['REST API', undefined, false],
  ['Dashboard', 'US-01', true],
  ['Dashboard', undefined, true],
  ['Email', 'EU-01', true],
  ['Email', 'US-03', false],
] as const)('the component %s of %s: used is %s', (component, group, used) => {
  expect(ruling({ item: 'component', component, ...(group ? { group } : {}) }).used).toBe(used);
});

it('what is not used is sent to nobody, and the reason names the place', () => {
  expect(ruling({ item: 'component', component: 'Email', group: 'US-01' })).toMatchObject({
    used: false,
    route: null,
    send: [],
    because: "status_pages.braze (vendor-signals.yaml:3) does not use 'US-01 / Email'",
  });
});

it.each([
  [['Email', 'Dashboard'], true],
  [['Currents'], true],
  [['REST API'], true],
] as const)('an incident that names %j counts: %s, since the groups are not known', (components, used) => {
  expect(ruling({ item: 'incident', components: [...components] }).used).toBe(used);
});

it('an incident counts by the groups of its components where they are known', () => {
  const named = (group: string | null) =>
    ruling({ item: 'incident', components: ['REST API'] }, 'keep', {
      namedComponents: [{ component: 'REST API', group }],
    });
  expect(named('US-03').used).toBe(true);
  expect(named('US-01')).toMatchObject({
    used: false,
    because: 'status_pages.braze (vendor-signals.yaml:3) uses none of the components that it names',
  });
  expect(named(null).used).toBe(false);
});

it('an incident that names only components that are not used does not count', () => {
  const rules = rulesOf('version: 1\nstatus_pages: { braze: { uses: [Dashboard] } }');
  const subject = aSubject({}, { page: 'braze', item: 'incident', components: ['Email'] });
  expect(evaluate(rules, subject, { nowMs: 0 }).used).toBe(false);
});

it.each([
  ['keep', 'minor', true],
  ['keep', undefined, true],
  ['ignore', 'minor', false],
  ['ignore', undefined, false],
  ['ignore', 'major', true],
  ['ignore', 'critical', true],
  ['ignore_all', 'critical', false],
] as const)(
  'unattributed: %s with an incident of impact %s that names no component: used is %s',
  (how, impact, used) => {
    expect(ruling({ item: 'incident', ...(impact ? { impact } : {}) }, how).used).toBe(used);
  },
);

it('the status page itself, other pages and payments are always used', () => {
  expect(ruling({ item: 'page' }, 'ignore_all').used).toBe(true);
  expect(ruling({ page: 'spreedly', item: 'component', component: 'Email' }).used).toBe(true);
  const payment = { ...aSubject({ source: 'stripe', kind: 'payment' }), facts: { type: 'payout.failed' } };
  expect(evaluate(rulesOf(file('ignore_all')), payment, { nowMs: 0 }).used).toBe(true);
});

it('a use knows which components of the page it means, so that one that is gone is noticed', () => {
  const uses = rulesOf(file('keep')).statusPages.get('braze')?.uses ?? [];
  expect(uses.map(({ name }) => name)).toEqual(['US-03 / REST API', 'Dashboard', 'EU-*']);
  expect(uses.map(({ covers }) => covers('REST API', 'US-03'))).toEqual([true, false, false]);
});

it('a use that was not checked is a fault of ours', () => {
  expect(() => compileUse('/(?=a)/')).toThrow('a name in uses was not checked');
});
