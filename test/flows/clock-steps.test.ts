// Times that cannot be right: a vendor's in the future, and our own clock that steps.
import { expect, it } from 'vitest';
import { accepted, refused } from '../support/pagerduty.ts';
import { playing } from '../support/playing.ts';
import { component, incident } from '../support/status-page.ts';

const incidentId = 'acme_status:incident:1';
const hour = 3_600_000;

it('a status page that once gave a time in the future is believed afterwards', async () => {
  const { pagerDuty, poll } = await playing();
  await poll({});
  await poll({ updatedAt: '2099-01-01T00:00:00Z' });
  expect(await poll({ incidents: [incident('1')] })).toMatchObject({ stored: 1, routed: 1 });
  expect(await poll({})).toMatchObject({ resolved: 1 });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it('an incident that once gave a time in the future can become worse and end', async () => {
  const { pagerDuty, service, poll } = await playing();
  await poll({});
  await poll({ incidents: [incident('1', { impact: 'minor', updated_at: '2099-01-01T00:00:00Z' })] });
  await poll({ incidents: [incident('1', { impact: 'major' })] });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);
  await poll({ incidents: [incident('1', { status: 'resolved', resolved_at: '2026-03-01T10:00:00Z' })] });
  // It cannot have ended before it began.
  expect(await service.event(incidentId)).toMatchObject({ resolved_at: expect.stringMatching(/^2026-03-01T1[12]:/) });
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it('after our clock stepped back an hour, what waits is sent at once, and outages begin and end as before', async () => {
  const { pagerDuty, service, poll, wait } = await playing({ DELIVERY_RETRY_MIN_MS: '20000' });
  await poll({});
  pagerDuty.answer = () => refused(503);
  await poll({ incidents: [incident('1')] });
  expect(pagerDuty.requests).toHaveLength(1);
  pagerDuty.answer = accepted;
  await wait(-hour);
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`]);

  const second = component('a', 'major_outage', { updated_at: '2026-03-01T03:00:00Z' });
  await poll({ incidents: [incident('1')], components: [second] });
  expect(await service.events('?state=open')).toHaveLength(2);
  await poll({ components: [component('a', 'operational')] });
  expect(await service.events('?state=open')).toEqual([]);
  expect(pagerDuty.incidents().filter(({ isOpen }) => isOpen)).toEqual([]);
});

it.each([
  ['back by a day', -24 * hour],
  ['ahead by a day', 24 * hour],
])('a clock that steps %s tells nobody twice of what is open, and of its end once', async (_how, ms) => {
  const { pagerDuty, poll, wait } = await playing();
  const open = { incidents: [incident('1')] };
  await poll({});
  await poll(open);
  await wait(ms);
  await poll(open);
  await wait(60_000);
  await poll({});
  await wait(60_000);
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it('an alert that eases is closed although our clock stepped back meanwhile', async () => {
  const { pagerDuty, poll, wait } = await playing();
  await poll({});
  await poll({ incidents: [incident('1')] });
  await poll({ incidents: [incident('1', { impact: 'minor' })] });
  await wait(-hour);
  await wait(31 * 60_000);
  await wait(31 * 60_000);
  await wait(31 * 60_000);
  expect(pagerDuty.incidents()).toMatchObject([{ isOpen: false, opened: 1 }]);
});
