// An alert that is looked at again, because its time has come or the rules are new.
import { expect, it } from 'vitest';
import { decideAlert } from '../../src/domain/decide-alert.ts';
import type { DestinationTraits } from '../../src/domain/destination-traits.ts';
import type { Severity } from '../../src/domain/event.ts';
import type { Policy } from '../../src/domain/ruling.ts';
import { aDelivery, aMember, anAlert, aRecord } from '../support/builders.ts';
import { aDestination, aPolicy } from '../support/world.ts';

const moment = { nowMs: Date.parse('2026-03-01T12:00:00Z'), requestId: 'req' };
const ended = { ended_at: '2026-03-01T11:50:00.000Z' };

const rating = (is: Severity, more: Partial<Policy> = {}): Policy => {
  const policy = aPolicy(more);
  return {
    ...policy,
    rules: { ...policy.rules, severity: [{ name: 'row', place: 'rules.yaml:2', matches: () => true, is }] },
  };
};

it('new rules change the severity of an event, unless another replica has newer ones', () => {
  const input = { ...moment, alert: anAlert(), members: [aRecord()], cause: 'rules' } as const;
  const changed = decideAlert({ ...input, policy: rating('warning') });
  expect(changed.events).toMatchObject([{ event: { severity: 'warning' } }]);
  expect(changed.history).toContainEqual(
    expect.objectContaining({ reason: 'new rules', fields: { severity: { old: 'critical', new: 'warning' } } }),
  );
  const outdated = decideAlert({ ...input, policy: rating('warning', { isOutdated: true }) });
  expect(outdated.events.map(({ event }) => event.severity)).not.toContain('warning');
  expect(outdated.history.map(({ reason }) => reason)).not.toContain('new rules');
});

it('an event that the alert does not hold is left as it is', () => {
  const other = aRecord({ event_id: 'acme_status:incident:2' });
  const { events } = decideAlert({ ...moment, policy: aPolicy(), alert: anAlert(), members: [other], cause: 'rules' });
  expect(events).toEqual([]);
});

it('an alert of which no event is left has ended, and nobody is told what it was about', () => {
  const alert = anAlert({ members: [], deliveries: [aDelivery({ status: 'delivered', next_attempt_at: null })] });
  const decided = decideAlert({ ...moment, policy: aPolicy(), alert, members: [], cause: 'time' });
  expect(decided.alert.state).toBe('resolved');
  expect(decided.alert.deliveries).toEqual(alert.deliveries);
});

/** Told through a destination; the ids under which it is told the end, by what is configured now. */
const endsOfFirstLook = (destinations: readonly DestinationTraits[]): readonly string[] => {
  const { target } = aDestination();
  const alert = anAlert({
    alert_id: 'a',
    first_look: true,
    members: ['b', 'a', 'c'].map((id) => aMember({ event_id: id, ...ended })),
    deliveries: [aDelivery({ target, alert_id: 'a', event_id: 'b', status: 'delivered', next_attempt_at: null })],
  });
  const policy = aPolicy({ forgetsOnRestart: true, destinations });
  const decided = decideAlert({ ...moment, policy, alert, members: [], cause: 'time' });
  const ends = decided.alert.deliveries.filter(({ action }) => action === 'resolve');
  return ends.map(({ key, alert_id: alertId }) => key ?? alertId);
};

it('the end of a first look is told once under the id of the alert, and under each other id', () => {
  expect(endsOfFirstLook([aDestination({ hasKeys: true })])).toEqual(['a', 'c']);
});

it('the end of a first look is told once where messages have no key, and where that is not known any more', () => {
  expect(endsOfFirstLook([aDestination({ hasKeys: false })])).toEqual(['a']);
  expect(endsOfFirstLook([])).toEqual(['a']);
});
