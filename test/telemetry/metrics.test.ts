import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { isAway, refuses, startApi } from '../support/api.ts';
import { scrape } from '../support/metrics.ts';
import { component, incident, summary } from '../support/status-page.ts';
import { signed, stripeEvent } from '../support/stripe.ts';

const memory = () => createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });
const trigger = 'destination="pagerduty",action="trigger"';

it('counts signals by what became of them, and events by what they are', async () => {
  const { request, postStripe, clock } = startApi();
  await postStripe(stripeEvent('evt_1'));
  await postStripe(stripeEvent('evt_1'));
  await postStripe(stripeEvent('evt_2', 'invoice.paid'));
  await request('/ingest/stripe', signed(stripeEvent('evt_3'), clock.now() - 301_000));

  const { of } = await scrape(request);
  expect(of('signals_total{source="stripe",outcome="stored"}')).toBe(2);
  expect(of('signals_total{source="stripe",outcome="duplicate"}')).toBe(1);
  expect(of('signals_total{source="stripe",outcome="refused"}')).toBe(1);
  expect(of('events_total{source="stripe",kind="payment",severity="critical"}')).toBe(1);
  expect(of('events_total{source="stripe",kind="payment",severity="info"}')).toBe(1);
  expect(of('stage_duration_seconds_count{stage="normalize"}')).toBe(3);
  expect(of('stage_duration_seconds_count{stage="transact"}')).toBe(3);
  expect(of('stages_in_flight')).toBe(0);
  expect(of('http_request_duration_seconds_count{method="POST",route="/ingest/stripe",status="2xx"}')).toBe(3);
  expect(of('http_request_duration_seconds_count{method="POST",route="/ingest/stripe",status="4xx"}')).toBe(1);
});

it('counts what a signal said, each by the change that it made', async () => {
  const { request, pull } = startApi();
  const listed = (more: object, ...others: readonly object[]) =>
    pull(summary({ incidents: [incident('1', { impact: 'minor', ...more }), ...others] }));
  await listed({}, incident('2'));
  await listed({ name: 'Another name' }, incident('2'));
  await listed({ name: 'An old copy', updated_at: '2026-03-01T10:00:00.000Z' }, incident('2'));
  await pull(summary({}));

  const { of } = await scrape(request);
  const counts = { stored: 2, updated: 1, duplicate: 2, older: 1, resolved: 2 };
  for (const [outcome, count] of Object.entries(counts)) {
    expect(of(`signals_total{source="acme_status",outcome="${outcome}"}`), outcome).toBe(count);
  }
});

it('counts the alerts that open, take in events, open again and end, and those that are open', async () => {
  const { request, pull, post } = startApi();
  await pull(summary({}));
  const down = (...ids: readonly string[]) => summary({ components: ids.map((id) => component(id, 'major_outage')) });
  const well = summary({ components: [component('a', 'operational'), component('b', 'operational')] });
  await pull(down('a', 'b'));
  const open = (severity: string) => `alerts_open{severity="${severity}"}`;
  const during = await scrape(request);
  expect([during.of(open('critical')), during.of(open('warning'))]).toEqual([1, 0]);
  await pull(well);
  await pull(down('a'));
  await post('/events/acme_status:component:a:2026-03-01T11:30:00.000Z/resolve');

  const { of } = await scrape(request);
  const count = (change: string) => of(`alert_changes_total{source="acme_status",change="${change}"}`);
  expect(['opened', 'joined', 'reopened', 'resolved', 'eased'].map(count)).toEqual([1, 1, 1, 2, 0]);
  expect(of(open('critical'))).toBe(0);
});

it('counts a storm once, when it begins', async () => {
  const { request, postStripe } = startApi();
  for (let number = 0; number < 30; number++) await postStripe(stripeEvent(`evt_${number}`));
  const { of } = await scrape(request);
  expect(of('storms_total{source="stripe"}')).toBe(1);
  expect(of('storms_total{source="acme_status"}')).toBe(0);
});

it('tells how each destination stands, and what waits for it', async () => {
  const { request, postStripe, answerWith, clock } = startApi();
  const stands = (condition: string) => `destination_condition{destination="pagerduty",condition="${condition}"}`;
  expect((await scrape(request)).of(stands('unused'))).toBe(1);
  await postStripe(stripeEvent('evt_1'));
  answerWith(() => isAway);
  await postStripe(stripeEvent('evt_2'));
  clock.advance(30_000);
  const { of } = await scrape(request);
  expect([of(stands('failing')), of(stands('ok')), of(stands('paused'))]).toEqual([1, 0, 0]);
  expect(of('destination_deliveries_waiting{destination="pagerduty"}')).toBe(1);
  expect(of('destination_oldest_waiting_age_seconds{destination="pagerduty"}')).toBe(30);
  expect(of('destination_last_success_timestamp_seconds{destination="pagerduty"}')).toBe(clock.now() / 1000 - 30);
  expect(of('rules_last_load_successful')).toBe(1);
});

it('counts deliveries by how they ended, and every attempt', async () => {
  const { request, postStripe, answerWith } = startApi();
  await postStripe(stripeEvent('evt_1'));
  answerWith(() => refuses);
  await postStripe(stripeEvent('evt_2'));
  answerWith(() => isAway);
  await postStripe(stripeEvent('evt_3'));

  const { of } = await scrape(request);
  expect(of(`deliveries_total{${trigger},status="delivered",reason="accepted"}`)).toBe(1);
  expect(of(`deliveries_total{${trigger},status="failed",reason="permanent"}`)).toBe(1);
  expect(of(`deliveries_total{${trigger},status="failed",reason="too_old"}`)).toBe(0);
  expect(of(`delivery_attempts_total{${trigger},outcome="delivered"}`)).toBe(1);
  expect(of(`delivery_attempts_total{${trigger},outcome="permanent"}`)).toBe(1);
  expect(of(`delivery_attempts_total{${trigger},outcome="transient"}`)).toBe(1);
  expect(of(`delivery_attempt_duration_seconds_count{${trigger}}`)).toBe(3);
  expect(of('deliveries_pending')).toBe(1);
});

it('tells how long the oldest delivery has waited, and why it was given up', async () => {
  const { request, postStripe, answerWith, clock, timePasses } = startApi();
  answerWith(() => isAway);
  await postStripe(stripeEvent('evt_1'));
  clock.advance(45_000);
  expect((await scrape(request)).of('oldest_pending_delivery_age_seconds')).toBe(45);

  await timePasses(86_400_000);
  const { of } = await scrape(request);
  expect(of(`deliveries_total{${trigger},status="failed",reason="too_old"}`)).toBe(1);
  expect([of('deliveries_pending'), of('oldest_pending_delivery_age_seconds')]).toEqual([0, 0]);
});

it('counts what was cancelled', async () => {
  const { request, pull, answerWith } = startApi();
  answerWith(() => isAway);
  await pull(summary({ incidents: [incident('1')] }));
  await pull(summary({}));

  const { of } = await scrape(request);
  const superseded = 'status="superseded",reason="superseded"';
  expect(of(`deliveries_total{${trigger},${superseded}}`)).toBe(1);
  expect(of(`deliveries_total{destination="pagerduty",action="resolve",${superseded}}`)).toBe(1);
});

it('tells of each status page what its fetches came to, and how it stands', async () => {
  const { request, pull, clock, failToServe } = startApi();
  const condition = (name: string) => `page_condition{page="acme",condition="${name}"}`;
  expect((await scrape(request)).of(condition('unknown'))).toBe(1);

  await pull(summary({ updatedAt: '2026-03-01T11:00:00Z', components: [component('a', 'operational'), {}] }));
  clock.advance(30_000);
  await pull(summary({ updatedAt: '2026-03-01T10:00:00Z' }));
  await pull(summary({ pageId: 'other' }));
  const before = await scrape(request);
  expect(before.of(condition('failing'))).toBe(1);
  expect(before.of('page_staleness_seconds{page="acme"}')).toBe(30);
  expect(before.of('page_last_good_timestamp_seconds{page="acme"}')).toBe(Date.parse('2026-03-01T12:00:00Z') / 1000);
  expect(before.of('page_last_attempt_timestamp_seconds{page="acme"}')).toBe(clock.now() / 1000);

  clock.advance(900_000);
  failToServe();
  await pull();
  const { of } = await scrape(request);
  for (const outcome of ['good', 'stale', 'wrong_page', 'failed']) {
    expect(of(`page_fetches_total{page="acme",outcome="${outcome}"}`), outcome).toBe(1);
  }
  expect(of('page_items_skipped_total{page="acme"}')).toBe(1);
  expect([of(condition('failing')), of(condition('blind'))]).toEqual([0, 1]);
  expect(of('poll_interval_seconds')).toBe(0);
});

it('tells how a fetch of what was missed ended, and how the rates stand', async () => {
  const metrics = createMetrics(['stripe'], Date.now);
  const { backfill, showRates } = metrics.away;
  backfill.began('stripe');
  backfill.stored('stripe');
  showRates([{ name: 'gone', values: 1, high: 1 }]);
  showRates([{ name: 'declines', values: 3, high: 2 }]);
  const during = await metrics.http.text();
  for (const line of [
    'backfill_running{source="stripe"} 1',
    'backfill_events_total{source="stripe"} 1',
    'rate_values_high{rate="declines"} 2',
    'rate_values{rate="declines"} 3',
  ])
    expect(during).toContain(line);
  expect(during).not.toContain('gone');
  backfill.ended('stripe', 'refused');
  const after = await metrics.http.text();
  expect(after).toContain('backfill_running{source="stripe"} 0');
  expect(after).toContain('backfills_total{source="stripe",outcome="refused"} 1');
});

it('times the commits of a durable store, and tells how many changes shared each', async () => {
  const { store, http } = createMetrics([], Date.now);
  store.committed(3, 20);
  const { of } = await scrape(async () => new Response(await http.text()));
  expect([of('store_commit_duration_seconds_sum'), of('store_commit_changes_sum')]).toEqual([0.02, 3]);
});

it('a rules file that was refused is told, until one is taken', async () => {
  const { http, watch } = createMetrics(['stripe'], Date.now);
  let areRulesLoaded = false;
  watch({
    names: () => ({ pages: [], destinations: [] }),
    store: memory(),
    destinations: async () => [],
    areRulesLoaded: () => areRulesLoaded,
    pages: async () => [],
    pollIntervalSeconds: () => 0,
    stagesInFlight: () => 0,
    signalsWaiting: () => 0,
    deliveriesInMemory: () => 0,
  });
  const told = async () => (await scrape(async () => new Response(await http.text()))).of('rules_last_load_successful');
  expect(await told()).toBe(0);
  areRulesLoaded = true;
  expect(await told()).toBe(1);
});

it('still answers when the store does not, says so, and leaves out what it cannot know', async () => {
  const away = () => Promise.reject(new StoreUnavailable('store_unavailable', 'away'));
  const { request } = startApi({ store: { backlog: away, loadState: away, listEvents: away, listAlerts: away } });
  const { of, series } = await scrape(request);
  expect(of('store_up')).toBe(0);
  expect(of('store_errors_total{operation="backlog",code="store_unavailable"}')).toBe(2);
  expect(of('store_errors_total{operation="loadState",code="store_unavailable"}')).toBe(2);
  for (const name of [
    'deliveries_pending',
    'oldest_pending',
    'page_condition',
    'alerts_open',
    'webhook_last_received',
  ]) {
    expect([...series].filter((each) => each.startsWith(name))).toEqual([]);
  }
});

it('counts what a full store refuses, by its code', async () => {
  const full = () => Promise.reject(new StoreUnavailable('store_full', 'full'));
  const broken = () => Promise.reject(new TypeError('broken'));
  const { request, postStripe } = startApi({ store: { transact: full, readEvent: broken } });
  await postStripe(stripeEvent('evt_1'));
  expect((await request('/events/evt_1')).status).toBe(500);
  const { of } = await scrape(request);
  expect(of('store_errors_total{operation="transact",code="store_full"}')).toBe(1);
  expect(of('store_errors_total{operation="readEvent",code="other"}')).toBe(1);
  expect(of('signals_total{source="stripe",outcome="failed"}')).toBe(1);
});

it('knows after a restart when a vendor was last heard of, and says nothing where it never was', async () => {
  const last = 'webhook_last_received_timestamp_seconds{source="stripe"}';
  const store = memory();
  const first = startApi({ store });
  expect((await scrape(first.request)).of(last)).toBe(undefined);
  await first.postStripe(stripeEvent('evt_1', 'invoice.paid'));
  first.clock.advance(5000);
  expect((await scrape(first.request)).of(last)).toBe(first.clock.now() / 1000 - 5);

  const second = startApi({ store });
  expect((await scrape(second.request)).of(last)).toBe(first.clock.now() / 1000 - 5);
});

it('every scrape knows the delay of the event loop, the first one and those that come at the same time', async () => {
  const { request } = startApi();
  const atOnce = await Promise.all([scrape(request), scrape(request), scrape(request)]);
  for (const { of } of [...atOnce, await scrape(request)]) {
    const leastSeconds = of('nodejs_eventloop_lag_min_seconds');
    expect(leastSeconds).toBeGreaterThan(0);
    expect(leastSeconds).toBeLessThan(60);
  }
});

it('two services in one process count each for itself', async () => {
  const [one, other] = [startApi(), startApi()];
  await one.postStripe(stripeEvent('evt_1'));
  const stored = 'signals_total{source="stripe",outcome="stored"}';
  expect((await scrape(one.request)).of(stored)).toBe(1);
  expect((await scrape(other.request)).of(stored)).toBe(0);
});

it('the number of series stays the same, however odd the requests are', async () => {
  const { request, postStripe, pull } = startApi();
  const hostile = async (from: number, to: number) => {
    for (let at = from; at < to; at++) {
      await request(`/nowhere/${at}`, { method: at % 2 ? 'GET' : `MADE-UP-${at}` });
      await request(`/events/evt_${at}`);
      await postStripe(stripeEvent(`evt_${at}`, `made.up.${at}`));
      await request('/ingest/stripe', signed({}, 0, `whsec_${at}`));
    }
    await pull(
      summary({
        components: Array.from({ length: to * 10 }, (_, at) => component(`c${at}`, `odd_${at}`, { name: `N${at}` })),
        incidents: [incident(`i${to}`, { impact: `impact_${to}` })],
      }),
    );
  };
  // Everything once, so that each series has begun: also what is over, and a scrape.
  await hostile(0, 2);
  await hostile(2, 4);
  await scrape(request);
  const before = await scrape(request);
  await hostile(4, 100);
  const after = await scrape(request);

  const ours = ({ series }: typeof after) => [...series].filter((each) => !/^(process|nodejs)_/.test(each)).sort();
  expect(ours(after)).toEqual(ours(before));
  expect(ours(after).join('\n')).not.toMatch(/made|nowhere|evt_|odd_|impact_/i);
  expect(after.of('signals_total{source="acme_status",outcome="stored"}')).toBeGreaterThan(1000);
});

it('names its metrics as Prometheus asks for', async () => {
  const { request } = startApi();
  const { types } = await scrape(request);
  expect(types.size).toBeGreaterThan(40);
  for (const [name, type] of types) {
    expect(name).toMatch(/^(vendor_signals|process|nodejs)_[a-z0-9_]+$/);
    expect(name.endsWith('_total'), `${name} is a ${type}`).toBe(type === 'counter');
    expect(name).not.toMatch(/_(ms|milliseconds|minutes|percent)$/);
  }
});

it('every metric of our own is in the documentation, with its type', async () => {
  const text = await readFile(new URL('../../docs/observability.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \|/gm)].map(
    ([, name, type]) => `vendor_signals_${name} ${type}`,
  );
  const { request } = startApi();
  const { types } = await scrape(request);
  const ours = [...types].filter(([name]) => name.startsWith('vendor_signals_')).map((each) => each.join(' '));
  expect(rows.toSorted()).toEqual(ours.toSorted());
});

it('keeps no process alive', async () => {
  const module = new URL('../../src/telemetry/metrics.ts', import.meta.url);
  const script = `const { createMetrics } = await import(${JSON.stringify(module.href)});
    console.log((await createMetrics([], Date.now).http.text()).includes('process_cpu_seconds_total'));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout).toBe('true\n');
});
