// What an alert keeps of its events, and what follows from them.
import { expect, it } from 'vitest';
import { maxAffected } from '../../src/domain/alert.ts';
import { memberOf, withWords } from '../../src/domain/alert-members.ts';
import type { Facts } from '../../src/domain/facts.ts';
import { aMember, anAlert, aRecord } from '../support/builders.ts';

const joined = { joinedAt: '2026-03-01T12:00:00.000Z', attracts: true };
const ofFacts = (facts: Facts) => memberOf(aRecord({}, { facts }), aMember().ruling, joined);

it('an alert keeps of an event by which it is known and how large its status page is', () => {
  const traits = { item: 'component', name: null, components: ['1'], group: 'g', pageSize: 61 } as const;
  const record = aRecord({ kind: 'status' }, { subject: 'acme_status:component:1', traits });
  expect(memberOf(record, aMember().ruling, joined)).toMatchObject({
    subject: 'acme_status:component:1',
    components: ['1'],
    group: 'g',
    page_size: 61,
  });
});

it.each<[string, Facts, object]>([
  ['a component', { status: 'major_outage', component: 'API' }, { status: 'major_outage', affects: ['API'] }],
  [
    'an incident',
    { status: 'monitoring', components: ['API', 'Web'] },
    { status: 'monitoring', affects: ['API', 'Web'] },
  ],
  ['an incident that names none', { status: 'monitoring', components: [] }, { status: 'monitoring' }],
  ['what says nothing of it', {}, {}],
])('an alert says what %s affects, and its phase', (_what, facts, shown) => {
  const { status, affects } = ofFacts(facts);
  expect({ ...(status !== undefined && { status }), ...(affects && { affects }) }).toEqual(shown);
  expect(Object.keys(ofFacts(facts)).filter((key) => key === 'status' || key === 'affects')).toEqual(
    Object.keys(shown),
  );
});

it('an alert names only so many components of an event', () => {
  const components = Array.from({ length: maxAffected + 1 }, (_, n) => `c${n}`);
  expect(ofFacts({ components }).affects).toEqual(components.slice(0, maxAffected));
});

it('an event in a group has that in its title', () => {
  expect([ofFacts({}).title, ofFacts({ group: 'US' }).title]).toEqual(['Payments are down', 'Payments are down (US)']);
});

it('an alert remembers how serious it was while it is less, and no longer than that', () => {
  const [warning, critical] = [aMember({ severity: 'warning' }), aMember({ event_id: '2' })];
  const over = { ...critical, ended_at: '2026-03-01T12:00:00.000Z' };
  const fresh = withWords(anAlert({ severity: 'info', members: [warning] }));
  expect(fresh).toMatchObject({ severity: 'warning' });
  expect(fresh).not.toHaveProperty('worst');
  const eased = withWords(anAlert({ severity: 'critical', members: [warning, over] }));
  expect(eased).toMatchObject({ severity: 'warning', worst: 'critical' });
  expect(withWords(eased)).toEqual(eased);
  const risen = withWords({ ...eased, members: [warning, critical] });
  expect(risen).toMatchObject({ severity: 'critical' });
  expect(risen).not.toHaveProperty('worst');
  const without = withWords(anAlert({ title: 'x', severity: 'warning', members: [over] }));
  expect(without).toMatchObject({ title: 'x', severity: 'warning' });
});
