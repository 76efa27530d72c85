import { expect, it } from 'vitest';
import type { Member } from '../../src/domain/alert.ts';
import { affectedBy, phaseOf, whyItWakes } from '../../src/domain/alert-words.ts';
import { aDelivery, aMember, anAlert } from '../support/builders.ts';

const incident = (status: string, more: Partial<Member> = {}) => aMember({ status, ...more });
const component = (name: string, more: Partial<Member> = {}) =>
  aMember({ event_id: name, item: 'component', status: 'major_outage', affects: [name], ...more });
const ended = { ended_at: '2026-03-01T12:00:00.000Z' };

it.each([
  [null, []],
  [null, [component('API')]],
  ['identified', [incident('identified'), component('API')]],
  ['monitoring', [incident('identified'), incident('monitoring', { started_at: '2026-03-01T11:10:00.000Z' })]],
  ['monitoring', [incident('monitoring', { started_at: '2026-03-01T11:10:00.000Z' }), incident('identified')]],
  ['identified', [incident('identified'), incident('resolved', { started_at: '2026-03-01T11:10:00.000Z', ...ended })]],
  ['resolved', [incident('resolved', ended)]],
] as const)('the phase is %s', (phase, members) => {
  expect(phaseOf({ members })).toBe(phase);
});

it('an alert affects the components of its open events, each named once', () => {
  const namesOf = (...members: readonly Member[]) => affectedBy({ members, uncounted: 0 }).names;
  expect(namesOf(incident('x', { affects: ['API', 'Web'] }), component('API'))).toEqual(['API', 'Web']);
  expect(namesOf(component('API', ended), component('Web'))).toEqual(['Web']);
  expect(namesOf(component('API', ended))).toEqual(['API']);
});

it('an alert tells when it may affect more than it names', () => {
  const hundred = Array.from({ length: 100 }, (_, number) => `c${number}`);
  expect(affectedBy({ members: [component('API')], uncounted: 0 }).isPart).toBe(false);
  expect(affectedBy({ members: [component('API')], uncounted: 1 }).isPart).toBe(true);
  expect(affectedBy({ members: [incident('x', { affects: hundred })], uncounted: 0 }).isPart).toBe(true);
});

const at = '2026-03-01T13:00:00.000Z';
const { ruling } = aMember();
it.each([
  ['a silence ends (They move)', { ruling: { ...ruling, silenced_until: at, silenced_because: 'They move' } }],
  ['a hold ends, and what is still open is sent', { ruling: { ...ruling, hold_until: at } }],
  [
    'a window ends, and what is still open is sent',
    { ruling: { ...ruling, window_ends_at: at, at_end_of_window: ['oncall'] } },
  ],
  ['resolve_after ends it', { ruling: { ...ruling, resolve_at: at } }],
  [
    'after a week a payment is closed without telling anybody',
    { kind: 'payment', joined_at: '2026-02-22T13:00:00.000Z' },
  ],
] as const)('an alert waits because %s', (because, member) => {
  expect(whyItWakes(anAlert({ wake_at: at, members: [aMember(member)] }))).toBe(because);
});

it('what waits to be sent may be stopped by a silence that begins', () => {
  const waiting = anAlert({ wake_at: at, members: [aMember()], deliveries: [aDelivery()] });
  expect(whyItWakes(waiting)).toMatch(/, or a silence begins that stops it$/);
});

it('what waits for nothing, or for a notification that was accepted since, has no reason', () => {
  expect(whyItWakes(anAlert())).toBe(null);
  const accepted = aDelivery({ status: 'delivered', next_attempt_at: null });
  expect(whyItWakes(anAlert({ wake_at: at, members: [aMember()], deliveries: [accepted] }))).toBe(null);
});

it('an alert that eases, or was opened again twice, says so', () => {
  expect(whyItWakes(anAlert({ wake_at: at, eased_since: '2026-03-01T12:30:00.000Z' }))).toMatch(/less serious/);
  expect(whyItWakes(anAlert({ wake_at: at, well_since: '2026-03-01T12:45:00.000Z' }))).toMatch(/opened again twice/);
});
