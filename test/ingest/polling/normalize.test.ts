import { expect, it } from 'vitest';
import type { Severity } from '../../../src/domain/event.ts';
import type { Sighting } from '../../../src/domain/observation.ts';
import { createStatusPageNormalizer } from '../../../src/ingest/polling/normalize.ts';
import type { StatusPagePayload, SummaryPayload } from '../../../src/ingest/polling/payload.ts';
import { collectLog } from '../../support/log.ts';
import { component, incident, type SummaryParts, summaryPayload } from '../../support/status-page.ts';

const fetchedAt = '2026-03-01T12:00:00.000Z';
const logged = collectLog();
const normalizer = createStatusPageNormalizer(logged.log);

const observe = (payload: StatusPagePayload) =>
  normalizer({ signalId: 's', requestId: 'req', vendor: 'status_page', source: 'acme_status', payload });
const sightingsOf = (parts: SummaryParts, more: Partial<SummaryPayload> = {}): readonly Sighting[] =>
  observe(summaryPayload(parts, more)).filter((observation) => observation.type === 'sighting');
const oneIncident = (more: object, rest: SummaryParts = {}) =>
  sightingsOf({ incidents: [{ ...incident('1'), ...more }], ...rest })[0];

it('turns an incident into a sighting of an event', () => {
  const raw = incident('1', {
    shortlink: 'https://stspg.io/abc',
    components: [{ id: 'api', name: 'API' }],
    incident_updates: [{ body: 'We are on it', created_at: '2026-03-01T11:00:00Z' }],
  });
  expect(sightingsOf({ incidents: [raw], components: [component('a', 'operational')] })).toEqual([
    {
      type: 'sighting',
      event: {
        event_id: 'acme_status:incident:1',
        source: 'acme_status',
        kind: 'incident',
        severity: 'critical',
        service: 'acme',
        summary: 'Incident 1',
        description: 'We are on it',
        started_at: '2026-03-01T11:00:00.000Z',
        resolved_at: null,
        raw,
      },
      facts: {
        page: 'acme',
        page_name: 'Acme',
        item: 'incident',
        status: 'investigating',
        impact: 'major',
        components: ['API'],
        url: 'https://stspg.io/abc',
      },
      subject: 'acme_status:incident:1',
      scope: 'acme_status',
      traits: { item: 'incident', name: 'Incident 1', components: ['api'], group: null, pageSize: 1 },
      vendorUpdatedAt: '2026-03-01T11:00:00.000Z',
      revisable: true,
      resolvedAtGiven: false,
      namedComponents: [{ component: 'API', group: null }],
      testMode: false,
    },
  ]);
});

it('tells of a component how serious the worst open incident is that names it', () => {
  const names = { components: [{ id: 'a', name: 'A' }] };
  const parts = {
    components: [component('a', 'partial_outage'), component('b', 'partial_outage')],
    incidents: [
      incident('1', { ...names, impact: 'none' }),
      incident('2', { components: [{ id: 'c', name: 'C' }, ...names.components], impact: 'minor' }),
      incident('3', { ...names, impact: 'critical', status: 'resolved' }),
    ],
    maintenances: [incident('4', { ...names, status: 'in_progress' })],
  };
  const severities = sightingsOf(parts).map(({ subject, incidentSeverity }) => [subject, incidentSeverity]);
  expect(severities).toContainEqual(['acme_status:component:a', 'warning']);
  expect(severities).toContainEqual(['acme_status:component:b', undefined]);
});

it('warns of a name that the rules use and the status page has not listed for long', () => {
  const vanishedUses = [{ name: 'Chat', since: '2026-03-01T11:40:00.000Z' }];
  const [warning] = sightingsOf({ components: [component('a', 'operational')] }, { vanishedUses });
  expect(warning).toMatchObject({
    subject: 'acme_status:uses:Chat',
    event: { event_id: 'acme_status:uses:Chat:2026-03-01T11:40:00.000Z', kind: 'status', severity: 'warning' },
  });
});

it('all that is said of a fixture is in test mode', () => {
  const vanishedUses = [{ name: 'Chat', since: '2026-03-01T11:40:00.000Z' }];
  const parts = {
    incidents: [incident('1')],
    components: [component('a', 'partial_outage'), component('b', 'operational')],
  };
  const sightings = sightingsOf(parts, { vanishedUses, isFixture: true });
  expect(sightings.map(({ traits, testMode }) => [traits.item, testMode]).toSorted()).toEqual([
    ['component', true],
    ['incident', true],
    ['page', true],
  ]);
});

it('turns a component that is not well into a sighting of an event, and one that is well into none', () => {
  const raw = component('a', 'major_outage', { group_id: 'g' });
  const components = [
    component('g', 'operational', { name: 'Europe', group: true }),
    raw,
    component('b', 'operational'),
  ];
  expect(sightingsOf({ components })).toMatchObject([
    {
      event: {
        event_id: 'acme_status:component:a:2026-03-01T11:30:00.000Z',
        kind: 'status',
        severity: 'critical',
        service: 'Component a',
        summary: 'Component a: major_outage',
        description: null,
        started_at: '2026-03-01T11:30:00.000Z',
        resolved_at: null,
        raw,
      },
      facts: { item: 'component', status: 'major_outage', component: 'Component a', group: 'Europe' },
      subject: 'acme_status:component:a',
      traits: { item: 'component', name: null, components: ['a'], group: 'g', pageSize: 2 },
      vendorUpdatedAt: null,
    },
  ]);
});

it('links to the status page what has no page of its own', () => {
  const page = { id: 'acme', url: 'https://status.acme.test' };
  const { summary } = summaryPayload({ incidents: [incident('1')], components: [component('a', 'major_outage')] });
  const sightings = sightingsOf({}, { summary: { ...summary, url: page.url } });
  expect(sightings.map(({ facts }) => facts.url)).toEqual([page.url, page.url]);
});

it('takes an unknown impact and an unknown component status for a warning, and logs each word once', () => {
  logged.lines.length = 0;
  const parts = {
    incidents: [incident('1', { impact: 'catastrophic' }), incident('2', { impact: 'catastrophic' })],
    components: [component('a', 'on_fire')],
  };
  expect(sightingsOf(parts).map(({ event }) => event.severity)).toEqual(['warning', 'warning', 'warning']);
  expect(logged.lines).toMatchObject([
    { level: 'warn', msg: 'impact.unknown', impact: 'catastrophic', source: 'acme_status', request_id: 'req' },
    { level: 'warn', msg: 'component_status.unknown', component_status: 'on_fire' },
  ]);
});

it('logs ten of a thousand unknown words', () => {
  logged.lines.length = 0;
  sightingsOf({ components: Array.from({ length: 1000 }, (_, at) => component(`${at}`, `odd_${at}`)) });
  expect(logged.lines).toHaveLength(10);
});

it('shows a planned maintenance as one, and says of what is under way that it is', () => {
  const maintenances = [
    incident('1', { status: 'scheduled', scheduled_for: '2027-01-24T10:00:00Z' }),
    incident('2', { status: 'in_progress' }),
  ];
  expect(sightingsOf({ maintenances })).toMatchObject([
    {
      event: { severity: 'info', kind: 'incident', started_at: '2027-01-24T10:00:00.000Z', resolved_at: null },
      facts: { item: 'maintenance', status: 'scheduled', impact: 'maintenance' },
      traits: { item: 'maintenance' },
    },
    { facts: { item: 'maintenance', status: 'in_progress' } },
  ]);
});

it('ends an incident when the vendor says that it ended', () => {
  const sighting = oneIncident({ status: 'resolved', resolved_at: '2026-03-01T11:40:00+00:00' });
  expect(sighting).toMatchObject({ event: { resolved_at: '2026-03-01T11:40:00.000Z' }, resolvedAtGiven: true });
});

it.each([
  ['when the page changed', { updatedAt: '2026-03-01T11:50:00Z' }, '2026-03-01T11:50:00.000Z'],
  ['at the fetch, if the page changed before it began', { updatedAt: '2026-03-01T10:00:00Z' }, fetchedAt],
  ['at the fetch, if the page claims to be of the future', { updatedAt: '2099-01-01T00:00:00Z' }, fetchedAt],
  ['at the fetch, if the page does not say when it changed', {}, fetchedAt],
])('ends an incident that is called resolved without a time %s', (_when, parts, resolvedAt) => {
  const sighting = oneIncident({ status: 'resolved' }, parts);
  expect(sighting).toMatchObject({ event: { resolved_at: resolvedAt }, resolvedAtGiven: false });
});

it.each([
  ['given', { resolved_at: '2026-03-01T10:00:00Z' }],
  ['derived', { started_at: '2026-03-02T00:00:00Z' }],
])('never ends an incident before it began, though its end is %s', (_how, more) => {
  const event = oneIncident({ status: 'resolved', ...more })?.event;
  expect(event?.resolved_at).toBe(event?.started_at);
});

it('does not remember a change that lies in the future', () => {
  expect(oneIncident({ updated_at: '2099-01-01T00:00:00Z' })?.vendorUpdatedAt).toBeNull();
  expect(oneIncident({ updated_at: '2026-03-01T12:04:00Z' })?.vendorUpdatedAt).toBe('2026-03-01T12:04:00.000Z');
});

it('names the event of an outage after when it began, and keeps the name while it lasts', () => {
  const ongoing = [{ event_id: 'known', subject: 'acme_status:component:a', started_at: fetchedAt }];
  const parts = { components: [component('a', 'major_outage')] };
  expect(sightingsOf(parts, { ongoing }).map(({ event }) => event.event_id)).toEqual(['known']);
});

it('takes the time of the fetch for what does not say since when', () => {
  const bare = { id: 'a', name: 'A', status: 'major_outage' };
  expect(sightingsOf({ incidents: [bare], components: [bare] }).map(({ event }) => event.started_at)).toEqual([
    fetchedAt,
    fetchedAt,
  ]);
});

it('writes a name with line breaks on one line', () => {
  expect(oneIncident({ name: 'One\r\n\nTwo' })?.event.summary).toBe('One Two');
});

it('puts what is open first, the most serious first, an incident before a component, and absences last', () => {
  const observations = observe(
    summaryPayload(
      {
        incidents: [
          incident('over', { status: 'resolved' }),
          incident('minor', { impact: 'minor' }),
          incident('major'),
        ],
        components: [component('slow', 'degraded_performance'), component('down', 'major_outage')],
        maintenances: [incident('planned', { status: 'scheduled' })],
      },
      { ongoing: [{ event_id: 'gone', subject: 'acme_status:incident:gone', started_at: fetchedAt }] },
    ),
  );
  const names = observations.map((each) =>
    each.type === 'sighting' ? each.subject.split(':').at(-1) : each.type === 'absence' ? each.eventId : '',
  );
  expect(names).toEqual(['major', 'down', 'minor', 'slow', 'planned', 'over', 'gone']);
});

it('puts first what the rules make the most serious, an incident before a component', () => {
  const payload = summaryPayload({
    incidents: [incident('minor', { impact: 'minor', components: [{ id: 'named', name: 'N' }] })],
    components: [component('other', 'degraded_performance'), component('named', 'partial_outage')],
  });
  const order = (severityOf: (sighting: Sighting) => Severity) =>
    normalizer(
      { signalId: 's', requestId: 'req', vendor: 'status_page', source: 'acme_status', payload },
      severityOf,
    ).map((each) => each.type === 'sighting' && each.subject.split(':').at(-1));
  expect(order(({ event }) => event.severity)).toEqual(['named', 'minor', 'other']);
  expect(order(({ event, incidentSeverity }) => incidentSeverity ?? event.severity)).toEqual([
    'minor',
    'named',
    'other',
  ]);
  expect(order(({ subject }) => (subject.endsWith('other') ? 'warning' : 'info'))).toEqual(['other', 'named', 'minor']);
});

it('puts an incident that goes on before what it may name by now, and what an incident names before other components', () => {
  const ongoing = [{ event_id: 'known', subject: 'acme_status:incident:known', started_at: fetchedAt }];
  const parts = {
    incidents: [incident('new'), incident('known', { impact: 'minor', components: [{ id: 'named', name: 'N' }] })],
    components: [component('other', 'major_outage'), component('named', 'major_outage')],
  };
  const names = sightingsOf(parts, { ongoing }).map(({ subject }) => subject.split(':').at(-1));
  expect(names).toEqual(['known', 'new', 'named', 'other']);
});

it('marks what is found at the first look', () => {
  const parts = { incidents: [incident('1')], components: [component('a', 'major_outage')] };
  expect(sightingsOf(parts, { firstLook: true }).map(({ firstLook }) => firstLook)).toEqual([true, true]);
  expect(sightingsOf(parts)[0]).not.toHaveProperty('firstLook');
});

it('makes a blind page a warning of its own', () => {
  const since = '2026-03-01T11:00:00.000Z';
  expect(observe({ type: 'blind', page: 'acme', fetchedAt, since, error: 'HTTP 503' })).toMatchObject([
    {
      subject: 'acme_status:page',
      scope: 'acme_status',
      facts: { page: 'acme', item: 'page' },
      traits: { item: 'page' },
      event: {
        event_id: `acme_status:page:${since}`,
        kind: 'status',
        severity: 'warning',
        service: 'acme',
        description: 'HTTP 503',
        started_at: since,
      },
    },
  ]);
});

it('an incident says in which groups it affects a component, or that it may be any', () => {
  const payload = summaryPayload({ incidents: [incident('1')] });
  const [first] = payload.summary.incidents;
  if (!first) throw new Error('expected an incident');
  const components = [
    { id: 'sql', name: 'SQL', groups: ['north', 'south'] },
    { id: 'mail', name: 'Mail', groups: null },
  ];
  const summary = { ...payload.summary, incidents: [{ ...first, components }] };
  expect(observe({ ...payload, summary })[0]).toMatchObject({
    facts: { components: ['SQL', 'Mail'] },
    namedComponents: [
      { component: 'SQL', group: 'north' },
      { component: 'SQL', group: 'south' },
      { component: 'Mail' },
    ],
  });
});
