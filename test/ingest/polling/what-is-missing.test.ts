import { expect, it } from 'vitest';
import { whatIsMissing, whichUsesAreMissing } from '../../../src/ingest/polling/what-is-missing.ts';
import { component, type SummaryParts, summaryPayload } from '../../support/status-page.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const now = '2026-03-01T12:00:00.000Z';
const earlier = '2026-03-01T11:50:00.000Z';
const subject = 'acme_status:component:a';
const ongoing = [subject, 'acme_status:incident:1', 'acme_status:page'].map((each) => ({
  event_id: each,
  subject: each,
  started_at: earlier,
}));

const missing = (parts: SummaryParts, missing_since = {}, contradicts_since: string | null = null) =>
  whatIsMissing({ missing_since, contradicts_since }, 'acme_status', summaryPayload(parts).summary, ongoing, nowMs);

it.each([
  ['begins now', {}, {}, { [subject]: now }],
  ['has begun before', {}, { [subject]: earlier }, { [subject]: earlier }],
  [
    'has begun in the future, before our clock stepped back',
    {},
    { [subject]: '2026-03-01T13:00:00.000Z' },
    { [subject]: now },
  ],
  ['ends when it is listed', { components: [component('a', 'major_outage')] }, { [subject]: earlier }, {}],
  ['does not begin in a summary with a malformed item', { components: [{}] }, {}, {}],
  ['goes on in a summary with a malformed item', { components: [{}] }, { [subject]: earlier }, { [subject]: earlier }],
  ['ends when the event has ended', {}, { 'acme_status:component:z': earlier }, { [subject]: now }],
])('the absence of an ongoing component %s', (_what, parts, before, after) => {
  expect(missing(parts, before).missing_since).toEqual(after);
});

it('remembers a bounded number', () => {
  const many = Array.from({ length: 5000 }, (_, at) => ({
    event_id: `${at}`,
    subject: `acme_status:component:${at}`,
    started_at: earlier,
  }));
  const before = { missing_since: {}, contradicts_since: null };
  const { missing_since } = whatIsMissing(before, 'acme_status', summaryPayload({}).summary, many, nowMs);
  expect(Object.keys(missing_since)).toHaveLength(1000);
});

it.each([
  ['begins now', { indicator: 'critical' }, null, now],
  ['has begun before', { indicator: 'critical' }, earlier, earlier],
  ['has ended', { indicator: 'none' }, earlier, null],
])('a contradiction %s', (_what, parts, before, after) => {
  expect(missing(parts, {}, before).contradicts_since).toBe(after);
});

const chat = { name: 'Chat', covers: (name: string) => name === 'Chat' };

it.each<[string, SummaryParts, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  ['begins when what is well is listed without it', { components: [component('a', 'operational')] }, {}, { Chat: now }],
  [
    'goes on while it is not listed',
    { components: [component('a', 'operational')] },
    { Chat: earlier },
    { Chat: earlier },
  ],
  [
    'ends when it is listed',
    { components: [{ ...component('a', 'operational'), name: 'Chat' }] },
    { Chat: earlier },
    {},
  ],
  ['says nothing where nothing that is well is listed', { components: [component('a', 'major_outage')] }, {}, {}],
  ['says nothing in a summary with a malformed item', { components: [component('a', 'operational'), {}] }, {}, {}],
])('the absence of a used name %s', (_what, parts, before, after) => {
  expect(whichUsesAreMissing(before, [chat], summaryPayload(parts).summary, nowMs)).toEqual(after);
});
