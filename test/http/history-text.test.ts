import { expect, it } from 'vitest';
import { changeKinds, type HistoryEntry } from '../../src/domain/history.ts';
import { historyText } from '../../src/http/history-text.ts';

const entry = (change: HistoryEntry['change'], more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  at: '2026-03-01T12:00:00.000Z',
  change,
  request_id: 'req-1',
  ...more,
});
const titles = new Map([['evt_1', 'Payments are down']]);
const trigger = { destination: 'oncall', action: 'trigger' } as const;

it.each([
  [
    entry('opened', { event_id: 'evt_1', reason: 'it belongs to no open alert' }),
    'Opened by "Payments are down": it belongs to no open alert.',
  ],
  [entry('joined', { event_id: 'evt_2', reason: 'they are near.' }), '"evt_2" joined: they are near.'],
  [entry('resolved', { reason: 'all of its events have ended' }), 'Resolved: all of its events have ended.'],
  [entry('resolved', { event_id: 'evt_1' }), '"Payments are down" ended.'],
  [entry('reopened', { event_id: 'evt_1' }), 'Opened again by "Payments are down".'],
  [
    entry('resolved', { reason: 'it is well again: payout.paid: po_1' }),
    'Resolved: it is well again: payout.paid: po_1.',
  ],
  [
    entry('updated', { reason: 'one of its payments is well again: payout.paid: po_1' }),
    'Changed: one of its payments is well again: payout.paid: po_1.',
  ],
  [entry('delivered', trigger), 'oncall accepted the trigger.'],
  [entry('delivery_failed', { ...trigger, reason: 'HTTP 400' }), 'Gave up the trigger to oncall: HTTP 400.'],
  [entry('eased', { reason: '' }), 'Resolved, because it became less serious.'],
])('%j reads as %s', (given, text) => {
  expect(historyText(given, titles)).toBe(text);
});

it.each(changeKinds)('a change of the kind %s is one sentence', (kind) => {
  expect(historyText(entry(kind), titles)).toMatch(/^[A-Za-z].*[^.]\.$/);
});
