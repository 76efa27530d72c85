// A vendor's announced maintenance reaches PagerDuty as a change event, and wakes nobody.
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { network } from '../support/network.ts';
import { fakePagerDuty, routingKey } from '../support/pagerduty.ts';
import { rulesOf } from '../support/rules.ts';
import { startService } from '../support/service.ts';
import { fakePage, incident, summary } from '../support/status-page.ts';

const rules = rulesOf(
  `
version: 1
destinations:
  oncall: { type: pagerduty, routing_key: "\${PAGERDUTY_ROUTING_KEY}", maintenance: change_event }
routes: [{ name: nothing, when: {}, send: [] }]
`,
  {
    env: { PAGERDUTY_ROUTING_KEY: routingKey },
    environment: { routeWarning: false, destinations: [], pages: [{ name: 'acme', variable: null }] },
  },
);

it('is told at its beginning and at its end, whatever the routes say', async () => {
  const pagerDuty = fakePagerDuty();
  const changes: string[] = [];
  network.use(
    http.post('https://events.pagerduty.com/v2/change/enqueue', async ({ request }) => {
      const { payload } = JSON.parse(await request.text());
      changes.push(payload.summary);
      return HttpResponse.json({ status: 'success' }, { status: 202 });
    }),
  );
  const page = fakePage();
  const service = await startService({}, { rules, recoveryIntervalMs: 0 });
  const planned = (status: string) =>
    summary({ maintenances: [incident('m', { name: 'Moving house', status, impact: 'maintenance' })] });
  for (const served of [planned('scheduled'), planned('in_progress'), planned('in_progress'), summary({})]) {
    page.serve(served);
    await service.pull();
    service.clock.advance(60_000);
    await service.app.idle();
  }
  expect(changes).toHaveLength(2);
  expect(changes[0]).toContain('Maintenance began: Moving house');
  expect(changes[1]).toContain('Maintenance ended: Moving house');
  expect(pagerDuty.accepted).toEqual([]);
});
