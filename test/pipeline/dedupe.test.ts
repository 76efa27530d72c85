import { expect, it } from 'vitest';
import type { Found } from '../../src/domain/event-record.ts';
import type { Observation } from '../../src/domain/observation.ts';
import { dedupe } from '../../src/pipeline/dedupe.ts';
import { anAbsence, aRecord, aSighting } from '../support/builders.ts';
import { aDraft, aSnapshot } from '../support/draft.ts';

const run = (event: Found, observation: Observation) =>
  dedupe.run(aDraft({ observation, snapshot: aSnapshot({ event }) }));

it.each<[string, Found, Observation]>([
  ['stored', undefined, aSighting()],
  ['updated', aRecord(), aSighting({ severity: 'info' })],
  ['resolved', aRecord(), anAbsence()],
])('goes on with what is %s, and its history', (change, found, observation) => {
  const draft = run(found, observation);
  expect(draft).toMatchObject({ change, event: { request_id: 'req-1' }, eventHistory: [{ change }] });
  expect(draft.stopped).toBeUndefined();
});

const reconsideration = { type: 'reconsideration', eventId: 'acme_status:incident:1', scope: 'acme_status' } as const;

it('goes on with an open event that new rules are asked of, in whose history nothing has happened yet', () => {
  expect(run(aRecord(), reconsideration)).toMatchObject({ change: 'updated', event: aRecord(), eventHistory: [] });
});

it.each<[string, Found]>([
  ['was never stored', undefined],
  ['is only an id now', 'expired'],
  ['has ended', aRecord({ resolved_at: '2026-03-01T11:30:00.000Z' })],
])('asks new rules nothing of an event that %s', (_which, found) => {
  const draft = run(found, reconsideration);
  expect(draft).toMatchObject({ stopped: 'ignored', eventHistory: [] });
  expect(draft.event).toBeUndefined();
});

it('stops at a duplicate, but keeps that it was seen again', () => {
  expect(run(aRecord(), aSighting())).toMatchObject({
    stopped: 'duplicate',
    event: { seen_count: 2 },
    eventHistory: [],
  });
});

it('stops at a duplicate of which only the id is left', () => {
  const draft = run('expired', aSighting());
  expect(draft.stopped).toBe('duplicate');
  expect(draft.event).toBeUndefined();
});

it.each<[string, Found, Observation]>([
  [
    'older',
    aRecord({}, { vendor_updated_at: '2026-03-01T11:50:00.000Z' }),
    aSighting({}, { vendorUpdatedAt: '2026-03-01T11:00:00.000Z' }),
  ],
  ['ignored', undefined, anAbsence()],
])('stops at what is %s, and changes nothing', (stopped, found, observation) => {
  const draft = run(found, observation);
  expect(draft).toMatchObject({ stopped, eventHistory: [] });
  expect(draft.event).toBeUndefined();
});
