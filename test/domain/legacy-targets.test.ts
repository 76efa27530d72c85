import { expect, it } from 'vitest';
import { decideAlert } from '../../src/domain/decide-alert.ts';
import { withTodaysTargets } from '../../src/domain/legacy-targets.ts';
import { aDelivery, aMember, anAlert, aRecord } from '../support/builders.ts';
import { aDestination, aPolicy } from '../support/world.ts';

const toldBefore = (overrides: Parameters<typeof aDelivery>[0] = {}) =>
  aDelivery({ target: 'legacy:people', status: 'delivered', next_attempt_at: null, ...overrides });

it.each([
  ['of its name', 'pagerduty', [aDestination(), aDestination({ name: 'other' })], 'target-of-pagerduty'],
  ['that is the only one for people', 'pagerduty', [aDestination({ name: 'oncall' })], 'target-of-oncall'],
  ['of none, where several could be meant', 'gone', [aDestination(), aDestination({ name: 'b' })], 'legacy:people'],
  ['of none, where only a mock is there', 'pagerduty', [aDestination({ reachesPeople: false })], 'legacy:people'],
])(
  'a delivery of the version before becomes one of the destination %s',
  (_which, destination, destinations, target) => {
    const alert = anAlert({ deliveries: [toldBefore({ destination })] });
    expect(withTodaysTargets(alert, destinations).deliveries.map((each) => each.target)).toEqual([target]);
  },
);

it('a delivery of today keeps its target beside one of the version before', () => {
  const alert = anAlert({ deliveries: [toldBefore(), aDelivery({ destination: 'other', ordinal: 1 })] });
  const today = withTodaysTargets(alert, [aDestination(), aDestination({ name: 'third' })]);
  expect(today.deliveries.map(({ target }) => target)).toEqual(['target-of-pagerduty', 'target-of-other']);
});

it('an alert that was told by the version before is told to nobody anew, and its end to whom it was told', () => {
  const ruling = { ...aMember().ruling, send: ['pagerduty'] };
  const alert = anAlert({ members: [aMember({ ruling })], deliveries: [toldBefore()] });
  const moment = { policy: aPolicy(), nowMs: Date.parse('2026-03-01T12:00:00Z'), requestId: 'req' };
  const open = decideAlert({ ...moment, alert, members: [aRecord()], endings: [], cause: 'rules' });
  expect(open.alert.deliveries.map(({ action }) => action)).toEqual(['trigger']);
  const ended = { ...open.alert, members: open.alert.members.map((each) => ({ ...each, ended_at: each.started_at })) };
  const over = decideAlert({ ...moment, alert: ended, members: [], endings: [], cause: 'time' });
  expect(over.alert.deliveries.map(({ action, target }) => `${action} ${target}`)).toEqual([
    'trigger target-of-pagerduty',
    'resolve target-of-pagerduty',
  ]);
});
