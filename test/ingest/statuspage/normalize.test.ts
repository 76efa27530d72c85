import { expect, it } from 'vitest';
import { createStatuspageNormalizer, type StatuspagePayload } from '../../../src/ingest/statuspage/normalize.ts';
import { collectLog } from '../../support/log.ts';
import { component, incident } from '../../support/status-page.ts';

const fetchedAt = '2026-03-01T12:00:00.000Z';
const sighting = { page: 'acme', pageUpdatedAt: null, fetchedAt };
const logged = collectLog();
const normalizer = createStatuspageNormalizer(logged.log);

const normalize = (payload: StatuspagePayload) =>
  normalizer({ signalId: 's', requestId: 'req', vendor: 'statuspage', source: 'acme_status', payload });
const seen = (payload: StatuspagePayload) => {
  const observation = normalize(payload);
  if (observation.type !== 'seen') throw new Error('expected a sighting');
  return observation;
};
const seenIncident = (more: object, rest: object = {}) =>
  seen({ type: 'incident', ...sighting, isMaintenance: false, incident: { ...incident('1'), ...more }, ...rest });
const seenComponent = (status: string, openEventId: string | null = null) =>
  seen({ type: 'component', ...sighting, component: component('a', status), openEventId });

it('turns an incident into an event of its page', () => {
  const raw = incident('1', { incident_updates: [{ body: 'We are on it', created_at: '2026-03-01T11:00:00Z' }] });
  expect(seen({ type: 'incident', ...sighting, isMaintenance: false, incident: raw })).toEqual({
    type: 'seen',
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
    subject: 'acme_status:incident:1',
    vendorUpdatedAt: '2026-03-01T11:00:00.000Z',
    revisable: true,
    resolvedAtGiven: false,
    testMode: false,
  });
});

it.each([
  ['critical', 'critical'],
  ['major', 'critical'],
  ['minor', 'warning'],
  ['none', 'info'],
  ['maintenance', 'info'],
  [undefined, 'warning'],
  ['catastrophic', 'warning'],
])('gives an incident of impact %s the severity %s', (impact, severity) => {
  expect(seenIncident({ impact }).event.severity).toBe(severity);
});

it.each([
  ['degraded_performance', 'warning'],
  ['partial_outage', 'critical'],
  ['major_outage', 'critical'],
  ['under_maintenance', 'info'],
  ['on_fire', 'warning'],
])('gives a component that is %s the severity %s', (status, severity) => {
  expect(seenComponent(status).event).toMatchObject({
    kind: 'status',
    severity,
    service: 'Component a',
    summary: `Component a: ${status}`,
    description: null,
  });
});

it('logs an impact and a component status that it does not know', () => {
  logged.lines.length = 0;
  seenIncident({ impact: 'catastrophic' });
  seenComponent('on_fire');
  expect(logged.lines).toMatchObject([
    { level: 'warn', msg: 'impact.unknown', impact: 'catastrophic', source: 'acme_status', request_id: 'req' },
    { level: 'warn', msg: 'component_status.unknown', component_status: 'on_fire' },
  ]);
});

it.each([
  [
    'started_at',
    { started_at: '2026-03-01T10:00:00Z', created_at: '2026-03-01T09:00:00Z' },
    '2026-03-01T10:00:00.000Z',
  ],
  ['created_at', { started_at: null, created_at: '2026-03-01T09:00:00-01:00' }, '2026-03-01T10:00:00.000Z'],
  ['the time of the fetch', { started_at: null }, fetchedAt],
])('takes the start of an incident from %s', (_where, more, startedAt) => {
  expect(seenIncident(more).event.started_at).toBe(startedAt);
});

it('takes a scheduled maintenance as an incident of impact maintenance that begins when it is scheduled for', () => {
  const raw = incident('m', { impact: 'major', scheduled_for: '2026-03-09T00:00:00Z' });
  expect(seen({ type: 'incident', ...sighting, isMaintenance: true, incident: raw }).event).toMatchObject({
    severity: 'info',
    kind: 'incident',
    started_at: '2026-03-09T00:00:00.000Z',
  });
});

it.each(['resolved', 'postmortem', 'completed'])(
  'ends an incident whose status is %s when the page changed',
  (status) => {
    const { event, resolvedAtGiven } = seenIncident({ status }, { pageUpdatedAt: '2026-03-01T11:50:00.000Z' });
    expect(event.resolved_at).toBe('2026-03-01T11:50:00.000Z');
    expect(resolvedAtGiven).toBe(false);
  },
);

it('ends an incident when the vendor says that it ended', () => {
  const { event, resolvedAtGiven } = seenIncident({ status: 'resolved', resolved_at: '2026-03-01T11:40:00+00:00' });
  expect(event.resolved_at).toBe('2026-03-01T11:40:00.000Z');
  expect(resolvedAtGiven).toBe(true);
});

it('describes an incident by its newest update, in whatever order they are listed', () => {
  const update = (body: string | null, at?: string) => ({ body, created_at: at });
  const dated = [update('old', '2026-03-01T10:00:00Z'), update('new', '2026-03-01T13:00:00+02:00')];
  expect(seenIncident({ incident_updates: dated }).event.description).toBe('new');
  expect(seenIncident({ incident_updates: [update('first'), update('second')] }).event.description).toBe('first');
  expect(seenIncident({ incident_updates: [update(null)] }).event.description).toBeNull();
  expect(seenIncident({ incident_updates: [] }).event.description).toBeNull();
});

it('names the event of an outage after when it began, and keeps the name while it lasts', () => {
  const id = 'acme_status:component:a:2026-03-01T11:30:00.000Z';
  expect(seenComponent('major_outage')).toMatchObject({ subject: 'acme_status:component:a', event: { event_id: id } });
  expect(seenComponent('major_outage', 'the event that is open').event.event_id).toBe('the event that is open');
});

it('takes the time of the fetch for a component that does not say since when', () => {
  const bare = { id: 'a', name: 'A', status: 'major_outage' };
  const { event } = seen({ type: 'component', ...sighting, component: bare, openEventId: null });
  expect(event).toMatchObject({ event_id: `acme_status:component:a:${fetchedAt}`, started_at: fetchedAt });
});

it('writes a name with line breaks on one line', () => {
  expect(seenIncident({ name: 'One\r\n\nTwo' }).event.summary).toBe('One Two');
});

it('makes a blind page a warning of its own', () => {
  const since = '2026-03-01T11:00:00.000Z';
  expect(seen({ type: 'blind', ...sighting, since, error: 'HTTP 503' })).toMatchObject({
    subject: 'acme_status:page',
    event: {
      event_id: `acme_status:page:${since}`,
      kind: 'status',
      severity: 'warning',
      service: 'acme',
      description: 'HTTP 503',
      started_at: since,
    },
  });
});

it.each([
  ['the page changed after the start', '2026-03-01T11:59:00.000Z', '2026-03-01T11:59:00.000Z'],
  ['the page changed before the start', '2026-03-01T10:00:00.000Z', fetchedAt],
  ['the page does not say when it changed', null, fetchedAt],
])('tells when something is gone if %s', (_when, pageUpdatedAt, resolvedAt) => {
  const startedAt = '2026-03-01T11:00:00.000Z';
  const payload = { type: 'gone', ...sighting, pageUpdatedAt, eventId: 'e', startedAt, reason: 'why' } as const;
  expect(normalize(payload)).toEqual({ type: 'gone', eventId: 'e', resolvedAt, reason: 'why' });
});
