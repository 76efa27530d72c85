import { expect, it } from 'vitest';
import type { Severity, UnifiedEvent } from '../../src/domain/event.ts';
import { judge } from '../../src/domain/lifecycle.ts';
import type { Observation, Seen } from '../../src/pipeline/topics.ts';
import type { Found } from '../../src/stores/event-store.ts';
import { aClosed, aGone, anEvent, aRecord, aSeen } from '../support/builders.ts';

const at = '2026-03-01T12:00:00.000Z';
const early = '2026-03-01T11:10:00.000Z';
const middle = '2026-03-01T11:20:00.000Z';
const late = '2026-03-01T11:40:00.000Z';

const judged = (found: Found, observation: Observation) => judge(found, observation, at, 'req-2');
/** The verdict on a sighting, with what it makes of the event where it changes it. */
const verdictOn = (found: Found, observation: Observation): string => {
  const judgement = judged(found, observation);
  return 'change' in judgement ? `${judgement.verdict} ${judgement.change}` : judgement.verdict;
};
/** The event as the judgement leaves it, and its history entry. */
const changeOf = (found: Found, observation: Observation) => {
  const judgement = judged(found, observation);
  return 'change' in judgement ? judgement : undefined;
};

it('an event seen for the first time is new, and its routing is still to be decided', () => {
  const seen = aSeen({}, { subject: 'acme_status:component:1', vendorUpdatedAt: early, testMode: true });
  expect(judged(undefined, seen)).toEqual({
    verdict: 'new',
    change: 'stored',
    record: {
      event: anEvent(),
      subject: 'acme_status:component:1',
      vendor_updated_at: early,
      test_mode: true,
      first_seen_at: at,
      last_seen_at: at,
      seen_count: 1,
      version: 1,
      routed_version: 0,
      routed: false,
      routing_reason: null,
      request_id: 'req-2',
      deliveries: [],
    },
    entry: { at, change: 'stored', request_id: 'req-2' },
  });
});

it('an event that is over already when it is first seen is new too', () => {
  expect(verdictOn(undefined, aSeen({ resolved_at: late }))).toBe('new stored');
});

it('an event seen again as it was only counts', () => {
  const stored = aRecord({}, { version: 3, routed_version: 3, seen_count: 4, vendor_updated_at: early });
  expect(judged(stored, aSeen({}, { vendorUpdatedAt: middle }))).toEqual({
    verdict: 'seen',
    record: { ...stored, last_seen_at: at, seen_count: 5, vendor_updated_at: middle },
  });
});

it('an event that was not routed yet keeps the time by which recovery finds it, however often it is seen', () => {
  const stored = aRecord({}, { version: 3, routed_version: 2, seen_count: 4 });
  expect(judged(stored, aSeen())).toMatchObject({ record: { last_seen_at: stored.last_seen_at, seen_count: 5 } });
});

it("a sighting without the vendor's own time leaves the one that is known", () => {
  const judgement = judged(aRecord({}, { vendor_updated_at: early }), aSeen());
  expect(judgement).toMatchObject({ verdict: 'seen', record: { vendor_updated_at: early } });
});

it('another raw payload alone is no change', () => {
  expect(verdictOn(aRecord(), aSeen({ raw: { id: '1', new: true } }))).toBe('seen');
});

it('an id whose event was dropped is still a duplicate, of which nothing is kept', () => {
  expect(judged('forgotten', aSeen())).toEqual({ verdict: 'seen' });
});

it('a fact never changes, whatever is sent under its id', () => {
  const stored = aRecord({ source: 'stripe', kind: 'payment' });
  const seen = aSeen({ source: 'stripe', kind: 'payment', severity: 'info', summary: 'other' }, { revisable: false });
  expect(judged(stored, seen)).toEqual({ verdict: 'seen', record: { ...stored, last_seen_at: at, seen_count: 2 } });
});

it.each<[keyof UnifiedEvent, Partial<UnifiedEvent>]>([
  ['severity', { severity: 'warning' }],
  ['service', { service: 'acme checkout' }],
  ['summary', { summary: 'Payments are slow' }],
  ['description', { description: 'We are looking into it' }],
])('an open event seen with another %s is updated in place, and the change is kept', (field, change) => {
  const stored = aRecord({}, { seen_count: 2, version: 3, routed_version: 3, vendor_updated_at: early });
  const raw = { id: '1', changed: true };
  expect(judged(stored, aSeen({ ...change, raw }, { vendorUpdatedAt: middle }))).toEqual({
    verdict: 'changed',
    change: 'updated',
    record: {
      ...stored,
      event: anEvent({ ...change, raw }),
      vendor_updated_at: middle,
      last_seen_at: at,
      seen_count: 3,
      version: 4,
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
  const change = changeOf(aRecord(), aSeen({ severity: 'info', summary: 'Over', resolved_at: late }));
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

it('an event keeps its id and its start, whatever a later sighting says of them', () => {
  const seen = aSeen({ event_id: 'other', started_at: early, severity: 'info' });
  expect(changeOf(aRecord(), seen)?.record.event).toEqual(anEvent({ severity: 'info' }));
});

it('an event keeps the moment in which it was first seen', () => {
  expect(changeOf(aRecord(), aSeen({ severity: 'info' }))?.record.first_seen_at).toBe('2026-03-01T11:30:00.000Z');
});

it.each<[string, string | null, string | null, string]>([
  ['older than the one stored is an old copy, and changes nothing', middle, early, 'older'],
  ['equal to the one stored may carry a change', middle, middle, 'changed updated'],
  ['newer than the one stored carries a change', middle, late, 'changed updated'],
  ['unknown carries a change', middle, null, 'changed updated'],
  ['given for the first time carries a change', null, early, 'changed updated'],
])("a sighting whose vendor's time is %s", (_rule, stored, vendorUpdatedAt, verdict) => {
  const found = aRecord({}, { vendor_updated_at: stored });
  expect(verdictOn(found, aSeen({ summary: 'changed' }, { vendorUpdatedAt }))).toBe(verdict);
});

it('an old copy does not open again what is over', () => {
  const found = aRecord({ resolved_at: late }, { vendor_updated_at: late });
  expect(judged(found, aSeen({}, { vendorUpdatedAt: middle }))).toEqual({ verdict: 'older' });
});

it.each<[string, string | null, string | null, boolean, string, string | null]>([
  ['open and seen open stays open', null, null, false, 'seen', null],
  ['open and seen resolved is resolved', null, late, true, 'changed resolved', late],
  ['open and seen resolved, with a time of ours, is resolved', null, late, false, 'changed resolved', late],
  ['resolved and seen open is opened again', late, null, false, 'changed reopened', null],
  ['resolved and seen so again stays as it is', late, late, true, 'seen', late],
  ["resolved gets the vendor's time when it comes later", late, middle, true, 'changed revised', middle],
  ['resolved keeps its earlier time when ours is later', middle, late, false, 'seen', middle],
  ["resolved keeps the vendor's time when ours is earlier", late, middle, false, 'seen', late],
])('an event that is %s', (_rule, stored, resolvedAt, resolvedAtGiven, verdict, left) => {
  const found = aRecord({ resolved_at: stored });
  const seen: Seen = aSeen({ resolved_at: resolvedAt }, { resolvedAtGiven });
  expect(verdictOn(found, seen)).toBe(verdict);
  const judgement = judged(found, seen);
  expect('record' in judgement && judgement.record?.event.resolved_at).toBe(left);
});

it('text that the vendor adds after the end is an update that neither opens nor closes the event', () => {
  const change = changeOf(aRecord({ resolved_at: late }), aSeen({ resolved_at: late, description: 'Postmortem' }));
  expect(change).toMatchObject({
    change: 'revised',
    record: { event: { resolved_at: late, description: 'Postmortem' }, version: 2 },
    entry: { change: 'updated', fields: { description: { old: null, new: 'Postmortem' } } },
  });
});

it('text that comes after an end by absence does not move that end', () => {
  const found = aRecord({ resolved_at: middle });
  const change = changeOf(found, aSeen({ resolved_at: late, description: 'Postmortem' }));
  expect(change?.change).toBe('revised');
  expect(change?.record.event.resolved_at).toBe(middle);
});

it('an open event that is gone is resolved, and the history says why', () => {
  const stored = aRecord({}, { seen_count: 2, vendor_updated_at: early });
  expect(judged(stored, aGone())).toEqual({
    verdict: 'changed',
    change: 'resolved',
    record: {
      ...stored,
      event: anEvent({ resolved_at: '2026-03-01T11:45:00.000Z' }),
      version: 2,
      request_id: 'req-2',
    },
    entry: {
      at,
      change: 'resolved',
      request_id: 'req-2',
      fields: { resolved_at: { old: null, new: '2026-03-01T11:45:00.000Z' } },
      reason: 'the page no longer lists it',
    },
  });
});

it.each<[string, Found]>([
  ['unknown', undefined],
  ['forgotten', 'forgotten'],
  ['over already', aRecord({ resolved_at: middle })],
])('the end of an event that is %s means nothing', (_state, found) => {
  expect(judged(found, aGone())).toEqual({ verdict: 'ignored' });
});

it('an event that is gone, back and gone again goes through its whole life under one id', () => {
  let found: Found = aRecord();
  const life: string[] = [];
  for (const observation of [aGone(), aSeen(), aSeen({}, { vendorUpdatedAt: late }), aGone(), aGone()]) {
    life.push(verdictOn(found, observation));
    const judgement = judged(found, observation);
    if ('record' in judgement && judgement.record) found = judgement.record;
  }
  expect(life).toEqual(['changed resolved', 'changed reopened', 'seen', 'changed resolved', 'ignored']);
  expect(found).toMatchObject({ version: 4, seen_count: 3, vendor_updated_at: late });
});

it.each([
  ['without a note', null, 'resolved by hand'],
  ['with a note', 'The bank knows.', 'resolved by hand: The bank knows.'],
])('an open event that somebody resolves %s is over now, and the history says by whom', (_how, note, reason) => {
  const stored = aRecord({ kind: 'payment' }, { version: 3, routed_version: 3 });
  expect(judged(stored, aClosed({ note }))).toEqual({
    verdict: 'changed',
    change: 'resolved',
    record: {
      ...stored,
      event: anEvent({ kind: 'payment', resolved_at: at }),
      closed_by_hand: 'critical',
      version: 4,
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
  ['forgotten', 'forgotten'],
  ['over already', aRecord({ resolved_at: middle })],
  ['over by hand already', aRecord({ resolved_at: middle }, { closed_by_hand: 'critical' })],
])('an event that is %s cannot be resolved by hand', (_state, found) => {
  expect(judged(found, aClosed())).toEqual({ verdict: 'ignored' });
});

/** An event that somebody resolved at `middle` while it was as serious as this. */
const closedAt = (severity: Severity, event: Partial<UnifiedEvent> = {}) =>
  aRecord({ severity, resolved_at: middle, ...event }, { closed_by_hand: severity });

it.each<[string, Severity, Partial<UnifiedEvent>, string]>([
  ['with nothing new', 'critical', {}, 'seen'],
  ['with another text', 'critical', { description: 'We go on looking' }, 'changed revised'],
  ['less serious', 'critical', { severity: 'warning' }, 'changed revised'],
  ['as serious as it was', 'warning', { severity: 'warning' }, 'seen'],
  ['more serious', 'warning', { severity: 'critical' }, 'changed reopened'],
  ['a little more serious', 'info', { severity: 'warning' }, 'changed reopened'],
])('an event that was resolved by hand and is still listed, %s', (_how, closed, event, verdict) => {
  const found = closedAt(closed);
  const seen = aSeen({ severity: closed, ...event });
  expect(verdictOn(found, seen)).toBe(verdict);
  const judgement = judged(found, seen);
  const isOpenAgain = verdict === 'changed reopened';
  expect('record' in judgement && judgement.record).toMatchObject({
    event: { resolved_at: isOpenAgain ? null : middle },
    closed_by_hand: isOpenAgain ? null : closed,
  });
});

it('how serious it was when it was resolved by hand is what counts, however it fell in between', () => {
  const fallen = closedAt('critical', { severity: 'info' });
  expect(verdictOn(fallen, aSeen({ severity: 'critical' }))).toBe('changed revised');
});

it('the history says why an event that was resolved by hand is open again', () => {
  expect(changeOf(closedAt('warning'), aSeen({ severity: 'critical' }))?.entry).toMatchObject({
    change: 'reopened',
    reason: 'it has become worse than it was when it was resolved by hand',
    fields: { closed_by_hand: { old: 'warning', new: null }, severity: { old: 'warning', new: 'critical' } },
  });
});

it.each<[string, Observation, string]>([
  ['says so with a time', aSeen({ resolved_at: late }, { resolvedAtGiven: true }), late],
  ['says so without a time', aSeen({ resolved_at: late }), middle],
  ['lists it no longer', aGone(), middle],
])('an event that was resolved by hand is over for its vendor too when that %s', (_how, observation, resolvedAt) => {
  const change = changeOf(closedAt('critical'), observation);
  expect(change).toMatchObject({
    change: 'revised',
    record: { event: { resolved_at: resolvedAt }, closed_by_hand: null, version: 2 },
    entry: { change: 'updated', fields: { closed_by_hand: { old: 'critical', new: null } } },
  });
  expect(verdictOn(change?.record, aGone())).toBe('ignored');
  expect(verdictOn(change?.record, aSeen())).toBe('changed reopened');
});

it('a payment that was resolved by hand stays so, however often it is sent', () => {
  const found = closedAt('critical', { kind: 'payment' });
  expect(judged(found, aSeen({ kind: 'payment' }, { revisable: false }))).toMatchObject({
    verdict: 'seen',
    record: { event: { resolved_at: middle }, closed_by_hand: 'critical' },
  });
});
