import { HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import { pullStatusRoutes } from '../../../src/http/routes/pull-status.ts';
import { startService } from '../../support/service.ts';
import { component, fakePage, incident, summary } from '../../support/status-page.ts';

const pull = { method: 'POST' };
const onFixtures = { STATUS_PAGES: '', PAGERDUTY_ROUTING_KEY: '' };

it('the first call on the fixtures, and the second, answer exactly what the contract says', async () => {
  const { request } = await startService(onFixtures);
  const first = await request('/ingest/pull-status', pull);
  expect(first.status).toBe(200);
  expect(await first.text()).toBe(
    '{"fetched":{"spreedly":2,"braze":1},"stored":2,"updated":0,"resolved":0,"duplicates":0,"routed":1,"errors":{},"skipped":[]}',
  );
  const second = await request('/ingest/pull-status', pull);
  expect(await second.json()).toEqual({
    fetched: { spreedly: 2, braze: 1 },
    stored: 0,
    updated: 0,
    resolved: 0,
    duplicates: 2,
    routed: 0,
    errors: {},
    skipped: [],
  });
});

it('a page without a URL is skipped when a real PagerDuty could be woken by its fixture', async () => {
  fakePage().serve(summary({}));
  const { pull } = await startService();
  expect(await pull()).toMatchObject({ fetched: { acme: 0 }, skipped: ['spreedly', 'braze'] });
});

it('a page that fails is named, and the others are processed all the same', async () => {
  fakePage('https://status.other.test/summary.json').serve(() => new HttpResponse('<html>', { status: 200 }));
  fakePage().serve(summary({ incidents: [incident('1', { impact: 'minor' })] }));
  const { request } = await startService({
    STATUS_PAGES: 'acme=https://status.acme.test/api/v2/summary.json,other=https://status.other.test/summary.json',
  });
  const response = await request('/ingest/pull-status', pull);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    fetched: { acme: 1 },
    stored: 1,
    errors: { other: 'the answer is not JSON: it looks like HTML' },
  });
});

it('a malformed item is named under its page, whose other items count', async () => {
  fakePage().serve(summary({ incidents: [incident('1', { impact: 'minor' }), { id: '2' }], components: [] }));
  const { pull } = await startService();
  const answer = await pull();
  expect(answer).toMatchObject({ fetched: { acme: 1 }, stored: 1 });
  expect(answer.errors).toEqual({ acme: expect.stringMatching(/^incidents\[1\]: name: /) });
});

it('when every page fails the answer is 502, with the reason by page', async () => {
  fakePage().serve(() => new HttpResponse(null, { status: 500 }));
  const { request } = await startService();
  const response = await request('/ingest/pull-status', pull);
  expect(response.status).toBe(502);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Bad Gateway',
    status: 502,
    detail: 'no status page could be read',
    request_id: response.headers.get('x-request-id'),
    errors: { acme: expect.stringContaining('500') },
  });
});

it('with no page at all there is nothing to do, and that is no failure', async () => {
  const { request } = await startService({ STATUS_PAGES: '' });
  const response = await request('/ingest/pull-status', pull);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ fetched: {}, stored: 0, skipped: ['spreedly', 'braze'] });
});

it('an outage is counted as it goes: stored, updated, a duplicate, resolved', async () => {
  const page = fakePage();
  const { pull } = await startService();
  const counts = async (answer: Parameters<typeof page.serve>[0]) => {
    page.serve(answer);
    const { stored, updated, duplicates, resolved } = await pull();
    return [stored, updated, duplicates, resolved];
  };
  const minor = { impact: 'minor' };
  expect(await counts(summary({ incidents: [incident('1', minor)] }))).toEqual([1, 0, 0, 0]);
  expect(await counts(summary({ incidents: [incident('1', { ...minor, name: 'Other' })] }))).toEqual([0, 1, 0, 0]);
  expect(await counts(summary({ incidents: [incident('1', { ...minor, name: 'Other' })] }))).toEqual([0, 0, 1, 0]);
  expect(await counts(summary({ components: [component('a', 'operational')] }))).toEqual([0, 0, 0, 1]);
});

const eventId = 'e1';
it.each([
  ['stored', { kind: 'stored', eventId, triggered: true }, { stored: 1, routed: 1 }],
  ['updated', { kind: 'updated', eventId, triggered: false }, { updated: 1 }],
  ['updated', { kind: 'reopened', eventId, triggered: true }, { updated: 1, routed: 1 }],
  ['resolved', { kind: 'resolved', eventId, triggered: false }, { resolved: 1 }],
  ['a duplicate', { kind: 'duplicate', eventId, triggered: false }, { duplicates: 1 }],
  ['a duplicate', { kind: 'older', eventId, triggered: false }, { duplicates: 1 }],
  ['nothing', { kind: 'revised', eventId, triggered: false }, {}],
  ['nothing', { kind: 'ignored', eventId, triggered: false }, {}],
  ['nothing', { kind: 'failed', error: new Error('x'), triggered: false }, {}],
] as const)('an outcome counts as %s: %j', async (_, outcome, counts) => {
  const base = { page: 'acme', ok: true, verdict: 'good', fetched: 1, skipped: 0, errors: [] } as const;
  const report = { ...base, outcomes: [outcome] };
  const poller = {
    pull: async () => ({ pages: [report] }),
    states: async () => [],
    start: () => undefined,
    stop: async () => undefined,
  };
  const response = await pullStatusRoutes(poller, []).request('/ingest/pull-status', pull);
  expect(await response.json()).toEqual({
    fetched: { acme: 1 },
    stored: 0,
    updated: 0,
    resolved: 0,
    duplicates: 0,
    routed: 0,
    errors: {},
    skipped: [],
    ...counts,
  });
});
