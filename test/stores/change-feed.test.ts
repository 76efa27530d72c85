import { expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import { isOnlySighting, isRecordChanged, newsOf } from '../../src/stores/change-feed.ts';
import { aDelivery, aMember, anAlert, aRecord } from '../support/builders.ts';

it('a change of when and how often an event was seen is only a sighting', () => {
  const before = aRecord();
  expect(isOnlySighting(before, before)).toBe(true);
  expect(isOnlySighting(before, { ...before, last_seen_at: '2027', first_seen_at: '2025', seen_count: 2 })).toBe(true);
});

it('a change of any other field is more than a sighting', () => {
  const before = aRecord({}, { ends_types: ['a'] });
  for (const field of Object.keys(before)) {
    if (['first_seen_at', 'last_seen_at', 'seen_count'].includes(field)) continue;
    expect([field, isOnlySighting(before, { ...before, [field]: ['changed'] })]).toEqual([field, false]);
  }
});

it('a change of any field of an alert changes its record, but for what it is known by', () => {
  const { deliveries: _deliveries, ...before } = anAlert();
  for (const field of Object.keys(before)) {
    if (['record_version', 'alert_id'].includes(field)) continue;
    expect([field, isRecordChanged(before, { ...before, [field]: ['changed'] })]).toEqual([field, true]);
  }
  expect(isRecordChanged(before, { ...before })).toBe(false);
});

const members = ['a', 'b'].map((id) => aMember({ event_id: id }));
const withDeliveries = (...deliveries: readonly Delivery[]): Alert => anAlert({ members, deliveries });
const trigger = aDelivery({ event_ids: ['a', 'c'] });
const resolve = aDelivery({ action: 'resolve', event_ids: ['a'], ordinal: 1 });

it.each<[string, Alert | undefined, Alert, boolean, readonly string[]]>([
  ['a new alert that nobody was told of', undefined, withDeliveries(), true, []],
  ['a new alert with a delivery', undefined, withDeliveries(trigger), true, ['a', 'c']],
  ['a new delivery', withDeliveries(), withDeliveries(trigger), true, ['a', 'c']],
  ['a resolve', withDeliveries(trigger), withDeliveries(trigger, resolve), true, ['a', 'b']],
  [
    'an end whose alert is opened again',
    withDeliveries(trigger, resolve),
    withDeliveries(trigger, { ...resolve, was_reopened: true }),
    true,
    ['a', 'b'],
  ],
  ['an attempt that begins', withDeliveries(trigger), withDeliveries({ ...trigger, leased_until: '2027' }), false, []],
  ['an attempt that ends', withDeliveries(trigger), withDeliveries({ ...trigger, attempts: 1 }), true, ['a', 'c']],
  ['a delivery that is gone', withDeliveries(trigger, resolve), withDeliveries(trigger), true, []],
  ['another title', withDeliveries(trigger), { ...withDeliveries(trigger), title: 'worse' }, true, []],
])('what %s tells', (_what, before, after, isTold, eventIds) => {
  const unchanged = before && {
    ...after,
    members: before.members,
    reopened_at: before.reopened_at,
    related: before.related,
  };
  expect(newsOf(before, unchanged ?? after)).toEqual({ isTold, eventIds });
});

it('tells of no more events than an alert may keep', () => {
  const ids = Array.from({ length: 900 }, (_, index) => `evt_${index}`);
  expect(newsOf(undefined, withDeliveries(aDelivery({ event_ids: ids }))).eventIds).toEqual(ids.slice(0, 500));
});
