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
  const input = { ...moment, alert: anAlert(), members: [aRecord()], endings: [], cause: 'rules' } as const;
  const changed = decideAlert({ ...input, policy: rating('warning') });
  expect(changed.events).toMatchObject([{ event: { severity: 'warning' } }]);
  expect(changed.history[0]).toEqual({
    at: '2026-03-01T12:00:00.000Z',
    change: 'updated',
    request_id: 'req',
    event_id: 'acme_status:incident:1',
    reason: 'new rules',
    fields: { severity: { old: 'critical', new: 'warning' } },
  });
  const outdated = decideAlert({ ...input, policy: rating('warning', { isOutdated: true }) });
  expect(outdated.events.map(({ event }) => event.severity)).not.toContain('warning');
  expect(outdated.history.map(({ reason }) => reason)).not.toContain('new rules');
});

it('an event that the alert does not hold is left as it is', () => {
  const other = aRecord({ event_id: 'acme_status:incident:2' });
  const { events } = decideAlert({
    ...moment,
    policy: aPolicy(),
    alert: anAlert(),
    members: [other],
    endings: [],
    cause: 'rules',
  });
  expect(events).toEqual([]);
});

it('an alert of which no event is left has ended, and nobody is told what it was about', () => {
  const alert = anAlert({ members: [], deliveries: [aDelivery({ status: 'delivered', next_attempt_at: null })] });
  const decided = decideAlert({ ...moment, policy: aPolicy(), alert, members: [], endings: [], cause: 'time' });
  expect(decided.alert.state).toBe('resolved');
  expect(decided.alert.deliveries).toEqual(alert.deliveries);
});

it('an event that new rules rate as less serious leaves its alert open, for no vendor has said so', () => {
  const told = aDelivery({ status: 'delivered', next_attempt_at: null });
  const input = {
    ...moment,
    alert: anAlert({ deliveries: [told] }),
    members: [aRecord()],
    endings: [],
    cause: 'rules',
  } as const;
  expect(decideAlert({ ...input, policy: rating('warning') }).alert).toMatchObject({
    state: 'open',
    eased_since: null,
  });
});

it('an event that is looked at again stays what it was in its alert', () => {
  const since = '2026-03-01T09:00:00.000Z';
  const alert = anAlert({ members: [aMember(), aMember({ event_id: '2', joined_at: since, attracts: false })] });
  const members = [aRecord(), aRecord({ event_id: '2' })];
  const { alert: after } = decideAlert({ ...moment, policy: aPolicy(), alert, members, endings: [], cause: 'rules' });
  expect(after.members[1]).toMatchObject({ joined_at: since, attracts: false });
});

it('an event was sent if a trigger or an update carried it, even if none is known of any more', () => {
  const told = aDelivery({ status: 'delivered', next_attempt_at: null });
  const about = { event_id: '2', event_ids: ['2'] };
  const end = aDelivery({ action: 'resolve', ordinal: 1, ...about, destination: 'other' });
  const ids = ['acme_status:incident:1', '2', '3'];
  const alert = anAlert({ members: ids.map((id) => aMember({ event_id: id })), deliveries: [told, end] });
  const members = ids.map((id) => aRecord({ event_id: id }, { routed: id === '3' }));
  const { events } = decideAlert({
    ...moment,
    policy: aPolicy({ destinations: [] }),
    alert,
    members,
    endings: [],
    cause: 'time',
  });
  expect(events.map(({ event, routed }) => [event.event_id, routed])).toEqual([
    ['acme_status:incident:1', true],
    ['2', false],
    ['3', true],
  ]);
});

it('an alert that has eased stays so under new rules that send nothing of what is left', () => {
  const alert = anAlert({ state: 'resolved', resolved_at: '2026-03-01T11:59:00.000Z' });
  const members = [aRecord({ severity: 'warning' })];
  const decided = decideAlert({ ...moment, policy: aPolicy(), alert, members, endings: [], cause: 'rules' });
  expect(decided.alert).toMatchObject({ state: 'resolved', cycle: 1 });
  expect(decided.history).toEqual([]);
});

/** Told through a destination; the ids under which it is told the end, by what is configured now. */
const endsOfFirstLook = (
  destinations: readonly DestinationTraits[],
  more: { readonly first_look?: boolean; readonly forgetsOnRestart?: boolean; readonly reaches_people?: boolean } = {},
): readonly string[] => {
  const { target } = aDestination();
  const { first_look = true, forgetsOnRestart = true, reaches_people = true } = more;
  const told = { alert_id: 'a', event_id: 'b', status: 'delivered', next_attempt_at: null } as const;
  const alert = anAlert({
    alert_id: 'a',
    first_look,
    members: ['b', 'a', 'c'].map((id) => aMember({ event_id: id, ...ended })),
    deliveries: [aDelivery({ target, reaches_people, ...told })],
  });
  const policy = aPolicy({ forgetsOnRestart, destinations });
  const decided = decideAlert({ ...moment, policy, alert, members: [], endings: [], cause: 'time' });
  const ends = decided.alert.deliveries.filter(({ action }) => action === 'resolve');
  expect(ends[0]).toMatchObject({ event_id: 'b', severity: 'critical', reaches_people });
  return ends.map(({ key, alert_id: alertId }) => key ?? alertId);
};

it('the end of a first look is told once under the id of the alert, and under each other id', () => {
  expect(endsOfFirstLook([aDestination({ hasKeys: true })])).toEqual(['a', 'c']);
});

it.each([
  ['of another alert', { first_look: false }],
  ['where a restart forgets nothing', { forgetsOnRestart: false }],
  ['where it reaches nobody', { reaches_people: false }],
])('the end %s is told under the id of the alert alone', (_which, more) => {
  expect(endsOfFirstLook([aDestination({ hasKeys: true })], more)).toEqual(['a']);
});

it('the end of a first look is told once where messages have no key, and where that is not known any more', () => {
  const other = aDestination({ name: 'other', hasKeys: true });
  expect(endsOfFirstLook([aDestination({ hasKeys: false }), other])).toEqual(['a']);
  expect(endsOfFirstLook([])).toEqual(['a']);
});

it('good news that was stored before ends the payments of its own object, and no others of the alert', () => {
  const payment = { kind: 'payment', source: 'stripe', started_at: '2026-03-01T11:00:00.000Z' } as const;
  const traits = { item: 'payment', name: 'payout.failed', components: [], group: null, pageSize: 0 } as const;
  const own = aRecord({ ...payment, event_id: 'evt_1' }, { scope: 'stripe::po_1', traits });
  const guest = aRecord({ ...payment, event_id: 'evt_2' }, { scope: 'stripe::po_2', traits });
  const paid = aRecord(
    { ...payment, event_id: 'evt_3', started_at: '2026-03-01T11:10:00.000Z' },
    { scope: 'stripe::po_1', ends_types: ['payout.failed'] },
  );
  const members = [own, guest].map(({ event }) => aMember({ event_id: event.event_id, kind: 'payment' }));
  const deliveries = [aDelivery({ status: 'delivered', next_attempt_at: null })];
  const alert = anAlert({ alert_id: 'evt_1', scope: 'stripe::po_1', members, deliveries });
  const input = { ...moment, policy: aPolicy(), alert, endings: [paid], cause: 'time' } as const;
  const { alert: after, history } = decideAlert({ ...input, members: [own, guest] });
  expect(after.members.map(({ ended_at: end }) => end)).toEqual(['2026-03-01T12:00:00.000Z', null]);
  expect(after.state).toBe('open');
  expect(history[0]).toMatchObject({ change: 'resolved', event_id: 'evt_1' });

  const alone = decideAlert({ ...input, alert: { ...alert, members: members.slice(0, 1) }, members: [own] });
  expect(alone.alert.state).toBe('resolved');
  expect(alone.alert.deliveries.map(({ action }) => action)).toEqual(['trigger', 'resolve']);
});
