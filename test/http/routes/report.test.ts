import { expect, it } from 'vitest';
import { fakePagerDuty } from '../../support/pagerduty.ts';
import { startService } from '../../support/service.ts';
import { fakePage, incident, summary } from '../../support/status-page.ts';

const startWithOutage = async () => {
  fakePagerDuty();
  const page = fakePage();
  const service = await startService();
  page.serve(summary({}));
  await service.pull();
  service.clock.advance(600_000);
  const at = new Date(service.clock.now() - 120_000).toISOString();
  page.serve(summary({ incidents: [incident('1', { started_at: at, updated_at: at })] }));
  await service.pull();
  service.clock.advance(1_800_000);
  await service.app.tick();
  return service;
};

it('a vendor has a report with what is open now', async () => {
  const { request } = await startWithOutage();
  const response = await request('/sources/acme_status/report');
  const report = JSON.parse(await response.text());
  expect(response.status).toBe(200);
  expect(report.days).toHaveLength(90);
  expect(report.totals).toEqual({
    critical_minutes: 32,
    warning_minutes: 0,
    alerts: 1,
    lead: { alerts: 1, median_seconds_to_seen: 120, median_seconds_to_notified: 120 },
  });
});

it.each([
  ['/sources/acme_status/report?format=csv', {}],
  ['/sources/acme_status/report', { accept: 'text/csv' }],
])('%s is CSV with %j', async (path, headers) => {
  const { request } = await startWithOutage();
  const response = await request(path, { headers });
  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="acme_status-[\d-]+\.csv"$/);
  const lines = (await response.text()).trim().split('\r\n');
  expect([lines.length, lines.at(-1)]).toEqual([
    91,
    expect.stringMatching(/^acme_status,[\d-]+,critical,32,0,1,120,120$/),
  ]);
});

it('from and to are days, both included', async () => {
  const { request } = await startWithOutage();
  const report = JSON.parse(await (await request('/sources/acme_status/report?from=2026-01-31&to=2026-02-02')).text());
  expect([report.from, report.to, report.days.length]).toEqual(['2026-01-31', '2026-02-02', 3]);
});

it.each(['from=yesterday', 'from=2026-03-02&to=2026-03-01', 'from=2020-01-01', 'format=xml', 'x=1'])(
  '?%s is answered 400',
  async (query) => {
    const { request } = await startService();
    expect((await request(`/sources/acme_status/report?${query}`)).status).toBe(400);
  },
);

it('a day that is none is told what a day looks like', async () => {
  const { request } = await startService();
  expect(await (await request('/sources/acme_status/report?to=2026-13-01')).json()).toMatchObject({
    errors: [{ path: 'to', message: 'expected a day such as 2026-01-31, or a time on it' }],
  });
});

it('a source that nobody knows is answered 404, and all of it needs the token', async () => {
  const { request } = await startService({ API_TOKEN: 'secret' });
  const headers = { authorization: 'Bearer secret' };
  expect((await request('/sources/other_status/report', { headers })).status).toBe(404);
  expect((await request('/sources/stripe/report', { headers })).status).toBe(200);
  expect((await request('/sources/stripe/report')).status).toBe(401);
});
