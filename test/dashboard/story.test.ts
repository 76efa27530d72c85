import { expect, it } from 'vitest';
import { storyOf } from '../../src/dashboard/story.js';
import type { AlertDetailView } from '../../src/dashboard/types.ts';

const at = (second: number) => `2026-03-01T12:00:${String(second).padStart(2, '0')}.000Z`;

const attempt = (second: number, outcome: 'delivered' | 'transient' | 'unknown', number: number) => ({
  number,
  started_at: at(second),
  duration_ms: 80,
  outcome,
  status_code: outcome === 'delivered' ? 202 : null,
  error: outcome === 'delivered' ? null : 'timed out',
});

const delivery: AlertDetailView['deliveries'][number] = {
  id: 'dlv_1',
  alert_id: 'a',
  event_id: 'a',
  event_ids: ['a'],
  destination: 'oncall',
  action: 'trigger',
  reason: 'opened',
  severity: 'critical',
  status: 'delivered',
  attempts: 2,
  last_error: null,
  created_at: at(2),
  delivered_at: at(9),
  next_attempt_at: null,
  earlier: false,
  attempt_log: [attempt(3, 'unknown', 1), attempt(9, 'delivered', 2)],
};

const history = [
  { at: at(2), change: 'opened', request_id: 'r', text: 'Opened.' },
  { at: at(9), change: 'delivered', request_id: 'r', text: 'oncall accepted the trigger.' },
  {
    at: at(20),
    change: 'resolved',
    request_id: 'r',
    text: 'Resolved.',
    fields: { state: { old: 'open', new: 'resolved' } },
  },
] as const;

const event: AlertDetailView['events'][number] = {
  event_id: 'a',
  kind: 'incident',
  item: 'incident',
  title: 'Down',
  severity: 'critical',
  state: 'open',
  started_at: at(0),
  joined_at: at(2),
  ended_at: null,
  test_mode: false,
  facts: null,
  routed: true,
  description: null,
  routing_reason: null,
};

it('what the vendor said, what was decided and what was sent stand on one time line', () => {
  const story = storyOf({ history: [...history], deliveries: [delivery], events: [event] });
  expect(story.map(({ what, text, tone }) => `${what} ${tone}: ${text}`)).toEqual([
    'vendor none: Began at the vendor: "Down".',
    'open none: Opened.',
    'attempt waiting: Sent the trigger to oncall: no clear answer, 80 ms.',
    'attempt good: Sent the trigger to oncall, attempt 2: delivered (202), 80 ms.',
    'end none: Resolved.',
  ]);
  expect(story.map(({ detail }) => detail)).toEqual([null, null, 'timed out', null, 'state: open → resolved']);
});

it('without attempts the history says who accepted', () => {
  const story = storyOf({ history: [...history], deliveries: [], events: [] });
  expect(story.map(({ text }) => text)).toContain('oncall accepted the trigger.');
});

it('a payment does not begin, an attempt that failed is bad, and a value that is no text is shown as JSON', () => {
  const failed = { ...delivery, attempt_log: [attempt(3, 'transient', 1)] };
  const joined = { at: at(2), change: 'joined', request_id: 'r', text: 'Joined.' } as const;
  const fields = { alerts: { old: undefined, new: 2 } };
  const story = storyOf({
    history: [joined, { at: at(4), change: 'updated', request_id: 'r', text: 'Changed.', fields }],
    deliveries: [failed],
    events: [{ ...event, item: 'payment', title: 'payout.failed: po_1' }],
  });
  expect(story.map(({ text, tone, detail }) => [text, tone, detail])).toEqual([
    ['At the vendor: "payout.failed: po_1".', 'none', null],
    ['Joined.', 'none', null],
    ['Sent the trigger to oncall: not accepted, 80 ms.', 'bad', 'timed out'],
    ['Changed.', 'none', 'alerts: null → 2'],
  ]);
});

it('a share of failed payments did not begin at the vendor', () => {
  const title = 'declines: 30% of 120 payments failed within 15 min';
  const story = storyOf({ history: [], deliveries: [], events: [{ ...event, item: 'rate', title }] });
  expect(story.map(({ text }) => text)).toEqual([`Too many payments failed: "${title}".`]);
});

it('what happened at one moment stands in the order in which it follows from each other', () => {
  const atOnce = { ...delivery, attempt_log: [attempt(0, 'delivered', 1)] };
  const entries = history.map((entry) => ({ ...entry, at: at(0) })).toReversed();
  expect(storyOf({ history: entries, deliveries: [atOnce], events: [event] }).map(({ what }) => what)).toEqual([
    'vendor',
    'open',
    'attempt',
    'end',
  ]);
});

it('a destination that was told because another did not accept is called the fallback', () => {
  const story = storyOf({ history: [], deliveries: [{ ...delivery, reason: 'fallback' }], events: [] });
  expect(story.map(({ text }) => text)).toContain('Sent the trigger to oncall, the fallback: no clear answer, 80 ms.');
});
