import { HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { fakePagerDuty } from '../support/pagerduty.ts';
import { startService } from '../support/service.ts';
import { fakePage, incident, statusUrl, summary } from '../support/status-page.ts';

const onFixtures = { STATUS_PAGES: '', PAGERDUTY_ROUTING_KEY: '' };
const otherUrl = 'https://status.other.test/summary.json';

it('answers the first and the second pull of the fixtures exactly as the contract says', async () => {
  const service = await startService(onFixtures);
  const fetched = { spreedly: 2, braze: 1 };
  const rest = { updated: 0, resolved: 0, errors: {}, skipped: [] };
  expect(await service.pull()).toEqual({ fetched, stored: 2, duplicates: 0, routed: 1, ...rest });
  expect(await service.pull()).toEqual({ fetched, stored: 0, duplicates: 2, routed: 0, ...rest });
});

it('never lets a fixture wake a person', async () => {
  const pagerDuty = fakePagerDuty();
  const service = await startService({ STATUS_PAGES: '' });
  expect(await service.pull()).toMatchObject({ fetched: {}, stored: 0, skipped: ['spreedly', 'braze'] });
  expect(pagerDuty.requests).toEqual([]);
});

it('processes the other pages when one fails, and says which and why', async () => {
  fakePagerDuty();
  fakePage().serve(summary({ incidents: [incident('1')] }));
  fakePage(otherUrl).serve(() => new HttpResponse(null, { status: 503 }));
  const service = await startService({ STATUS_PAGES: `acme=${statusUrl},other=${otherUrl}` });
  expect(await service.pull()).toMatchObject({ fetched: { acme: 1 }, stored: 1, errors: { other: 'HTTP 503' } });
});

it('answers 502 with the reasons by page only when every page failed', async () => {
  fakePage().serve(() => new HttpResponse('', { status: 200 }));
  fakePage(otherUrl).serve(() => new HttpResponse(null, { status: 503 }));
  const service = await startService({ STATUS_PAGES: `acme=${statusUrl},other=${otherUrl}` });
  const response = await service.request('/ingest/pull-status', { method: 'POST' });
  expect(response.status).toBe(502);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({
    title: 'Bad Gateway',
    detail: 'no status page could be read',
    errors: { acme: 'the answer is not JSON: it is empty', other: 'HTTP 503' },
  });
});

it('shares one fetch between pulls that come together', async () => {
  fakePagerDuty();
  const page = fakePage();
  const gate = Promise.withResolvers<void>();
  page.serve(async () => {
    await gate.promise;
    return HttpResponse.json(summary({ incidents: [incident('1')] }));
  });
  const service = await startService();
  const pulls = [service.pull(), service.pull()];
  gate.resolve();
  const [first, second] = await Promise.all(pulls);
  expect(first).toMatchObject({ stored: 1, routed: 1 });
  expect(second).toEqual(first);
  expect(page.requests).toHaveLength(1);
});

it('counts the last summary again when the page has not changed', async () => {
  fakePagerDuty();
  const page = fakePage();
  const service = await startService();
  page.serve(() => HttpResponse.json(summary({ incidents: [incident('1')] }), { headers: { etag: '"1"' } }));
  await service.pull();
  page.serve(() => new HttpResponse(null, { status: 304 }));
  expect(await service.pull()).toMatchObject({ fetched: { acme: 1 }, stored: 0, duplicates: 1, errors: {} });
});

it('answers 503 when the store cannot take what was pulled, and loses nothing of it', async () => {
  const pagerDuty = fakePagerDuty();
  fakePage().serve(summary({ updatedAt: '2026-03-01T11:00:00Z', incidents: [incident('1')] }));
  const memory = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  let isDown = true;
  const store: EventStore = {
    ...memory,
    transact: (keys, decide) =>
      isDown
        ? Promise.reject(new StoreUnavailable('store_unavailable', 'the disk is full'))
        : memory.transact(keys, decide),
  };
  const service = await startService({}, { store });

  const response = await service.request('/ingest/pull-status', { method: 'POST' });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
  isDown = false;
  expect(await service.pull()).toMatchObject({ stored: 1, routed: 1 });
  expect(pagerDuty.accepted).toEqual(['trigger acme_status:incident:1']);
});

it('polls by itself when an interval is set', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const asked = Promise.withResolvers<void>();
  page.serve(() => {
    asked.resolve();
    return HttpResponse.json(summary({ incidents: [incident('1')] }));
  });
  const service = await startService({ STATUS_POLL_INTERVAL_SECONDS: '60' });
  await asked.promise;
  await service.pull();
  expect(pagerDuty.accepted).toEqual(['trigger acme_status:incident:1']);
  expect(service.logged.of('event.stored')[0]?.request_id).toMatch(/^poll-/);
});
