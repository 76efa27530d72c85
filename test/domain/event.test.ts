import { expect, it } from 'vitest';
import { eventSchema } from '../../src/domain/event.ts';
import { anEvent } from '../support/builders.ts';

/** Where a value breaks the schema; empty when it is an event. */
const problemsOf = (value: unknown): readonly string[] =>
  eventSchema.safeParse(value).error?.issues.map(({ path, code }) => `${path.join('.')} ${code}`) ?? [];

it('takes an event as it is', () => {
  expect(eventSchema.parse(anEvent())).toEqual(anEvent());
});

it.each([
  { source: 'stripe' },
  { source: 'spreedly_status' },
  { source: 'a-b_c9_status' },
  { kind: 'status' as const },
  { kind: 'payment' as const },
  { severity: 'info' as const },
  { severity: 'warning' as const },
  { description: '' },
  { description: 'lines\nand \u0000 and \ud800' },
  { resolved_at: '2026-02-28T23:59:59.999Z' },
  { raw: null },
  { raw: undefined },
  { raw: [1, { deep: [] }] },
])('takes an event with %j', (overrides) => {
  expect(eventSchema.parse(anEvent(overrides))).toMatchObject(overrides);
});

it.each([
  ['event_id', '', 'too_small'],
  ['event_id', 7, 'invalid_type'],
  ['source', 'github', 'invalid_format'],
  ['source', '_status', 'invalid_format'],
  ['source', 'Acme_status', 'invalid_format'],
  ['source', 'stripe\n', 'invalid_format'],
  ['kind', 'outage', 'invalid_value'],
  ['severity', 'fatal', 'invalid_value'],
  ['service', '', 'too_small'],
  ['summary', '', 'too_small'],
  ['description', 7, 'invalid_type'],
  ['started_at', null, 'invalid_type'],
  ['started_at', '2026-03-01', 'invalid_format'],
  ['started_at', '2026-03-01T12:00:00Z', 'invalid_format'],
  ['started_at', '2026-03-01T12:00:00.000+00:00', 'invalid_format'],
  ['started_at', '2026-03-01T12:00:00.000z', 'invalid_format'],
  ['started_at', '2026-03-01 12:00:00.000Z', 'invalid_format'],
  ['started_at', '2026-02-30T12:00:00.000Z', 'invalid_format'],
  ['resolved_at', '2026-03-01T24:00:00.000Z', 'invalid_format'],
  ['resolved_at', '', 'invalid_format'],
])('refuses an event whose %s is %j', (field, value, code) => {
  expect(problemsOf({ ...anEvent(), [field]: value })).toEqual([`${field} ${code}`]);
});

it.each(Object.keys(anEvent()))('refuses an event without %s', (field) => {
  const { [field]: _left, ...rest }: Record<string, unknown> = anEvent();
  expect(problemsOf(rest)).toEqual([expect.stringMatching(new RegExp(`^${field} invalid_`))]);
});

it.each(['extra', 'request_id', 'constructor', '__proto__'])('refuses the unknown key "%s"', (key) => {
  const text = JSON.stringify(anEvent()).replace('{', `{"${key}":{},`);
  expect(eventSchema.safeParse(JSON.parse(text)).success).toBe(false);
});

it.each([null, undefined, 'event', 7, []])('refuses %j, which is no object', (value) => {
  expect(problemsOf(value)).toEqual([' invalid_type']);
});
