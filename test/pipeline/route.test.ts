import { expect, it } from 'vitest';
import type { Policy } from '../../src/domain/ruling.ts';
import { createRoute } from '../../src/pipeline/route.ts';
import { anAlert, aRecord, aSighting } from '../support/builders.ts';
import { aDraft, aSnapshot } from '../support/draft.ts';
import { aDestination, aPolicy } from '../support/world.ts';

const id = 'acme_status:incident:1';
const at = '2026-03-01T12:00:00.000Z';

const route = (policy: Policy = aPolicy()) => {
  const broken: unknown[] = [];
  const stage = createRoute(
    () => policy,
    (_draft, error) => broken.push(error),
  );
  return { stage, broken };
};

it('the decision is in the draft: the event, its alert, what waits, and why', () => {
  const { stage } = route();
  const draft = stage.run(aDraft({ event: aRecord(), change: 'stored' }));
  const reason = 'Sent: critical events are always sent.';
  expect(draft).toMatchObject({
    routed: true,
    reason,
    event: { alert_id: id, routed: true, routing_reason: reason, alerts_opened: 1 },
    alerts: [{ alert: { alert_id: id, deliveries: [{ action: 'trigger', status: 'pending', created_at: at }] } }],
  });
  expect(draft.eventHistory).toEqual([
    { at, change: 'routing_decided', request_id: 'req-1', reason, fields: { routed: { old: false, new: true } } },
  ]);
});

it('the decision to send an event nowhere is kept too', () => {
  const draft = route().stage.run(aDraft({ event: aRecord({ severity: 'info' }), change: 'stored' }));
  expect(draft).toMatchObject({ routed: false, reason: 'Not sent: info events are never sent.', alerts: [] });
  expect(draft.event?.alert_id).toBeNull();
});

it('a draft without an event is left as it is', () => {
  const draft = aDraft();
  expect(route().stage.run(draft)).toBe(draft);
});

it('the first look at a status page is taken from the sighting', () => {
  const draft = aDraft({ event: aRecord(), change: 'stored', observation: aSighting({}, { firstLook: true }) });
  expect(route().stage.run(draft).alerts[0]?.alert.first_look).toBe(true);
});

it('what was missed and is over is not told', () => {
  const event = aRecord({ resolved_at: at });
  const observation = aSighting({ resolved_at: at }, { missed: 'over' });
  const { reason } = route().stage.run(aDraft({ event, change: 'stored', observation }));
  expect(reason).toBe('Not sent: over before we knew.');
});

it('a decision stands behind what was known of the event, with the severity that it has changed', () => {
  const policy = aPolicy();
  const row = { name: 'row', place: 'rules.yaml:2', matches: () => true, is: 'info' } as const;
  const rated = { ...policy, rules: { ...policy.rules, severity: [row] } };
  const stored = { at, change: 'stored', request_id: 'req-0' } as const;
  const observation = { type: 'reconsideration', eventId: id, scope: 'acme_status' } as const;
  const given = aDraft({
    observation,
    event: aRecord({ severity: 'warning' }),
    change: 'updated',
    eventHistory: [stored],
  });
  const draft = route(rated).stage.run(given);
  expect(draft).toMatchObject({ event: { event: { severity: 'info' } }, alerts: [] });
  expect(draft.eventHistory).toMatchObject([
    stored,
    { fields: { routed: { old: false, new: false }, severity: { old: 'warning', new: 'info' } } },
  ]);
});

it('new rules that change nothing of an event leave no decision behind', () => {
  const observation = { type: 'reconsideration', eventId: id, scope: 'acme_status' } as const;
  const unsent = route().stage.run(aDraft({ observation, event: aRecord({ severity: 'info' }), change: 'updated' }));
  expect(unsent).toMatchObject({ stopped: 'ignored', eventHistory: [], alerts: [] });
  const sent = route().stage.run(aDraft({ observation, event: aRecord(), change: 'updated' }));
  expect(sent).toMatchObject({ routed: true, eventHistory: [{ change: 'routing_decided' }] });
  expect(sent.stopped).toBeUndefined();
});

const fault = new Error('a rule that throws');
const throwing = (destinations: Policy['destinations']): Policy => {
  const policy = aPolicy({ destinations });
  const matches = () => {
    throw fault;
  };
  return { ...policy, rules: { ...policy.rules, routes: policy.rules.routes.map((each) => ({ ...each, matches })) } };
};

it('when the rules throw, the environment decides for the destinations that reach people, and the reason names the fault', () => {
  const people = aDestination();
  const mock = aDestination({ name: 'mock', reachesPeople: false });
  const { stage, broken } = route(throwing([mock, people]));
  const draft = stage.run(
    aDraft({ event: aRecord(), change: 'stored', snapshot: aSnapshot({ alerts: [anAlert({ alert_id: 'other' })] }) }),
  );
  expect(broken).toEqual([fault]);
  expect(draft.alerts.map(({ alert }) => alert.alert_id)).toEqual([id]);
  expect(draft.alerts[0]?.alert.deliveries.map(({ destination }) => destination)).toEqual(['pagerduty']);
  expect(draft.reason).toBe(
    'Sent: critical events are always sent; the rules could not be applied (a rule that throws).',
  );
});

it('when the rules throw, an event that ends still ends its alert, and who was told of it is told of the end', () => {
  const { stage, broken } = route(throwing([aDestination()]));
  const told = route().stage.run(aDraft({ event: aRecord(), change: 'stored' }));
  const event = { ...(told.event ?? aRecord()), event: aRecord({ resolved_at: at }).event };
  const alerts = told.alerts.map(({ alert }) => ({
    ...alert,
    deliveries: alert.deliveries.map((each) => ({ ...each, status: 'delivered' as const })),
  }));
  const draft = stage.run(aDraft({ event, change: 'resolved', snapshot: aSnapshot({ alerts }) }));
  expect(broken).toEqual([fault]);
  expect(draft.alerts).toMatchObject([
    { alert: { alert_id: id, state: 'resolved', deliveries: [{ action: 'trigger' }, { action: 'resolve' }] } },
  ]);
});

it('an alert that breaks a decision is left out of it', () => {
  const { stage, broken } = route();
  const alert = {
    ...anAlert(),
    get members(): never {
      throw fault;
    },
  };
  const event = aRecord({}, { alert_id: id, alerts_opened: 1 });
  const draft = stage.run(aDraft({ event, change: 'updated', snapshot: aSnapshot({ alerts: [alert] }) }));
  expect(broken).toEqual([fault]);
  expect(draft.alerts.map((each) => each.alert.alert_id)).toEqual([`${id}#2`]);
});

it('where nobody can be reached, a fault of the rules is told to the mock', () => {
  const { stage } = route(throwing([aDestination({ name: 'mock', reachesPeople: false })]));
  const draft = stage.run(aDraft({ event: aRecord(), change: 'stored' }));
  expect(draft.alerts[0]?.alert.deliveries.map(({ destination }) => destination)).toEqual(['mock']);
});
