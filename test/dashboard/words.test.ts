import { expect, it } from 'vitest';
import { deliveryWords } from '../../src/dashboard/delivery-words.js';
import { pageHealth, skippedHealth, webhookHealth } from '../../src/dashboard/health.js';
import { changedFields, historyWords } from '../../src/dashboard/history-words.js';
import { bySeverity } from '../../src/dashboard/severity.js';
import { readPageMemory } from '../../src/ingest/polling/page-state.ts';
import type { HistoryEntry } from '../../src/stores/event-store.ts';
import { aDelivery } from '../support/builders.ts';
import { aView } from './views.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
type Step = Parameters<typeof aDelivery>[0];

it.each<[string, readonly Step[], string, string]>([
  ['nothing to send', [], 'not notified', 'none'],
  ['a trigger that waits', [{}], 'notification pending', 'waiting'],
  ['a trigger that was tried', [{ attempts: 3 }], 'notification pending, 3 tried', 'waiting'],
  ['a trigger that was accepted', [{ status: 'delivered' }], 'notified', 'good'],
  ['a trigger that was refused', [{ status: 'failed' }], 'notification failed', 'bad'],
  ['a trigger that was cancelled', [{ status: 'superseded' }], 'notification cancelled', 'none'],
  ['a resolve that waits', [{ status: 'delivered' }, { action: 'resolve' }], 'resolve pending', 'waiting'],
  [
    'a resolve that was refused',
    [{ status: 'delivered' }, { action: 'resolve', status: 'failed' }],
    'resolve failed',
    'bad',
  ],
  [
    'a resolve that was accepted',
    [{ status: 'delivered' }, { action: 'resolve', status: 'delivered' }],
    'notified, resolved',
    'good',
  ],
])('%s is told in a word or two', (_what, steps, text, tone) => {
  expect(deliveryWords(aView({}, { deliveries: steps.map(aDelivery) }))).toEqual({ text, tone });
});

it.each([
  [{}, 'unknown', 'not read yet', 'never read'],
  [{ condition: 'good', last_good_at: '2026-03-01T11:58:00.000Z' }, 'good', 'read', 'last read 2 min ago'],
  [
    { condition: 'blind', last_good_at: '2026-03-01T10:00:00.000Z', last_error: 'answered 500' },
    'blind',
    'blind: cannot be read',
    'last read 2 h ago; answered 500',
  ],
  [{ condition: 'stale', last_error: 'it is an old copy' }, 'stale', 'old copies', 'never read; it is an old copy'],
])('a page in the state %j is told', (state, condition, label, detail) => {
  const known = readPageMemory({ ...readPageMemory(undefined), ...state });
  expect(pageHealth({ name: 'acme', source: 'acme_status', ...known }, now)).toEqual({
    source: 'acme_status',
    state: condition,
    label,
    detail,
  });
});

it('a page that is skipped and a vendor that posts to us are told as well', () => {
  expect(skippedHealth('acme')).toMatchObject({ source: 'acme_status', state: 'skipped' });
  expect(webhookHealth('stripe', null, now)).toMatchObject({ state: 'unknown', label: 'nothing received yet' });
  expect(webhookHealth('stripe', '2026-03-01T11:00:00.000Z', now)).toMatchObject({
    state: 'good',
    detail: 'last webhook 1 h ago',
  });
});

const entry = (change: HistoryEntry['change'], more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  at: '2026-03-01T12:00:00.000Z',
  change,
  request_id: 'r',
  ...more,
});

it.each<[HistoryEntry, string]>([
  [entry('stored'), 'Seen for the first time'],
  [entry('resolved', { reason: 'the page no longer lists it' }), 'Resolved. the page no longer lists it'],
  [entry('routing_decided', { reason: 'Not sent.' }), 'Routing decided. Not sent.'],
  [entry('delivered', { destination: 'pagerduty', action: 'trigger' }), 'Delivered: trigger to pagerduty'],
  [
    entry('delivery_failed', { destination: 'pagerduty', action: 'resolve', reason: '400' }),
    'Delivery failed: resolve to pagerduty. 400',
  ],
])('the entry %j is a sentence', (given, words) => {
  expect(historyWords(given)).toBe(words);
});

it('an entry of a kind that the page does not know is told by its name', () => {
  expect(historyWords(JSON.parse('{"change":"resolved_by_hand"}'))).toBe('resolved by hand');
});

it('shows what a change altered, before and after, and nothing where the sentence says it all', () => {
  const fields = { severity: { old: 'info', new: 'critical' }, resolved_at: { old: null, new: 1 } };
  expect(changedFields(entry('updated', { fields }))).toEqual([
    { name: 'severity', before: 'info', after: 'critical' },
    { name: 'resolved at', before: 'none', after: '1' },
  ]);
  expect(changedFields(entry('updated'))).toEqual([]);
  expect(changedFields(entry('routing_decided', { fields }))).toEqual([]);
});

it('the most serious comes first, and of those the newest', () => {
  const events = [
    aView({ event_id: 'old', started_at: '2026-03-01T01:00:00.000Z' }),
    aView({ event_id: 'info', severity: 'info', started_at: '2026-03-01T09:00:00.000Z' }),
    aView({ event_id: 'new', started_at: '2026-03-01T02:00:00.000Z' }),
    aView({ event_id: 'warning', severity: 'warning' }),
  ];
  expect(events.toSorted(bySeverity).map(({ event_id: id }) => id)).toEqual(['new', 'old', 'warning', 'info']);
});

it('a resolve by hand is told by its note, not by what is kept of it, and a retry as what it is', () => {
  const fields = {
    resolved_at: { old: null, new: '2026-03-01T12:00:00.000Z' },
    closed_by_hand: { old: null, new: 'critical' },
  };
  expect(changedFields(entry('resolved', { fields })).map(({ name }) => name)).toEqual(['resolved at']);
  const retried = entry('delivery_retried', { action: 'trigger', destination: 'pagerduty' });
  expect(historyWords(retried)).toBe('Delivery queued again: trigger to pagerduty');
});
