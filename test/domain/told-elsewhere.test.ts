// What was told to a key or an address that is not configured any more.
import { expect, it } from 'vitest';
import { isOfTrial, toldElsewhere, toldToNobody } from '../../src/domain/told-elsewhere.ts';
import { aDelivery, aMember, anAlert } from '../support/builders.ts';
import { aDestination } from '../support/world.ts';

const sent = { destination: 'oncall', target: 'old key', status: 'delivered', next_attempt_at: null } as const;
const configured = [aDestination({ name: 'oncall', target: 'new key' })];
const namesOf = (alert: ReturnType<typeof anAlert>) => [...toldElsewhere([alert], configured).keys()];

it('an alert that was told under the former key is named once, by the name that the destination had', () => {
  const deliveries = [aDelivery(sent), aDelivery({ ...sent, action: 'update', ordinal: 2 })];
  expect([...toldElsewhere([anAlert({ deliveries })], configured)]).toMatchObject([
    ['oncall', [{ alert_id: anAlert().alert_id }]],
  ]);
});

it.each([
  ['was told under the present key', [aDelivery({ ...sent, target: 'new key' })]],
  ['was told to nobody', []],
  ['was told to the mock alone', [aDelivery({ ...sent, reaches_people: false })]],
  ['was refused there', [aDelivery({ ...sent, status: 'failed' })]],
  ['has been closed there', [aDelivery(sent), aDelivery({ ...sent, action: 'resolve', ordinal: 2 })]],
])('not one that %s', (_what, deliveries) => {
  expect(namesOf(anAlert({ deliveries }))).toEqual([]);
});

const toMock = aDelivery({ ...sent, target: 'mock:1', reaches_people: false });
const toNobody = aDelivery({ ...sent, target: 'webhook:1', reaches_people: false });
const payments = [aMember({ kind: 'payment', item: 'payment' })];

it.each([
  ['an outage that the mock alone was told', [toMock], undefined, true, false],
  ['payments that the mock alone was told', [toMock], payments, false, true],
  ['payments that the mock refused', [{ ...toMock, status: 'failed' }], payments, false, true],
  ['payments and an outage', [toMock], [...payments, aMember({ event_id: 'b' })], true, false],
  ['payments that another destination was told, which reaches nobody', [toNobody], payments, true, false],
  ['payments that people were told too', [toMock, aDelivery(sent)], payments, false, false],
  [
    'payments of which people may have been told',
    [toMock, aDelivery({ ...sent, status: 'failed', may_have_arrived: true })],
    payments,
    false,
    false,
  ],
  [
    'payments of which people should have been told since, who refused it',
    [toMock, aDelivery({ ...sent, status: 'failed' })],
    payments,
    true,
    false,
  ],
  ['an outage that people refused', [toMock, aDelivery({ ...sent, status: 'failed' })], undefined, true, false],
  ['an outage that nobody was to be told', [], undefined, false, false],
] as const)('%s: %#', (_what, deliveries, members, isToldNow, isTrial) => {
  const alert = anAlert({ deliveries, ...(members && { members }) });
  expect(toldToNobody([alert], configured)).toEqual(isToldNow ? [alert] : []);
  expect(isOfTrial(alert, configured)).toBe(isTrial);
  // As long as there is only a mock, it goes on hearing of all.
  const onlyMock = [aDestination({ reachesPeople: false })];
  expect([toldToNobody([alert], onlyMock), isOfTrial(alert, onlyMock)]).toEqual([[], false]);
});

it.each([
  ['was refused', { status: 'failed' }, true],
  ['was called off', { status: 'superseded' }, false],
  ['was refused before it opened again', { status: 'failed', cycle: 0 }, false],
  ['was refused under the present key', { status: 'failed', target: 'new key' }, false],
  ['was refused by the mock', { status: 'failed', reaches_people: false }, false],
] as const)('what %s under the former key, and nobody has been told: %#', (_what, parts, isToldNow) => {
  const alert = anAlert({ deliveries: [aDelivery({ ...sent, ...parts })] });
  expect(toldToNobody([alert], configured)).toEqual(isToldNow ? [alert] : []);
});

it('an outage that people were told before it opened again, and since then only the mock', () => {
  const deliveries = [aDelivery(sent), aDelivery({ ...sent, action: 'resolve', ordinal: 2 }), { ...toMock, cycle: 2 }];
  const alert = anAlert({ deliveries, cycle: 2 });
  expect(toldToNobody([alert], configured)).toEqual([alert]);
});
