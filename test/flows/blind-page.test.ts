// A monitor that is blind must say that it is blind.
import { HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { fakePagerDuty } from '../support/pagerduty.ts';
import { startService } from '../support/service.ts';
import { fakePage, incident, summary } from '../support/status-page.ts';

const blindSince = (iso: string) => `acme_status:page:${iso}`;

it('raises one warning for a page that has failed for too long, and resolves it when the page can be read again', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await startService({ STATUS_STALE_AFTER_SECONDS: '120', ROUTE_WARNING: 'true' });
  const pullAfter = (seconds: number) => {
    service.clock.advance(seconds * 1000);
    return service.pull();
  };
  page.serve(summary({ incidents: [incident('1')] }));
  await pullAfter(0);

  page.serve(() => new HttpResponse(null, { status: 500 }));
  await pullAfter(60);
  await pullAfter(60);
  expect(await service.events('?state=open')).toHaveLength(1);
  await pullAfter(60);
  await pullAfter(60);

  const eventId = blindSince('2026-03-01T12:01:00.000Z');
  expect(await service.event(eventId)).toMatchObject({
    kind: 'status',
    severity: 'warning',
    service: 'acme',
    started_at: '2026-03-01T12:01:00.000Z',
    resolved_at: null,
    seen_count: 2,
    raw: { page: 'acme', error: 'HTTP 500' },
  });
  page.serve(summary({ incidents: [incident('1')] }));
  expect(await pullAfter(60)).toMatchObject({ resolved: 1, duplicates: 1 });

  expect(await service.event(eventId)).toMatchObject({ resolved_at: '2026-03-01T12:05:00.000Z' });
  expect(pagerDuty.accepted).toEqual(['trigger acme_status:incident:1', `trigger ${eventId}`, `resolve ${eventId}`]);
  const conditions = service.logged.of('page.changed').map(({ to }) => to);
  expect(conditions).toEqual(['good', 'failing', 'blind', 'good']);
});

it('makes its next blindness a new event', async () => {
  const page = fakePage();
  const service = await startService({ STATUS_STALE_AFTER_SECONDS: '1' });
  for (let round = 0; round < 2; round++) {
    page.serve(() => new HttpResponse(null, { status: 500 }));
    for (let pull = 0; pull < 2; pull++) {
      service.clock.advance(60_000);
      await service.pull();
    }
    service.clock.advance(60_000);
    page.serve(summary({}));
    await service.pull();
  }
  expect((await service.events()).map(({ event_id: id, resolved_at: end }) => [id, end])).toEqual([
    [blindSince('2026-03-01T12:04:00.000Z'), '2026-03-01T12:06:00.000Z'],
    [blindSince('2026-03-01T12:01:00.000Z'), '2026-03-01T12:03:00.000Z'],
  ]);
});

it('shows what is known of each page, and which are skipped', async () => {
  const page = fakePage();
  const service = await startService();
  page.serve(summary({ updatedAt: '2026-03-01T11:00:00Z' }));
  await service.pull();
  service.clock.advance(60_000);
  page.serve(() => new HttpResponse(null, { status: 500 }));
  await service.pull();

  expect(await (await service.request('/pages')).json()).toEqual({
    pages: [
      {
        name: 'acme',
        source: 'acme_status',
        condition: 'failing',
        page_id: 'acme',
        newest_updated_at: '2026-03-01T11:00:00.000Z',
        last_good_at: '2026-03-01T12:00:00.000Z',
        last_attempt_at: '2026-03-01T12:01:00.000Z',
        last_error: 'HTTP 500',
        consecutive_failures: 1,
        failing_since: '2026-03-01T12:01:00.000Z',
        candidate: null,
      },
    ],
    skipped: ['spreedly', 'braze'],
  });
});

it('knows a page across a restart: how old the newest copy was, and since when it has failed', async () => {
  fakePagerDuty();
  const page = fakePage();
  const store = createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
  const before = await startService({}, { store });
  page.serve(summary({ updatedAt: '2026-03-01T11:00:00Z', incidents: [incident('1')] }));
  await before.pull();
  page.serve(() => new HttpResponse(null, { status: 500 }));
  before.clock.advance(60_000);
  await before.pull();

  const after = await startService({}, { store });
  after.clock.advance(120_000);
  page.serve(summary({ updatedAt: '2026-03-01T10:00:00Z' }));
  expect(await after.pull()).toMatchObject({ fetched: { acme: 0 }, resolved: 0 });
  expect(await (await after.request('/pages')).json()).toMatchObject({
    pages: [
      { condition: 'stale', failing_since: '2026-03-01T12:01:00.000Z', last_good_at: '2026-03-01T12:00:00.000Z' },
    ],
  });
  expect(await after.events('?state=open')).toHaveLength(1);
});
