import { expect, it } from 'vitest';
import * as z from 'zod';
import { dedupKey, toEnqueueRequest } from '../../../src/sinks/pagerduty/map.ts';
import { anEvent, aRequest } from '../../contract/sink.ts';
import { routingKey } from '../../support/pagerduty.ts';

const map = (more: Parameters<typeof anEvent>[0] = {}) =>
  toEnqueueRequest(aRequest({ event: anEvent(more) }), routingKey);

/** What PagerDuty's published schema and its documented limits allow. */
const enqueueSchema = z.strictObject({
  routing_key: z.string().length(32),
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: z.string().min(1).max(255),
  client: z.string(),
  payload: z.strictObject({
    summary: z.string().max(1024).regex(/\S/),
    timestamp: z.iso.datetime(),
    severity: z.enum(['critical', 'warning', 'error', 'info']),
    source: z.string().regex(/\S/),
    component: z.string(),
    group: z.string(),
    class: z.string(),
    custom_details: z.record(z.string(), z.unknown()),
  }),
});

it('every field is filled from the event, and raw stays here', () => {
  const event = anEvent({
    event_id: 'acme_status:incident:1',
    source: 'acme_status',
    kind: 'incident',
    severity: 'warning',
    service: 'acme',
    summary: 'API errors',
    description: null,
    resolved_at: '2026-03-01T13:00:00.000Z',
    raw: { secret: 'of the vendor' },
  });
  expect(toEnqueueRequest({ action: 'resolve', event, requestId: 'req-1' }, routingKey)).toEqual({
    routing_key: routingKey,
    event_action: 'resolve',
    dedup_key: 'acme_status:incident:1',
    client: 'vendor-signals',
    payload: {
      summary: 'API errors',
      severity: 'warning',
      source: 'acme_status',
      component: 'acme',
      group: 'acme',
      class: 'incident',
      timestamp: '2026-03-01T12:00:00.000Z',
      custom_details: {
        event_id: 'acme_status:incident:1',
        source: 'acme_status',
        kind: 'incident',
        service: 'acme',
        description: null,
        started_at: '2026-03-01T12:00:00.000Z',
        resolved_at: '2026-03-01T13:00:00.000Z',
      },
    },
  });
});

it('a Stripe event is grouped under "stripe" and keeps its description', () => {
  expect(map().payload).toMatchObject({
    group: 'stripe',
    class: 'payment',
    custom_details: { description: 'The bank account is closed.', resolved_at: null },
  });
});

it.each([
  ['evt_1'],
  ['acme_status:component:a/b:2026-03-01T12:00:00.000Z'],
  ['x'.repeat(255)],
  [`${'x'.repeat(253)}😀`],
])('an event id that PagerDuty takes is the dedup_key (%#)', (eventId) => {
  expect(dedupKey(eventId)).toBe(eventId);
});

it.each([
  ['256 characters', 'x'.repeat(256), 'x'.repeat(257)],
  ['a megabyte', 'x'.repeat(1_000_000), `${'x'.repeat(999_999)}y`],
  ['half of a surrogate pair', 'evt_\ud83d', 'evt_\ude00'],
  ['a NUL', 'evt_\0', 'evt_'],
])('an event id of %s becomes a stable hash that no other id shares', (_, eventId, other) => {
  const key = dedupKey(eventId);
  expect(key).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(dedupKey(eventId)).toBe(key);
  expect(dedupKey(other)).not.toBe(key);
  expect(map({ event_id: eventId }).dedup_key).toBe(key);
});

it.each([
  ['1024 characters stay', 'x'.repeat(1024), 'x'.repeat(1024)],
  ['1025 are cut', 'x'.repeat(1025), `${'x'.repeat(1023)}…`],
  ['a surrogate pair is not split', `${'x'.repeat(1022)}😀yy`, `${'x'.repeat(1022)}…`],
  ['a surrogate pair that fits stays', `${'x'.repeat(1021)}😀yy`, `${'x'.repeat(1021)}😀…`],
  ['NUL is dropped', 'a\0b', 'ab'],
  ['half of a surrogate pair is replaced', 'a\ud83db', 'a\ufffdb'],
  ['white space at the ends is dropped', '  a b\t', 'a b'],
])('summary: %s', (_, summary, expected) => {
  expect(map({ summary }).payload.summary).toBe(expected);
});

it.each(['  ', '\0\0', '\u00a0\n'])(
  'a blank summary (%j) is replaced by the key, for PagerDuty refuses it',
  (summary) => {
    expect(map({ summary }).payload.summary).toBe('evt_1');
  },
);

it.each(['x', '\u0001', '😀', '€', '\ud83d', '\0', ' '])('texts of a million times %j fit PagerDuty', (unit) => {
  const text = unit.repeat(1_000_000);
  const request = map({ event_id: text, service: text, summary: text, description: text, raw: text });
  expect(Buffer.byteLength(JSON.stringify(request))).toBeLessThan(512_000);
  expect(enqueueSchema.parse(request)).toEqual(request);
  expect(JSON.stringify(request).isWellFormed()).toBe(true);
  expect(JSON.stringify(request)).not.toMatch(/\\u0000|\\ud[89a-f]/);
});

it.each([
  ['stripe', 'payment', 'critical'],
  ['acme_status', 'incident', 'warning'],
  ['braze_status', 'status', 'info'],
] as const)('an event of %s is valid against the schema of PagerDuty', (source, kind, severity) => {
  const request = map({ source, kind, severity });
  expect(enqueueSchema.parse(request)).toEqual(request);
});
