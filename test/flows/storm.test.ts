// A storm: 2,000 payouts fail at once, before a PagerDuty that takes 120 requests a minute, as its documentation says.
import { expect, it } from 'vitest';
import { accepted, type Enqueued, fakePagerDuty, refused } from '../support/pagerduty.ts';
import { startService } from '../support/service.ts';
import { stripeEvent } from '../support/stripe.ts';

const failed = 2000;
/** So many requests are under way at a time, more than are told one by one. */
const together = 100;
const documentedLimit = 120;

const wokenBy = (requests: readonly Enqueued[]): readonly string[] => [
  ...new Set(requests.map(({ dedup_key: key }) => key)),
];

it('of 2,000 payouts that fail at once 21 alerts are told, by no more than 30 requests of which none is refused', {
  timeout: 180_000,
}, async () => {
  const pagerDuty = fakePagerDuty();
  const service = await startService({}, { recoveryIntervalMs: 0 });
  const times: number[] = [];
  pagerDuty.answer = (request) => {
    const nowMs = service.clock.now();
    times.push(nowMs);
    return times.filter((atMs) => atMs > nowMs - 60_000).length > documentedLimit ? refused(429) : accepted(request);
  };
  const ids = Array.from({ length: failed }, (_, number) => `evt_${number}`);
  for (let at = 0; at < failed; at += together)
    await Promise.all(ids.slice(at, at + together).map((id) => service.postStripe(stripeEvent(id))));
  const object = { id: 'card_payments', status: 'inactive' };
  await service.postStripe(stripeEvent('evt_other', 'capability.updated', { data: { object } }));
  await service.app.idle();
  for (let minute = 0; minute < 15; minute++) {
    service.clock.advance(60_000);
    await service.app.tick();
  }

  const alerts = await service.alerts('?limit=200');
  expect(alerts).toHaveLength(22);
  expect(alerts.reduce((count, alert) => count + Number(alert.event_count), 0)).toBe(failed + 1);
  expect(wokenBy(pagerDuty.requests)).toHaveLength(22);
  expect(wokenBy(pagerDuty.requests)).toContain('evt_other');
  expect(pagerDuty.requests.length).toBeLessThanOrEqual(30);
  expect(pagerDuty.accepted).toHaveLength(pagerDuty.requests.length);
  // Each alert of one event counts one; the storm's has all others.
  expect(pagerDuty.requests.at(-1)?.payload.summary).toMatch(new RegExp(` more payments, ${failed - 20} in all$`));
});
