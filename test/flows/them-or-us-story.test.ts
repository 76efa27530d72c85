// Plays the story of fixtures/stories/them_or_us.json through the whole service, and compares what people are told.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { fakePagerDuty, routingKey } from '../support/pagerduty.ts';
import { rulesOf } from '../support/rules.ts';
import { type Service, startService } from '../support/service.ts';
import { component, fakePage, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

const storySchema = z.object({
  steps: z.array(
    z.object({
      at: z.iso.datetime(),
      payments: z.object({ succeeded: z.int(), failed: z.int() }).optional(),
      incident: z.record(z.string(), z.unknown()).nullable().optional(),
    }),
  ),
  told: z.array(z.string()),
});

const story = storySchema.parse(
  JSON.parse(readFileSync(new URL('../../fixtures/stories/them_or_us.json', import.meta.url), 'utf8')),
);

const rules = rulesOf(
  `
version: 1
status_pages: { acmepay: { url: https://status.acmepay.test, payments: true } }
destinations: { oncall: { type: pagerduty, routing_key: "\${PAGERDUTY_ROUTING_KEY}" } }
rates:
  - { name: declines, over: 15m, above: 20%, at_least: 50, by: currency, is: critical }
routes:
  - { name: critical wakes somebody, when: { severity: critical }, send: [oncall] }
`,
  { env: { PAGERDUTY_ROUTING_KEY: routingKey }, environment: { routeWarning: false, destinations: [], pages: [] } },
);

let number = 0;
const pay = async (service: Service, type: string, times: number): Promise<void> => {
  for (let n = 0; n < times; n++) {
    number += 1;
    const object = { id: `pi_${number}`, object: 'payment_intent', amount: 2000, currency: 'eur' };
    const created = Math.floor(service.clock.now() / 1000);
    await service.postStripe(stripeEvent(`evt_${number}`, type, { created, data: { object } }));
  }
};

it('one notification says both, and its end is told when both are over', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage('https://status.acmepay.test/api/v2/summary.json');
  const service = await startService({ STATUS_PAGES: '' }, { rules, recoveryIntervalMs: 0 });
  const components = [component('card', 'operational')];
  const told: string[] = [];
  page.serve(summary({ pageId: 'acmepay', components }));

  for (const { at, payments, incident } of story.steps) {
    service.clock.set(at);
    if (incident !== undefined)
      page.serve(summary({ pageId: 'acmepay', components, incidents: incident ? [incident] : [] }));
    await service.pull();
    await pay(service, 'payment_intent.succeeded', payments?.succeeded ?? 0);
    await pay(service, 'payment_intent.payment_failed', payments?.failed ?? 0);
    await service.app.tick();
    for (const { event_action: action, dedup_key: key, payload } of pagerDuty.requests.splice(0))
      told.push(`${at.slice(11, 16)} ${action} ${key}: ${String(payload.summary)}`);
  }

  expect(told).toHaveLength(story.told.length);
  for (const [n, expected] of story.told.entries()) expect(told[n]).toContain(expected);
});
