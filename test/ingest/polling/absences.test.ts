import { expect, it } from 'vitest';
import { absences } from '../../../src/ingest/polling/absences.ts';
import type { SummaryPayload } from '../../../src/ingest/polling/payload.ts';
import { component, incident, type SummaryParts, summaryPayload } from '../../support/status-page.ts';

const startedAt = '2026-03-01T11:00:00.000Z';
const ongoingOf = (subject: string) => ({ event_id: `event of ${subject}`, subject, started_at: startedAt });
const minutesAgo = (minutes: number) => new Date(Date.parse('2026-03-01T12:00:00Z') - minutes * 60_000).toISOString();

const anIncident = 'acme_status:incident:1';
const aComponent = 'acme_status:component:a';

const over = (subject: string, parts: SummaryParts, more: Partial<SummaryPayload> = {}) =>
  absences('acme_status', summaryPayload(parts, { ongoing: [ongoingOf(subject)], ...more }));

it('ends an incident that is no longer listed', () => {
  expect(over(anIncident, {})).toEqual([
    {
      type: 'absence',
      eventId: `event of ${anIncident}`,
      scope: 'acme_status',
      resolvedAt: '2026-03-01T12:00:00.000Z',
      reason: 'the status page no longer lists it as open',
    },
  ]);
});

it('ends a component that is operational again', () => {
  expect(over(aComponent, { components: [component('a', 'operational')] })).toMatchObject([
    { reason: 'the component is operational again' },
  ]);
});

it.each([
  ['an incident that is listed', anIncident, { incidents: [incident('1')] }],
  [
    'an incident that is listed as over, which says so itself',
    anIncident,
    { incidents: [incident('1', { status: 'resolved' })] },
  ],
  ['a maintenance that is listed', anIncident, { maintenances: [incident('1')] }],
  ['a component that is still down', aComponent, { components: [component('a', 'partial_outage')] }],
  ['a component that is not listed', aComponent, { components: [component('b', 'operational')] }],
  ['an event of another kind', 'acme_status:other:Chat', {}],
])('does not end %s', (_what, subject, parts) => {
  expect(over(subject, parts)).toEqual([]);
});

it('ends the warning of a used name when the status page lists it again, and not before', () => {
  const vanishedUses = [{ name: 'Chat', since: '2026-03-01T11:00:00.000Z' }];
  expect(over('acme_status:uses:Chat', {}, { vanishedUses })).toEqual([]);
  expect(over('acme_status:uses:Chat', {})).toMatchObject([
    { reason: 'the status page lists it again, or the rules do not use it' },
  ]);
});

it.each([
  [14, 0],
  [15, 1],
])('of a component that has been missing for %i minutes ends %i', (minutes, count) => {
  expect(over(aComponent, {}, { missingSince: { [aComponent]: minutesAgo(minutes) } })).toHaveLength(count);
});

it.each([
  ['an incident', anIncident, {}],
  ['a component that has long been missing', aComponent, { missingSince: { [aComponent]: minutesAgo(60) } }],
])('does not end %s by a summary with a malformed item', (_what, subject, more) => {
  expect(over(subject, { components: [{}] }, more)).toEqual([]);
  expect(over(subject, { incidents: [{}] }, more)).toEqual([]);
});

it('ends a component that is operational in a summary with a malformed item', () => {
  expect(over(aComponent, { components: [{}, component('a', 'operational')] })).toHaveLength(1);
});

it.each([
  ['for the first time', null, 0],
  ['for 14 minutes', minutesAgo(14), 0],
  ['for 15 minutes', minutesAgo(15), 1],
])('takes a summary that has contradicted itself %s for whole or not', (_how, contradictsSince, count) => {
  expect(over(anIncident, { indicator: 'critical' }, { contradictsSince })).toHaveLength(count);
});

it('believes what a summary that contradicts itself names', () => {
  const parts = { indicator: 'critical', components: [component('a', 'operational')] };
  expect(over(aComponent, parts)).toHaveLength(1);
});

it('ends the blindness of a page that can be read, when it was read', () => {
  const parts = { indicator: 'critical', components: [{}], updatedAt: '2026-03-01T11:30:00Z' };
  expect(over('acme_status:page', parts)).toMatchObject([
    { resolvedAt: '2026-03-01T12:00:00.000Z', reason: 'the status page can be read again' },
  ]);
});

it.each([
  ['the page changed after the start', '2026-03-01T11:59:00.000Z', '2026-03-01T11:59:00.000Z'],
  ['the page changed before the start', '2026-03-01T10:00:00.000Z', '2026-03-01T12:00:00.000Z'],
  ['the page claims to be of the future', '2099-03-01T10:00:00.000Z', '2026-03-01T12:00:00.000Z'],
])('tells when something is over if %s', (_when, updatedAt, resolvedAt) => {
  expect(over(anIncident, { updatedAt })).toMatchObject([{ resolvedAt }]);
});

it('ends nothing before it began', () => {
  const later = '2026-03-01T13:00:00.000Z';
  const ongoing = [anIncident, 'acme_status:page'].map((subject) => ({ ...ongoingOf(subject), started_at: later }));
  const ends = absences('acme_status', summaryPayload({}, { ongoing }));
  expect(ends.map(({ resolvedAt }) => resolvedAt)).toEqual([later, later]);
});
