import { expect, it } from 'vitest';
import { factNames } from '../../src/domain/facts.ts';
import { eventIdOf, factPlaces, parseEvent, toEventBody } from '../../src/stores/event-body.ts';
import { toEventColumns } from '../../src/stores/rows.ts';
import { at, hardText, record } from '../contract/event-store/setup.ts';
import { aRecord } from '../support/builders.ts';

const ofStripe = { source: 'stripe', kind: 'payment', service: 'stripe' } as const;
const failed = { type: 'payment_intent.payment_failed', object: 'payment_intent', object_id: 'pi_1' };

/** As the adapter makes it, and as nothing else was decided of it. */
const declined = aRecord(
  { ...ofStripe, event_id: 'evt_1', description: 'Declined.' },
  {
    facts: { ...failed, account: 'acct_1' },
    scope: 'stripe:acct_1:pi_1',
    traits: { item: 'payment', name: failed.type, components: [], group: null, pageSize: 0 },
    routing_reason: 'Not sent.',
  },
);

const unusual = aRecord(
  { summary: hardText, description: 'why', resolved_at: at(1) },
  {
    facts: { components: [hardText], amount: 0, livemode: false },
    subject: 'another',
    scope: 'a scope',
    traits: { item: 'component', name: hardText, components: ['c'], group: 'g', pageSize: 7 },
    vendor_updated_at: at(2),
    test_mode: true,
    closed_by_hand: 'info',
    incident_severity: 'warning',
    named_components: [{ component: 'c', group: null }, { component: 'd' }],
    ends_types: [],
    alert_id: 'a',
    alert_scope: 'another scope',
    recovered_at: at(3),
    alert_is_open: true,
    alerts_opened: 2,
    routed: true,
    routing_reason: '',
    last_seen_at: at(4),
    seen_count: 3,
  },
);

it.each([
  ['in which nothing is usual', unusual],
  ['of a payment that was declined', declined],
  ['of a payment without an account', { ...declined, facts: failed, scope: 'stripe::pi_1' }],
  ['of a payment that has no object', aRecord({ kind: 'payment' })],
  [
    'of a payment that is no payment',
    { ...declined, traits: { ...declined.traits, item: 'rate', name: null } } as const,
  ],
  ['of an outage', record('acme_status:incident:1', 1)],
  ['that ended, and never was described', aRecord({ resolved_at: at(1), description: null })],
])('a record %s comes back from its row as it was', (_which, kept) => {
  expect(parseEvent(toEventColumns(kept), toEventBody(kept))).toEqual(kept);
  expect(eventIdOf(toEventBody(kept))).toBe(kept.event.event_id);
});

it('what is usual, or follows from the rest, takes no room', () => {
  expect(JSON.parse(toEventBody(declined))).toEqual({
    v: 3,
    event: [
      'evt_1',
      'stripe',
      'payment',
      'critical',
      'stripe',
      'Payments are down',
      '2026-03-01T11:00:00.000Z',
      'Declined.',
    ],
    facts: [failed.type, 'payment_intent', 'pi_1', null, null, 'acct_1'],
    routing_reason: 'Not sent.',
    request_id: 'req-first',
  });
});

it('every fact has one place, and those of the first body have theirs for ever', () => {
  expect(factPlaces.toSorted()).toEqual(factNames.toSorted());
  expect(factPlaces.slice(0, 11)).toEqual([
    'type',
    'object',
    'object_id',
    'amount',
    'currency',
    'account',
    'livemode',
    'failure_code',
    'decline_code',
    'url',
    'reason',
  ]);
});

/** Copied from a file that version 2 wrote; the first as most had it, the second with all that there was. */
const bodiesOfVersion2 = [
  `{"record_version":2,"event":{"event_id":"evt_1","source":"stripe","kind":"payment","severity":"critical","service":"stripe",
    "summary":"Payments are down","started_at":"2026-03-01T11:00:00.000Z"},"facts":{},"traits":{"item":"payment"},
    "request_id":"req-first"}`,
  `{"record_version":2,"event":{"event_id":"acme_status:incident:1","source":"acme_status","kind":"incident",
    "severity":"critical","service":"acme","summary":"Payments are down","description":"why",
    "started_at":"2026-03-01T11:00:00.000Z","resolved_at":"2026-03-01T12:01:00.000Z"},"facts":{"components":["c"]},
    "subject":"another","scope":"acme_status","traits":{"item":"component","name":"n","components":["c"],"group":"g",
    "pageSize":7},"vendor_updated_at":"2026-03-01T12:02:00.000Z","test_mode":true,"closed_by_hand":"info",
    "alert_id":"a","alerts_opened":1,"routed":true,"routing_reason":"Sent.","request_id":"req-first"}`,
];

it('a body of version 2 is read as it was meant', () => {
  const columns = toEventColumns(aRecord());
  const [first = '', second = ''] = bodiesOfVersion2;
  expect(parseEvent(columns, first)).toEqual(aRecord({ ...ofStripe, event_id: 'evt_1' }));
  expect(parseEvent(columns, second)).toEqual(
    aRecord(
      { description: 'why', resolved_at: at(1) },
      {
        facts: { components: ['c'] },
        subject: 'another',
        scope: 'acme_status',
        traits: { item: 'component', name: 'n', components: ['c'], group: 'g', pageSize: 7 },
        vendor_updated_at: at(2),
        test_mode: true,
        closed_by_hand: 'info',
        alert_id: 'a',
        alerts_opened: 1,
        routed: true,
        routing_reason: 'Sent.',
      },
    ),
  );
  expect(bodiesOfVersion2.map(eventIdOf)).toEqual(['evt_1', 'acme_status:incident:1']);
});

it('what was counted since the body was written comes from its columns', () => {
  const counted = { seen_count: 9, last_seen_at: at(9), alert_is_open: true };
  expect(parseEvent({ ...toEventColumns(aRecord()), ...counted }, toEventBody(aRecord()))).toEqual(
    aRecord({}, counted),
  );
});

it.each(['{}', '{"v":4}', '{"v":3}', '{"v":3,"event":["a"]}', '{"record_version":2,"event":{}}', 'null', '[]'])(
  'a body that is of no version is refused: %s',
  (body) => {
    expect(() => parseEvent(toEventColumns(aRecord()), body)).toThrow();
  },
);
