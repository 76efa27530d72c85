import { expect, it } from 'vitest';
import type { Severity, UnifiedEvent } from '../../src/domain/event.ts';
import type { Found, StoredEvent } from '../../src/domain/event-record.ts';
import type { Facts } from '../../src/domain/facts.ts';
import { applyObservation } from '../../src/domain/lifecycle.ts';
import type { Observation, Sighting } from '../../src/domain/observation.ts';
import { isOnlySighting } from '../../src/stores/change-feed.ts';
import { aManualResolve, anAbsence, anEvent, aRecord, aSighting } from '../support/builders.ts';

const at = '2026-03-01T12:00:00.000Z';
const early = '2026-03-01T11:10:00.000Z';
const middle = '2026-03-01T11:20:00.000Z';
const late = '2026-03-01T11:40:00.000Z';

const applied = (found: Found, observation: Observation) =>
  applyObservation(found, observation, Date.parse(at), 'req-2');

/** The event as it is kept: without the vendor's object. */
const storedEvent = (event: Partial<UnifiedEvent> = {}): StoredEvent => {
  const { raw: _raw, ...rest } = anEvent(event);
  return rest;
};
/** The verdict on a sighting, with what it makes of the event where it changes it. */
const verdictOn = (found: Found, observation: Observation): string => {
  const result = applied(found, observation);
  return 'change' in result ? `${result.verdict} ${result.change}` : result.verdict;
};
/** The event as the result leaves it, and its history entry. */
const changeOf = (found: Found, observation: Observation) => {
  const result = applied(found, observation);
  return 'change' in result ? result : undefined;
};

it('an event seen for the first time is new, and belongs to no alert yet', () => {
  const seen = aSighting({}, { subject: 'acme_status:component:1', vendorUpdatedAt: early, testMode: true });
  expect(applied(undefined, seen)).toEqual({
    verdict: 'new',
    change: 'stored',
    record: {
      event: storedEvent(),
      facts: {},
      scope: 'acme_status',
      traits: { item: 'incident', name: null, components: [], group: null, pageSize: 0 },
      closed_by_hand: null,
      alert_id: null,
      alert_is_open: false,
      alerts_opened: 0,
      subject: 'acme_status:component:1',
      vendor_updated_at: early,
      test_mode: true,
      first_seen_at: at,
      last_seen_at: at,
      seen_count: 1,
      routed: false,
      routing_reason: null,
      request_id: 'req-2',
    },
    entry: { at, change: 'stored', request_id: 'req-2' },
  });
});

it('an event that is over already when it is first seen is new too', () => {
  expect(verdictOn(undefined, aSighting({ resolved_at: late }))).toBe('new stored');
});

it('an event seen again as it was only counts', () => {
  const stored = aRecord({}, { seen_count: 4, vendor_updated_at: early });
  expect(applied(stored, aSighting({}, { vendorUpdatedAt: middle }))).toEqual({
    verdict: 'duplicate',
    record: { ...stored, last_seen_at: at, seen_count: 5, vendor_updated_at: middle },
  });
});

it("a sighting without the vendor's own time leaves the one that is known", () => {
  const result = applied(aRecord({}, { vendor_updated_at: early }), aSighting());
  expect(result).toMatchObject({ verdict: 'duplicate', record: { vendor_updated_at: early } });
});

it('another raw payload alone is no change', () => {
  expect(verdictOn(aRecord(), aSighting({ raw: { id: '1', new: true } }))).toBe('duplicate');
});

it('an id whose event was dropped is still a duplicate, of which nothing is kept', () => {
  expect(applied('expired', aSighting())).toEqual({ verdict: 'duplicate' });
});

it('a fact never changes, even if something else is sent under its id', () => {
  const stored = aRecord({ source: 'stripe', kind: 'payment' });
  const seen = aSighting(
    { source: 'stripe', kind: 'payment', severity: 'info', summary: 'other' },
    { revisable: false },
  );
  expect(applied(stored, seen)).toEqual({
    verdict: 'duplicate',
    record: { ...stored, last_seen_at: at, seen_count: 2 },
  });
});

it.each<[keyof UnifiedEvent, Partial<UnifiedEvent>]>([
  ['severity', { severity: 'warning' }],
  ['service', { service: 'acme checkout' }],
  ['summary', { summary: 'Payments are slow' }],
  ['description', { description: 'We are looking into it' }],
])('an open event seen with another %s is updated in place, and the change is kept', (field, change) => {
  const stored = aRecord({}, { seen_count: 2, vendor_updated_at: early });
  const raw = { id: '1', changed: true };
  expect(applied(stored, aSighting({ ...change, raw }, { vendorUpdatedAt: middle }))).toEqual({
    verdict: 'changed',
    change: 'updated',
    record: {
      ...stored,
      event: storedEvent(change),
      vendor_updated_at: middle,
      last_seen_at: at,
      seen_count: 3,
      request_id: 'req-2',
    },
    entry: {
      at,
      change: 'updated',
      request_id: 'req-2',
      fields: { [field]: { old: anEvent()[field], new: change[field] } },
    },
  });
});

it('all fields that changed at once are kept in one entry', () => {
  const change = changeOf(aRecord(), aSighting({ severity: 'info', summary: 'Over', resolved_at: late }));
  expect(change?.entry).toEqual({
    at,
    change: 'resolved',
    request_id: 'req-2',
    fields: {
      severity: { old: 'critical', new: 'info' },
      summary: { old: 'Payments are down', new: 'Over' },
      resolved_at: { old: null, new: late },
    },
  });
});

it('an event keeps its id and its start, even if a later sighting gives others', () => {
  const seen = aSighting({ event_id: 'other', started_at: early, severity: 'info' });
  expect(changeOf(aRecord(), seen)?.record.event).toEqual(storedEvent({ severity: 'info' }));
});

it('an event keeps the moment in which it was first seen', () => {
  expect(changeOf(aRecord(), aSighting({ severity: 'info' }))?.record.first_seen_at).toBe('2026-03-01T11:30:00.000Z');
});

it.each<[string, string | null, string | null, string]>([
  ['older than the one stored is an old copy, and changes nothing', middle, early, 'older'],
  ['equal to the one stored may carry a change', middle, middle, 'changed updated'],
  ['newer than the one stored carries a change', middle, late, 'changed updated'],
  ['unknown carries a change', middle, null, 'changed updated'],
  ['given for the first time carries a change', null, early, 'changed updated'],
])("a sighting whose vendor's time is %s", (_rule, stored, vendorUpdatedAt, verdict) => {
  const found = aRecord({}, { vendor_updated_at: stored });
  expect(verdictOn(found, aSighting({ summary: 'changed' }, { vendorUpdatedAt }))).toBe(verdict);
});

it('an old copy does not open again what is over', () => {
  const found = aRecord({ resolved_at: late }, { vendor_updated_at: late });
  expect(applied(found, aSighting({}, { vendorUpdatedAt: middle }))).toEqual({ verdict: 'older' });
});

it.each<[string, string | null, string | null, boolean, string, string | null]>([
  ['open and seen open stays open', null, null, false, 'duplicate', null],
  ['open and seen resolved is resolved', null, late, true, 'changed resolved', late],
  ['open and seen resolved, with a time of ours, is resolved', null, late, false, 'changed resolved', late],
  ['resolved and seen open is opened again', late, null, false, 'changed reopened', null],
  ['resolved and seen so again stays as it is', late, late, true, 'duplicate', late],
  ["resolved gets the vendor's time when it comes later", late, middle, true, 'changed revised', middle],
  ['resolved keeps its earlier time when ours is later', middle, late, false, 'duplicate', middle],
  ["resolved keeps the vendor's time when ours is earlier", late, middle, false, 'duplicate', late],
])('an event that is %s', (_rule, stored, resolvedAt, resolvedAtGiven, verdict, left) => {
  const found = aRecord({ resolved_at: stored });
  const seen: Sighting = aSighting({ resolved_at: resolvedAt }, { resolvedAtGiven });
  expect(verdictOn(found, seen)).toBe(verdict);
  const result = applied(found, seen);
  expect('record' in result && result.record?.event.resolved_at).toBe(left);
});

it('text that the vendor adds after the end is an update that neither opens nor closes the event', () => {
  const change = changeOf(aRecord({ resolved_at: late }), aSighting({ resolved_at: late, description: 'Postmortem' }));
  expect(change).toMatchObject({
    change: 'revised',
    record: { event: { resolved_at: late, description: 'Postmortem' } },
    entry: { change: 'updated', fields: { description: { old: null, new: 'Postmortem' } } },
  });
});

it('text that comes after an end by absence does not move that end', () => {
  const found = aRecord({ resolved_at: middle });
  const change = changeOf(found, aSighting({ resolved_at: late, description: 'Postmortem' }));
  expect(change?.change).toBe('revised');
  expect(change?.record.event.resolved_at).toBe(middle);
});

it('an open event that is gone is resolved, and the history says why', () => {
  const stored = aRecord({}, { seen_count: 2, vendor_updated_at: early });
  expect(applied(stored, anAbsence())).toEqual({
    verdict: 'changed',
    change: 'resolved',
    record: {
      ...stored,
      event: storedEvent({ resolved_at: '2026-03-01T11:45:00.000Z' }),
      request_id: 'req-2',
    },
    entry: {
      at,
      change: 'resolved',
      request_id: 'req-2',
      fields: { resolved_at: { old: null, new: '2026-03-01T11:45:00.000Z' } },
      reason: 'the status page no longer lists it as open',
    },
  });
});

it.each<[string, Found]>([
  ['unknown', undefined],
  ['expired', 'expired'],
  ['over already', aRecord({ resolved_at: middle })],
])('the end of an event that is %s means nothing', (_state, found) => {
  expect(applied(found, anAbsence())).toEqual({ verdict: 'ignored' });
});

it('an event that is gone, back and gone again goes through its whole life under one id', () => {
  let found: Found = aRecord();
  const life: string[] = [];
  for (const observation of [
    anAbsence(),
    aSighting(),
    aSighting({}, { vendorUpdatedAt: late }),
    anAbsence(),
    anAbsence(),
  ]) {
    life.push(verdictOn(found, observation));
    const result = applied(found, observation);
    if ('record' in result && result.record) found = result.record;
  }
  expect(life).toEqual(['changed resolved', 'changed reopened', 'duplicate', 'changed resolved', 'ignored']);
  expect(found).toMatchObject({ seen_count: 3, vendor_updated_at: late });
});

it.each([
  ['without a note', null, 'resolved manually'],
  ['with a note', 'The bank knows.', 'resolved manually: The bank knows.'],
])('an open event that somebody resolves %s is over now, and the history says by whom', (_how, note, reason) => {
  const stored = aRecord({ kind: 'payment' }, {});
  expect(applied(stored, aManualResolve({ note }))).toEqual({
    verdict: 'changed',
    change: 'resolved',
    record: {
      ...stored,
      event: storedEvent({ kind: 'payment', resolved_at: at }),
      closed_by_hand: 'critical',
      request_id: 'req-2',
    },
    entry: {
      at,
      change: 'resolved',
      request_id: 'req-2',
      fields: { resolved_at: { old: null, new: at }, closed_by_hand: { old: null, new: 'critical' } },
      reason,
    },
  });
});

it.each<[string, Found]>([
  ['unknown', undefined],
  ['expired', 'expired'],
  ['over already', aRecord({ resolved_at: middle })],
  ['over by hand already', aRecord({ resolved_at: middle }, { closed_by_hand: 'critical' })],
])('an event that is %s cannot be resolved by hand', (_state, found) => {
  expect(applied(found, aManualResolve())).toEqual({ verdict: 'ignored' });
});

/** An event that somebody resolved at `middle` while it was as serious as this. */
const closedAt = (severity: Severity, event: Partial<UnifiedEvent> = {}) =>
  aRecord({ severity, resolved_at: middle, ...event }, { closed_by_hand: severity });

it.each<[string, Severity, Partial<UnifiedEvent>, string]>([
  ['with nothing new', 'critical', {}, 'duplicate'],
  ['with another text', 'critical', { description: 'We go on looking' }, 'changed revised'],
  ['less serious', 'critical', { severity: 'warning' }, 'changed revised'],
  ['as serious as it was', 'warning', { severity: 'warning' }, 'duplicate'],
  ['more serious', 'warning', { severity: 'critical' }, 'changed reopened'],
  ['a little more serious', 'info', { severity: 'warning' }, 'changed reopened'],
])('an event that was resolved by hand and is still listed, %s', (_how, closed, event, verdict) => {
  const found = closedAt(closed);
  const seen = aSighting({ severity: closed, ...event });
  expect(verdictOn(found, seen)).toBe(verdict);
  const result = applied(found, seen);
  const isOpenAgain = verdict === 'changed reopened';
  expect('record' in result && result.record).toMatchObject({
    event: { resolved_at: isOpenAgain ? null : middle },
    closed_by_hand: isOpenAgain ? null : closed,
  });
});

it('how serious it was when it was resolved by hand is what counts, however it fell in between', () => {
  const fallen = closedAt('critical', { severity: 'info' });
  expect(verdictOn(fallen, aSighting({ severity: 'critical' }))).toBe('changed revised');
});

it('the history says why an event that was resolved by hand is open again', () => {
  expect(changeOf(closedAt('warning'), aSighting({ severity: 'critical' }))?.entry).toMatchObject({
    change: 'reopened',
    reason: 'it has become worse than it was when it was resolved here',
    fields: { closed_by_hand: { old: 'warning', new: null }, severity: { old: 'warning', new: 'critical' } },
  });
});

it.each<[string, Observation, string]>([
  ['says so with a time', aSighting({ resolved_at: late }, { resolvedAtGiven: true }), late],
  ['says so without a time', aSighting({ resolved_at: late }), middle],
  ['lists it no longer', anAbsence(), middle],
])('an event that was resolved by hand is over for its vendor too when that %s', (_how, observation, resolvedAt) => {
  const change = changeOf(closedAt('critical'), observation);
  expect(change).toMatchObject({
    change: 'revised',
    record: { event: { resolved_at: resolvedAt }, closed_by_hand: null },
    entry: { change: 'updated', fields: { closed_by_hand: { old: 'critical', new: null } } },
  });
  expect(verdictOn(change?.record, anAbsence())).toBe('ignored');
  expect(verdictOn(change?.record, aSighting())).toBe('changed reopened');
});

it('a payment that was resolved by hand stays so, however often it is sent', () => {
  const found = closedAt('critical', { kind: 'payment' });
  expect(applied(found, aSighting({ kind: 'payment' }, { revisable: false }))).toMatchObject({
    verdict: 'duplicate',
    record: { event: { resolved_at: middle }, closed_by_hand: 'critical' },
  });
});

it.each([
  ['five minutes', '2026-03-01T12:05:00.000Z', '2026-03-01T12:05:00.000Z'],
  ['more than five minutes', '2026-03-01T12:05:00.001Z', early],
])("a vendor's time that lies %s ahead of ours: is it remembered?", (_how, vendorUpdatedAt, left) => {
  const seen = aSighting({ severity: 'warning' }, { vendorUpdatedAt });
  expect(changeOf(aRecord({}, { vendor_updated_at: early }), seen)?.record.vendor_updated_at).toBe(left);
  const first = applied(undefined, seen);
  expect('record' in first && first.record?.vendor_updated_at).toBe(left === early ? null : left);
});

it.each<[string, Observation]>([
  ['a sighting', aSighting({ resolved_at: '2026-03-01T10:00:00.000Z' }, { resolvedAtGiven: true })],
  ['an absence', anAbsence({ resolvedAt: '2026-03-01T10:00:00.000Z' })],
])('%s that gives an end before the beginning ends it at its beginning', (_what, observation) => {
  expect(changeOf(aRecord(), observation)?.record.event.resolved_at).toBe(anEvent().started_at);
});

it('what is over before it began when it is first seen is so on paper too', () => {
  const seen = aSighting({ resolved_at: '2026-03-01T10:00:00.000Z' }, { resolvedAtGiven: true });
  expect(changeOf(undefined, seen)?.record.event.resolved_at).toBe(anEvent().started_at);
});

it('what somebody resolves while our clock is behind the vendor is over when it began', () => {
  const ahead = aRecord({ started_at: '2026-03-01T12:04:00.000Z' });
  expect(changeOf(ahead, aManualResolve())?.record.event.resolved_at).toBe('2026-03-01T12:04:00.000Z');
});

it.each<[string, Facts, Facts, string]>([
  ['status', { status: 'investigating' }, { status: 'monitoring' }, 'changed updated'],
  ['impact', { impact: 'minor' }, { impact: 'major' }, 'changed updated'],
  ['components', { components: ['API'] }, { components: ['API', 'Mail'] }, 'changed updated'],
  ['components, in the same order', { components: ['API'] }, { components: ['API'] }, 'duplicate'],
  ['url', { url: 'https://acme.example/1' }, { url: 'https://acme.example/2' }, 'duplicate'],
])('another %s among the facts is a change or not', (_fact, before, after, verdict) => {
  expect(verdictOn(aRecord({}, { facts: before }), aSighting({}, { facts: after }))).toBe(verdict);
});

it('the history names a fact that changed, and what it was', () => {
  const change = changeOf(
    aRecord({}, { facts: { impact: 'minor' } }),
    aSighting({}, { facts: { status: 'identified' } }),
  );
  expect(change?.entry?.fields).toEqual({
    impact: { old: 'minor', new: null },
    status: { old: null, new: 'identified' },
  });
});

it.each([
  [
    'another one',
    [
      { component: 'SQL', group: 'asia' },
      { component: 'SQL', group: 'us' },
    ],
    ['asia', 'us'],
  ],
  ['none', undefined, []],
  ['any', [{ component: 'SQL' }], []],
])(
  'an outage that spreads to %s of the groups changes, though it names the same components',
  (_which, named, groups) => {
    const facts = { components: ['SQL'] };
    const stored = aRecord({}, { facts, named_components: [{ component: 'SQL', group: 'asia' }] });
    const change = changeOf(stored, aSighting({}, { facts, ...(named && { namedComponents: named }) }));
    expect(change?.entry?.fields).toEqual({ groups: { old: ['asia'], new: groups } });
    expect(change?.record.named_components).toEqual(named);
  },
);

const inGroups = (named: Readonly<Record<string, readonly (string | null)[]>>) =>
  Object.entries(named).flatMap(([component, groups]) => groups.map((group) => ({ component, group })));

it.each([
  [
    'two components swap their groups',
    { SQL: ['us'], Mail: ['asia'] },
    { old: ['SQL (asia)', 'Mail (us)'], new: ['SQL (us)', 'Mail (asia)'] },
  ],
  [
    'one spreads to the group of another',
    { SQL: ['us', 'asia'], Mail: ['us'] },
    { old: ['SQL (asia)'], new: ['SQL (asia, us)'] },
  ],
])('an outage changes where %s', (_what, named, groups) => {
  const facts = { components: ['SQL', 'Mail'] };
  const stored = aRecord({}, { facts, named_components: inGroups({ SQL: ['asia'], Mail: ['us'] }) });
  const change = changeOf(stored, aSighting({}, { facts, namedComponents: inGroups(named) }));
  expect(change?.entry?.fields).toEqual({ groups });
});

it('an outage of which a group is no longer known, while another component is in it, has not changed', () => {
  const facts = { components: ['SQL', 'Mail'] };
  const stored = aRecord({}, { facts, named_components: inGroups({ SQL: ['us'], Mail: ['us'] }) });
  const seen = aSighting({}, { facts, namedComponents: inGroups({ SQL: ['us'], Mail: [null] }) });
  expect(verdictOn(stored, seen)).toBe('duplicate');
});

it('a component that moves to another group has changed', () => {
  const change = changeOf(aRecord({}, { facts: { group: 'EU' } }), aSighting({}, { facts: { group: 'US' } }));
  expect(change?.entry?.fields).toEqual({ group: { old: 'EU', new: 'US' } });
});

it('an incident that is seen again as it was is a mere sighting, whatever it names', () => {
  const namedComponents = [{ component: 'SQL', group: 'asia' }, { component: 'Mail' }];
  const stored = aRecord({}, { named_components: structuredClone(namedComponents) });
  const result = applied(stored, aSighting({}, { namedComponents }));
  expect(result).toMatchObject({ verdict: 'duplicate', record: { seen_count: 2 } });
  expect('record' in result && result.record && isOnlySighting(stored, result.record)).toBe(true);
});

it('an outage that names its groups in another order is as it was', () => {
  const named = [
    { component: 'SQL', group: 'asia' },
    { component: 'SQL', group: 'us' },
    { component: 'SQL', group: null },
  ];
  const stored = aRecord({}, { named_components: named });
  expect(verdictOn(stored, aSighting({}, { namedComponents: named.toReversed() }))).toBe('duplicate');
});

it('a maintenance that its vendor moves moves, and does not end after its end because it was to begin later', () => {
  const moves = (event: Partial<UnifiedEvent>) => aSighting(event, { startMayMove: true });
  const planned = aRecord({ started_at: late });
  const moved = changeOf(planned, moves({ started_at: early }));
  expect(moved?.record.event.started_at).toBe(early);
  expect(moved?.entry?.fields).toEqual({ started_at: { old: late, new: early } });
  expect(changeOf(planned, moves({ started_at: early, resolved_at: middle }))?.record.event).toMatchObject({
    started_at: early,
    resolved_at: middle,
  });
  const over = aRecord({ started_at: early, resolved_at: middle });
  expect(verdictOn(over, moves({ started_at: late, resolved_at: middle }))).toBe('duplicate');
});

it('a maintenance that begins is a change, though nothing but its status says so', () => {
  const traits = { item: 'maintenance', name: null, components: [], group: null, pageSize: 3 } as const;
  const planned = aRecord({ severity: 'info' }, { traits, facts: { status: 'scheduled' } });
  const begun = aSighting({ severity: 'info' }, { traits, facts: { status: 'in_progress' } });
  expect(verdictOn(planned, begun)).toBe('changed updated');
});

it('a sighting that no incident names forgets how serious the incident was', () => {
  const found = aRecord({}, { incident_severity: 'warning' });
  const result = applied(found, aSighting({ severity: 'warning' }));
  expect('record' in result && result.record).not.toHaveProperty('incident_severity');
});
