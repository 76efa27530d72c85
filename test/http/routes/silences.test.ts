import { expect, it } from 'vitest';
import { startApi } from '../../support/api.ts';
import { rulesOf } from '../../support/rules.ts';
import { component, incident, summary } from '../../support/status-page.ts';
import { stripeEvent } from '../../support/stripe.ts';

const body = { when: { page: 'acme' }, until: '2h', by: 'jo', because: 'They move' };
const listOf = async ({ json }: ReturnType<typeof startApi>) => (await json('/silences')).silences;

it('a silence is made, listed, and stops what it matches until it ends', async () => {
  const api = startApi();
  const { status, body: made } = await api.post('/silences', body);
  expect(status).toBe(201);
  expect(made).toEqual({
    id: expect.stringMatching(/^sil_[0-9a-f-]{36}$/),
    origin: 'api',
    state: 'active',
    when: { page: 'acme' },
    from: '2026-03-01T12:00:00.000Z',
    until: '2026-03-01T14:00:00.000Z',
    by: 'jo',
    because: 'They move',
    stopped: [],
  });
  await api.pull(summary({ incidents: [incident('1')] }));
  expect(api.sent).toEqual([]);
  const silenced = await api.event('acme_status:incident:1');
  expect(silenced.routing_reason).toBe('Silenced until 2026-03-01T14:00:00.000Z: They move.');
  expect(await listOf(api)).toEqual([{ ...made, stopped: ['acme_status:incident:1'] }]);
  const alert = await api.alert('acme_status:incident:1');
  expect(alert.wake_at).toEqual({ at: '2026-03-01T14:00:00.000Z', because: 'a silence ends (They move)' });

  await api.timePasses(7_200_000);
  expect(api.sent).toMatchObject([{ action: 'trigger', alertId: 'acme_status:incident:1' }]);
  expect(await listOf(api)).toMatchObject([{ state: 'expired', stopped: ['acme_status:incident:1'] }]);
});

it('a silence that is ended early sends at once what is still open', async () => {
  const api = startApi();
  const { body: made } = await api.post('/silences', body);
  await api.pull(summary({ incidents: [incident('1')] }));
  const ended = await api.remove(`/silences/${made.id}`);
  expect(ended).toMatchObject({ status: 200, body: { state: 'expired', stopped: ['acme_status:incident:1'] } });
  expect(api.sent).toMatchObject([{ action: 'trigger' }]);
  expect(await api.remove(`/silences/${made.id}`)).toEqual(ended);
  expect(await listOf(api)).toHaveLength(1);
});

it('a silence never stops the end of what was told', async () => {
  const api = startApi();
  await api.pull(summary({ incidents: [incident('1')] }));
  await api.post('/silences', body);
  await api.pull(summary({}));
  expect(api.sent.map(({ action }) => action)).toEqual(['trigger', 'resolve']);
});

it('a silence until `resolved` is bound to the open alerts that match, and ends with them', async () => {
  const api = startApi();
  await api.pull(summary({ incidents: [incident('1')] }));
  await api.postStripe(stripeEvent('evt_1'));
  const { status, body: made } = await api.post('/silences', { ...body, until: 'resolved' });
  expect([status, made.until, made.stopped]).toEqual([201, 'resolved', ['acme_status:incident:1']]);
  await api.pull(summary({}));
  await expect.poll(async () => await listOf(api)).toMatchObject([{ state: 'expired' }]);
});

it('what a silence would concern is told beforehand: which open alerts, and how many of their events', async () => {
  const api = startApi();
  await api.pull(summary({}));
  const incidents = [incident('1', { name: 'Slow payments' })];
  await api.pull(summary({ incidents, components: [component('a', 'major_outage', { name: 'API' })] }));
  await api.postStripe(stripeEvent('evt_1'));
  const matches = async (when: object) => {
    const { status, body: answer } = await api.post('/silences/matches', { when });
    return [status, answer.alert_count, ...answer.alerts];
  };
  const [, , alert] = await matches({ page: 'acme' });
  expect(await matches({ page: 'acme' })).toEqual([
    200,
    1,
    {
      alert_id: alert.alert_id,
      title: 'Slow payments',
      source: 'acme_status',
      severity: 'critical',
      open_event_count: 2,
      matched_event_count: 2,
    },
  ]);
  expect(await matches({ page: 'acme', component: 'API' })).toMatchObject([200, 1, { matched_event_count: 1 }]);
  expect(await matches({ component: 'Push' })).toEqual([200, 0]);
  expect(await matches({ severity: 'critical' })).toMatchObject([200, 2, {}, {}]);
  expect(await listOf(api)).toEqual([]);
  expect(await api.post('/silences/matches', { when: { page: 'amce' } })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'when.page', message: expect.stringContaining('did you mean "acme"') }] },
  });
  expect(await api.post('/silences/matches', { when: {} })).toMatchObject({ status: 400 });
});

it('a silence until `resolved` is refused while no open alert matches', async () => {
  const api = startApi();
  await api.postStripe(stripeEvent('evt_1'));
  expect(await api.post('/silences', { ...body, until: 'resolved' })).toMatchObject({
    status: 400,
    body: { errors: [{ path: 'until', message: 'no open alert matches' }] },
  });
  expect(await listOf(api)).toEqual([]);
});

it.each([
  [{ ...body, until: '2026-03-01T11:00:00Z' }, 'until'],
  [{ ...body, until: '8d' }, 'until'],
  [{ ...body, until: undefined }, 'until'],
  [{ ...body, because: undefined }, 'because'],
  [{ ...body, when: {} }, 'when'],
  [{ ...body, when: { pge: 'acme' } }, 'when.pge'],
  [{ ...body, when: { page: 'nobody' } }, 'when.page'],
  [{ ...body, when: { during: 'night' } }, 'when.during'],
])('%j is refused, naming the field', async (wrong, path) => {
  const api = startApi();
  const { status, body: problem } = await api.post('/silences', wrong);
  expect(status).toBe(400);
  expect(problem.errors.map((error: { readonly path: string }) => error.path)).toContain(path);
});

it('an end that is none is answered with the three forms that there are', async () => {
  const { body: problem } = await startApi().post('/silences', { ...body, until: 'tomorrow' });
  expect(problem.errors).toEqual([
    { path: 'until', message: 'expected a length such as 2h, a time such as 2026-12-05T22:00, or resolved' },
  ]);
});

it('those of the file are listed first, and end only there', async () => {
  const rules = rulesOf(`
version: 1
destinations: { pagerduty: { type: mock } }
status_pages: { acme: https://status.acme.test }
routes: [{ name: all, send: [pagerduty] }]
silences: [{ when: { page: acme }, from: 2026-03-02T00:00, until: 4h, because: Planned work }]
`);
  const api = startApi({ rules });
  await api.post('/silences', body);
  const silences = await listOf(api);
  expect(silences).toMatchObject([
    { origin: 'file', state: 'planned', because: 'Planned work' },
    { origin: 'api', state: 'active' },
  ]);
  expect(await api.remove(`/silences/${encodeURIComponent(silences[0].id)}`)).toMatchObject({
    status: 409,
    body: { detail: 'this silence is written in the rules file: change or remove it there' },
  });
  expect(await api.remove('/silences/sil_none')).toMatchObject({ status: 404 });
});

it('a silence that is made later holds back what a window would send at its end', async () => {
  const rules = rulesOf(`
version: 1
destinations: { pagerduty: { type: mock } }
windows: { lunch: { from: "11:00", to: "12:30" } }
routes: [{ name: after lunch, when: { during: lunch }, send: [], at_end_of_window: [pagerduty] }]
`);
  const api = startApi({ rules });
  await api.pull(summary({ incidents: [incident('1')] }));
  await api.post('/silences', body);
  await api.timePasses(1_800_000);
  expect(api.sent).toEqual([]);
  expect(await api.alert('acme_status:incident:1')).toMatchObject({ wake_at: { at: '2026-03-01T14:00:00.000Z' } });
});
