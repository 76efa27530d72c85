import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { pullStatusRoutes } from '../../../src/http/routes/pull-status.ts';
import { startApi } from '../../support/api.ts';
import { component, incident, summary } from '../../support/status-page.ts';

const pull = { method: 'POST' };
const fixture = (name: string) => () =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/statuspage/${name}_summary.json`, import.meta.url), 'utf8'));

it('the first call on the fixtures, and the second, answer exactly what the contract says', async () => {
  const api = startApi({ pages: { spreedly: fixture('spreedly'), braze: fixture('braze') } });
  const first = await api.request('/ingest/pull-status', pull);
  expect(first.status).toBe(200);
  expect(await first.text()).toBe(
    '{"fetched":{"spreedly":2,"braze":1},"stored":2,"updated":0,"resolved":0,"duplicates":0,"routed":1,"errors":{},"skipped":["spreedly"]}',
  );
  expect(await api.pull()).toEqual({
    fetched: { spreedly: 2, braze: 1 },
    stored: 0,
    updated: 0,
    resolved: 0,
    duplicates: 2,
    routed: 0,
    errors: {},
    skipped: ['spreedly'],
  });
});

it('a status page that fails is named, and the others are processed all the same', async () => {
  const html = () => {
    throw new Error('the answer is not JSON');
  };
  const acme = () => summary({ incidents: [incident('1', { impact: 'minor' })] });
  const answer = await startApi({ pages: { acme, other: html } }).pull();
  expect(answer).toMatchObject({ fetched: { acme: 1 }, stored: 1, errors: { other: 'the answer is not JSON' } });
  expect(answer.fetched).not.toHaveProperty('other');
});

it('a malformed item is named under its status page, whose other items count', async () => {
  const answer = await startApi().pull(summary({ incidents: [incident('1', { impact: 'minor' }), { id: '2' }] }));
  expect(answer).toMatchObject({ fetched: { acme: 1 }, stored: 1 });
  expect(answer.errors).toEqual({ acme: expect.stringMatching(/^incidents\[1\]: name: /) });
});

it('when every status page fails the answer is 502, with each reason', async () => {
  const api = startApi();
  api.failToServe();
  const response = await api.request('/ingest/pull-status', pull);
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

it('with no status page at all there is nothing to do, and that is no failure', async () => {
  expect(await startApi({ pages: {} }).pull()).toMatchObject({ fetched: {}, stored: 0, skipped: ['spreedly'] });
});

it('an outage is counted as it goes: stored, updated, a duplicate, resolved', async () => {
  const api = startApi();
  const counts = async (served: object) => {
    const { stored, updated, duplicates, resolved } = await api.pull(served);
    return [stored, updated, duplicates, resolved];
  };
  const minor = { impact: 'minor' };
  expect(await counts(summary({ incidents: [incident('1', minor)] }))).toEqual([1, 0, 0, 0]);
  expect(await counts(summary({ incidents: [incident('1', { ...minor, name: 'Other' })] }))).toEqual([0, 1, 0, 0]);
  expect(await counts(summary({ incidents: [incident('1', { ...minor, name: 'Other' })] }))).toEqual([0, 0, 1, 0]);
  expect(await counts(summary({ components: [component('a', 'operational')] }))).toEqual([0, 0, 0, 1]);
});

it('what joins an alert that was told counts as routed: it is handed over as an update', async () => {
  const api = startApi();
  await api.pull(summary({}));
  const down = (...ids: readonly string[]) => summary({ components: ids.map((id) => component(id, 'major_outage')) });
  expect(await api.pull(down('a'))).toMatchObject({ stored: 1, routed: 1 });
  expect(await api.pull(down('a', 'b', 'c'))).toMatchObject({ stored: 2, duplicates: 1, routed: 2 });
});

const eventId = 'e1';
it.each([
  ['stored', { kind: 'stored', eventId, routed: true }, { stored: 1, routed: 1 }],
  ['updated', { kind: 'updated', eventId, routed: false }, { updated: 1 }],
  ['updated', { kind: 'reopened', eventId, routed: true }, { updated: 1, routed: 1 }],
  ['resolved', { kind: 'resolved', eventId, routed: false }, { resolved: 1 }],
  ['a duplicate', { kind: 'duplicate', eventId, routed: false }, { duplicates: 1 }],
  ['a duplicate', { kind: 'older', eventId, routed: false }, { duplicates: 1 }],
  ['nothing', { kind: 'revised', eventId, routed: false }, {}],
  ['nothing', { kind: 'ignored', eventId, routed: false }, {}],
  ['nothing', { kind: 'failed', eventId, error: new Error('x'), routed: false }, {}],
] as const)('an outcome counts as %s: %j', async (_, outcome, counts) => {
  const base = { page: 'acme', ok: true, verdict: 'good', fetched: 1, skipped: 0, errors: [] } as const;
  const report = { ...base, outcomes: [outcome] };
  const poller = {
    pull: async () => [report],
    pullAnew: async () => undefined,
    states: async () => [],
    start: () => undefined,
    stop: async () => undefined,
  };
  const response = await pullStatusRoutes(poller, () => []).request('/ingest/pull-status', pull);
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
