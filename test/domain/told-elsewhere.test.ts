// What was told to a key or an address that is not configured any more.
import { expect, it } from 'vitest';
import { toldElsewhere } from '../../src/domain/told-elsewhere.ts';
import { aDelivery, anAlert } from '../support/builders.ts';
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
